"""`python -m services.status.grant`: who may change what."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.status.grant import main
from services.status.history import History
from tests.unit.status.story import Story

Grant = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def email(history: History) -> str:
    """The address of somebody who has said something."""
    task = Story()
    history.hear(task.uploaded())
    return task.email


@pytest.fixture
def run(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Grant:
    """Runs the command for programs and gives what it prints."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)

    def grant(*arguments: str) -> list[dict[str, Any]]:
        assert main([*arguments, "--json"]) == 0
        answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return answer

    return grant


def test_the_first_repository_is_the_default(run: Grant, email: str) -> None:
    run(email, "sayso/first")
    assert [(one["repo"], one["branch"], one["is_default"]) for one in run(email, "sayso/two")] == [
        ("git@github.com:sayso/first.git", "main", True),
        ("git@github.com:sayso/two.git", "main", False),
    ]


def test_a_repeat_changes_nothing(run: Grant, email: str) -> None:
    asked = (email, "sayso/wordcount", "--branch", "dev", "--max-usd", "0.05")
    assert run(*asked) == run(*asked) == run(email, "sayso/wordcount") == run(email, "--list")


def test_what_is_mentioned_changes_and_the_rest_stays(run: Grant, email: str) -> None:
    run(email, "sayso/wordcount", "--style", "PEP8", "--auto-merge-loc-limit", "50")
    [given] = run(
        email,
        "sayso/wordcount",
        *("--auto-merge-loc-limit", "20", "--blocked-path", "infra/", "--blocked-path", "ci/"),
    )
    assert given == {
        "repo": "git@github.com:sayso/wordcount.git",
        "branch": "main",
        "is_default": True,
        "style_guide": "PEP8",
        "auto_merge_loc_limit": 20,
        "blocked_paths": ["infra/", "ci/"],
        "max_usd": None,
    }


def test_there_is_one_default_at_most(run: Grant, email: str) -> None:
    run(email, "sayso/first")
    given = run(email, "sayso/two", "--default")
    assert [(one["repo"][-8:], one["is_default"]) for one in given] == [
        ("/two.git", True),
        ("irst.git", False),
    ]
    assert not any(one["is_default"] for one in run(email, "sayso/two", "--no-default"))


def test_what_was_given_can_be_taken_away(run: Grant, email: str) -> None:
    run(email, "sayso/wordcount")
    assert run(email, "sayso/wordcount", "--revoke") == []


@pytest.mark.parametrize(
    "written",
    [
        "sayso/word.count",
        "https://github.com/sayso/word.count",
        "https://github.com/sayso/word.count.git",
        "git@github.com:sayso/word.count.git",
    ],
)
def test_a_repository_is_understood_however_it_is_written(
    run: Grant, email: str, written: str
) -> None:
    [given] = run(email, written)
    assert given["repo"] == "git@github.com:sayso/word.count.git"


def test_somebody_who_never_spoke_is_named_by_their_id(run: Grant, history: History) -> None:
    task = Story()
    [given] = run(task.email, "sayso/wordcount", "--user-id", str(task.user_id))
    history.hear(task.uploaded())
    assert run(task.email, "--list") == [given]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["nobody@example.com", "sayso/wordcount"], "--user-id"),
        (["{email}", "sayso/wordcount", "--revoke"], "--list"),
    ],
)
def test_a_refusal_says_what_to_do(
    run: Grant,
    email: str,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    advice: str,
) -> None:
    assert main([argument.format(email=email) for argument in arguments]) == 1
    assert advice in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["a@example.com"], ["a@example.com", "wordcount"], ["a@example.com", "a/b/c"]]
)
def test_what_makes_no_sense_is_refused(run: Grant, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_without_a_database_it_says_which_setting_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_URL", "DATABASE_URL_SECRET_ARN"):
        monkeypatch.delenv(name, raising=False)
    assert main(["a@example.com", "--list"]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    assert main(["a@example.com", "--list"]) == 1
    assert "does not answer" in capsys.readouterr().err
