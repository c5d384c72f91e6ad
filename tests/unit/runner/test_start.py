"""A runner asks a model, or says that it does not; it never does so by accident."""

from pathlib import Path
from typing import NoReturn

import pytest

from runner.lanes import NoModel, choose_lanes
from runner.settings import RunnerSettings

PATCHES = Path(__file__).parents[2] / "mocks/patches"


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> RunnerSettings:
    """What a runner reads from an environment."""
    needed = ("SQS_URL", "RUNNER_CONTROL_QUEUE_URL", "RUNNER_EVENTS_TOPIC_ARN", "MEDIA_BUCKET")
    given = dict.fromkeys((*needed, "JOB_CONTROL_TABLE"), "x") | environment
    for name in ("MVP_MOCK", "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY_SECRET_ARN", "AGENTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return RunnerSettings()


class NoBox:
    """A sandbox that nothing is started in."""

    name = "none"
    python = claude = "/nowhere"

    def run(self, *_: object) -> NoReturn:
        raise AssertionError("nothing is run to choose an agent")

    start = run


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"MVP_MOCK": "1"}, ["canned"]),
        ({"MVP_MOCK": "1", "ANTHROPIC_API_KEY": "hush"}, ["canned"]),
        ({"ANTHROPIC_API_KEY": "hush"}, ["quick_edit", "quick_edit", "claude_code"]),
        (
            {"MVP_MOCK": "0", "ANTHROPIC_API_KEY": "hush", "AGENTS": "quick_edit"},
            ["quick_edit", "quick_edit"],
        ),
        ({"ANTHROPIC_API_KEY": "hush", "AGENTS": "claude_code"}, ["claude_code"]),
        (
            {"ANTHROPIC_API_KEY": "hush", "AGENTS": "quick_edit, claude_code"},
            ["quick_edit", "quick_edit", "claude_code"],
        ),
    ],
)
def test_mock_mode_or_a_key_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], names: list[str]
) -> None:
    chosen = settings(monkeypatch, CANNED_PATCHES=str(PATCHES), **environment)
    assert [agent.name for agent in choose_lanes(chosen, NoBox()).agents] == names
    assert "hush" not in repr(chosen)


@pytest.mark.parametrize("environment", [{}, {"ANTHROPIC_API_KEY": ""}, {"MVP_MOCK": "0"}])
def test_without_either_it_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    with pytest.raises(NoModel, match=r"give ANTHROPIC_API_KEY, or set MVP_MOCK=1"):
        choose_lanes(settings(monkeypatch, **environment), NoBox())


@pytest.mark.parametrize("agents", ["codex", "claude_code,quick_edit"])
def test_an_agent_that_is_not_there_is_not_started(
    monkeypatch: pytest.MonkeyPatch, agents: str
) -> None:
    chosen = settings(monkeypatch, ANTHROPIC_API_KEY="sk", AGENTS=agents)
    with pytest.raises(NoModel, match="give quick_edit, claude_code, or both"):
        choose_lanes(chosen, NoBox())
