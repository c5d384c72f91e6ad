"""A runner asks a model, or says that it does not; it never does so by accident."""

from pathlib import Path

import pytest

from runner.assemble import NoModel, choose_agents
from runner.settings import RunnerSettings

PATCHES = Path(__file__).parents[2] / "mocks/patches"


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> RunnerSettings:
    """What a runner reads from an environment."""
    needed = ("SQS_URL", "RUNNER_CONTROL_QUEUE_URL", "RUNNER_EVENTS_TOPIC_ARN", "MEDIA_BUCKET")
    given = dict.fromkeys((*needed, "JOB_CONTROL_TABLE"), "x") | environment
    for name in ("MVP_MOCK", "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY_SECRET_ARN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return RunnerSettings()


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"MVP_MOCK": "1"}, "canned"),
        ({"MVP_MOCK": "1", "ANTHROPIC_API_KEY": "sk"}, "canned"),
        ({"ANTHROPIC_API_KEY": "sk"}, "quick_edit"),
        ({"MVP_MOCK": "0", "ANTHROPIC_API_KEY": "sk", "ANTHROPIC_BASE_URL": ""}, "quick_edit"),
    ],
)
def test_mock_mode_or_a_key_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str
) -> None:
    chosen = settings(monkeypatch, CANNED_PATCHES=str(PATCHES), **environment)
    assert {agent.name for agent in choose_agents(chosen)} == {name}
    assert "sk" not in repr(chosen)


@pytest.mark.parametrize("environment", [{}, {"ANTHROPIC_API_KEY": ""}, {"MVP_MOCK": "0"}])
def test_without_either_it_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    with pytest.raises(NoModel, match=r"give ANTHROPIC_API_KEY, or set MVP_MOCK=1"):
        choose_agents(settings(monkeypatch, **environment))
