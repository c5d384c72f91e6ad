"""A person's word on one commit, taken once: POST /webhook/approve and /webhook/reject."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.status.control import JobControl
from services.status.history import History
from tests.integration.status.client import Ask, api_of, decision, seen
from tests.unit.status.story import BASE, NEXT, PULL, REPO, TESTED, WORDS, Story

SOME = "00000000-0000-4000-8000-000000000000"
Said = Callable[[], list[Any]]


def test_an_approval_is_said_with_all_that_a_runner_needs(
    ask: Ask, asked: Story, said: Said
) -> None:
    said()
    status, body, _ = ask("POST /webhook/approve", asked.user_id, decision(asked))
    assert (status, body) == (202, {"job_id": str(asked.job_id), "status": "pr_opened"})
    [event] = said()
    assert event.type == "task.approved"
    assert event.user_id == asked.user_id
    assert event.data.model_dump() == {
        "commit_sha": TESTED,
        "repo": REPO,
        "branch": "main",
        "base_sha": BASE,
        "pr_url": PULL,
        "text": WORDS,
        "override": False,
    }
    task = seen(ask, asked)
    assert (task["phase"], task["needs_approval"]) == ("approved", False)
    assert task["timeline"][-1]["type"] == "task.approved"


def test_however_often_and_at_once_it_is_approved_once(
    another_history: Callable[[], History], control: JobControl, asked: Story, said: Said
) -> None:
    said()
    phones = [api_of(another_history(), control) for _ in range(4)]
    start = threading.Barrier(len(phones))

    def press(ask: Ask) -> int:
        start.wait()
        return ask("POST /webhook/approve", asked.user_id, decision(asked))[0]

    with ThreadPoolExecutor(len(phones)) as thumbs:
        assert set(thumbs.map(press, phones)) == {202}
    assert [event.type for event in said()] == ["task.approved"]


def test_a_repeat_after_the_merge_tells_that_it_is_merged(
    history: History, ask: Ask, asked: Story, said: Said
) -> None:
    ask("POST /webhook/approve", asked.user_id, decision(asked))
    asked.now = datetime.now(UTC)
    history.hear(asked.status("ok", "merge"))
    said()
    status, body, _ = ask("POST /webhook/approve", asked.user_id, decision(asked))
    assert (status, body["status"]) == (202, "ok")
    assert said() == []


def test_a_lost_approval_can_be_given_again(
    history: History, ask: Ask, asked: Story, said: Said
) -> None:
    said()
    ask("POST /webhook/approve", asked.user_id, decision(asked))
    [lost] = said()
    history.hear_dead_letter(lost)
    assert seen(ask, asked)["needs_approval"] is True
    assert ask("POST /webhook/approve", asked.user_id, decision(asked))[0] == 202
    assert [event.id for event in said()] == [lost.id]


def test_a_rejection_is_said_once_and_excludes_an_approval(
    ask: Ask, asked: Story, said: Said
) -> None:
    said()
    for _ in range(2):
        status, body, _ = ask("POST /webhook/reject", asked.user_id, decision(asked))
        assert (status, body["status"]) == (202, "pr_opened")
    assert [event.type for event in said()] == ["task.rejected"]
    status, problem, _ = ask("POST /webhook/approve", asked.user_id, decision(asked))
    assert (status, problem["type"].rsplit("/")[-1]) == (409, "not-pending-approval")


@pytest.mark.parametrize("route", ["POST /webhook/approve", "POST /webhook/reject"])
def test_another_commit_than_the_tested_one_is_stale(
    ask: Ask, asked: Story, said: Said, route: str
) -> None:
    said()
    status, problem, _ = ask(route, asked.user_id, decision(asked, NEXT))
    assert (status, problem["type"].rsplit("/")[-1]) == (409, "stale-commit")
    assert said() == []


@pytest.mark.parametrize("route", ["POST /webhook/approve", "POST /webhook/reject"])
def test_what_does_not_wait_cannot_be_decided(history: History, ask: Ask, route: str) -> None:
    task = Story()
    history.hear(task.uploaded())
    for event in (task.transcribed(), task.status("auto_merged")):
        status, problem, _ = ask(route, task.user_id, decision(task))
        assert (status, problem["type"].rsplit("/")[-1]) == (409, "not-pending-approval")
        history.hear(event)
    assert ask(route, task.user_id, decision(task))[0] == 409


@pytest.mark.parametrize("failing", ["lint_passed", "tests_passed"])
def test_an_unproven_commit_takes_insistence(
    history: History, ask: Ask, said: Said, failing: str
) -> None:
    task = Story()
    for event in (
        task.uploaded(),
        task.transcribed(),
        task.status("pr_opened", **{failing: False}),
    ):
        history.hear(event)
    said()
    status, problem, _ = ask("POST /webhook/approve", task.user_id, decision(task))
    assert (status, problem["type"].rsplit("/")[-1]) == (409, "not_proven")
    assert said() == []
    insisted = decision(task, override=True)
    assert ask("POST /webhook/approve", task.user_id, insisted)[0] == 202
    [event] = said()
    assert event.data.override is True


@pytest.mark.parametrize("route", ["POST /webhook/approve", "POST /webhook/reject"])
def test_whose_task_it_is(ask: Ask, asked: Story, said: Said, route: str) -> None:
    said()
    assert ask(route, uuid4(), decision(asked))[0] == 403
    assert ask(route, asked.user_id, decision(Story()))[0] == 404
    assert ask(route, None, decision(asked))[0] == 401
    assert said() == []


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '{"job_id": 1}', {"job_id": SOME}]
    + [{"job_id": SOME, "commit_sha": sha} for sha in ("", "1" * 39, "G" * 40)],
)
def test_a_decision_that_makes_no_sense(ask: Ask, body: Any) -> None:
    assert ask("POST /webhook/approve", uuid4(), body)[0] == 400
