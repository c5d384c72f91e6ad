"""What is not merged can be cancelled, what is merged undone, over HTTP."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.status.control import JobControl
from services.status.history import History
from tests.integration.status.client import Ask, Reply, api_of, decision, seen
from tests.unit.status.story import BASE, PULL, REPO, TESTED, WORDS, Story

Said = Callable[[], list[Any]]


def cancel(ask: Ask, task: Story, user: UUID | None = None) -> Reply:
    path = {"job_id": str(task.job_id)}
    return ask("POST /tasks/{job_id}/cancel", user or task.user_id, path=path)


def undo(ask: Ask, task: Story, user: UUID | None = None) -> Reply:
    path = {"job_id": str(task.job_id)}
    return ask("POST /tasks/{job_id}/undo", user or task.user_id, path=path)


def problem(reply: Reply) -> tuple[int, str]:
    status, body, headers = reply
    assert headers["Content-Type"] == "application/problem+json"
    return status, body["type"].rsplit("/")[-1]


def put_state(control: JobControl, task: Story, state: str) -> None:
    """What a runner writes into the table."""
    item = {"job_id": {"S": str(task.job_id)}, "state": {"S": state}, "run": {"S": str(uuid4())}}
    control.dynamodb.put_item(TableName=control.table, Item=item)


def state_of(control: JobControl, task: Story) -> str | None:
    key = {"job_id": {"S": str(task.job_id)}}
    item = control.dynamodb.get_item(TableName=control.table, Key=key).get("Item")
    return item["state"]["S"] if item else None


@pytest.fixture
def pending(history: History) -> Story:
    """A task that is being worked on."""
    task = Story()
    for event in (task.uploaded(), task.transcribed(), task.dispatched(), task.progressed("test")):
        history.hear(event)
    return task


@pytest.fixture
def merged(history: History) -> Story:
    task = Story()
    for event in (task.uploaded(), task.transcribed(), task.status("auto_merged")):
        history.hear(event)
    return task


@pytest.mark.parametrize("state", [None, "open"])
def test_a_cancelled_task_has_failed_at_once(
    ask: Ask, control: JobControl, pending: Story, said: Said, state: str | None
) -> None:
    if state:
        put_state(control, pending, state)
    status, body, _ = cancel(ask, pending)
    assert (status, body) == (202, {"job_id": str(pending.job_id), "status": "fail"})
    assert state_of(control, pending) == "cancelled"
    task = seen(ask, pending)
    assert (task["status"], task["reason"], task["phase"]) == ("fail", "cancelled", None)
    assert task["timeline"][-1]["text"] == "Cancelled by you"
    [settled] = said()
    assert (settled.type, settled.data.status, settled.data.reason) == (
        "task.settled",
        "fail",
        "cancelled",
    )


def test_before_anybody_knows_the_words_it_can_be_cancelled(history: History, ask: Ask) -> None:
    task = Story()
    history.hear(task.uploaded())
    assert cancel(ask, task)[0] == 202
    history.hear(task.transcribed())
    history.hear(task.dispatched())
    assert seen(ask, task)["reason"] == "cancelled"


def test_cancelling_again_changes_nothing(ask: Ask, pending: Story, said: Said) -> None:
    first = cancel(ask, pending)
    said()
    version = seen(ask, pending)["version"]
    assert cancel(ask, pending)[:2] == first[:2]
    assert seen(ask, pending)["version"] == version
    assert said() == []


@pytest.mark.parametrize("state", ["delivering", "delivered"])
def test_what_is_being_delivered_cannot_be_cancelled(
    ask: Ask, control: JobControl, pending: Story, said: Said, state: str
) -> None:
    put_state(control, pending, state)
    assert problem(cancel(ask, pending)) == (409, "too_late")
    assert state_of(control, pending) == state
    assert seen(ask, pending)["status"] == "pending"
    assert said() == []


@pytest.mark.parametrize("outcome", ["auto_merged", "ok", "fail"])
def test_what_has_ended_cannot_be_cancelled(
    history: History, ask: Ask, control: JobControl, pending: Story, outcome: str
) -> None:
    history.hear(pending.status(outcome, reason="too_hard"))
    assert problem(cancel(ask, pending)) == (409, "too_late")
    assert state_of(control, pending) is None
    assert seen(ask, pending)["status"] == outcome


def test_a_task_that_waits_for_approval_is_closed_like_a_rejected_one(
    ask: Ask, control: JobControl, asked: Story, said: Said
) -> None:
    put_state(control, asked, "open")
    said()
    assert cancel(ask, asked)[0] == 202
    task = seen(ask, asked)
    assert (task["status"], task["reason"], task["pr_url"]) == ("fail", "cancelled", PULL)
    assert task["needs_approval"] is False
    rejected = next(event for event in said() if event.type == "task.rejected")
    assert rejected.data.model_dump() == {
        "commit_sha": TESTED,
        "repo": REPO,
        "branch": "main",
        "base_sha": BASE,
        "pr_url": PULL,
        "text": WORDS,
    }
    answer = ask("POST /webhook/approve", asked.user_id, decision(asked))
    assert problem(answer) == (409, "not-pending-approval")


def test_a_pull_request_that_becomes_known_too_late_is_closed_too(
    history: History, ask: Ask, pending: Story, said: Said
) -> None:
    cancel(ask, pending)
    said()
    history.hear(pending.status("pr_opened"))
    assert [event.type for event in said()] == ["task.rejected"]
    history.hear(pending.status("fail", "close", reason="rejected"))
    assert said() == []
    assert seen(ask, pending)["reason"] == "cancelled"


def test_a_rejection_that_died_is_said_again_by_the_cancellation(
    history: History, ask: Ask, asked: Story, said: Said
) -> None:
    ask("POST /webhook/reject", asked.user_id, decision(asked))
    [lost] = [event for event in said() if event.type == "task.rejected"]
    history.hear_dead_letter(lost)
    said()
    cancel(ask, asked)
    assert [event.id for event in said() if event.type == "task.rejected"] == [lost.id]


def test_after_its_approval_the_table_decides(
    ask: Ask, control: JobControl, asked: Story, said: Said
) -> None:
    ask("POST /webhook/approve", asked.user_id, decision(asked))
    put_state(control, asked, "delivering")
    assert problem(cancel(ask, asked)) == (409, "too_late")
    put_state(control, asked, "open")
    assert cancel(ask, asked)[0] == 202
    assert "task.rejected" in [event.type for event in said()]


def test_a_crash_after_the_table_heals_by_a_repeat(
    ask: Ask, control: JobControl, pending: Story
) -> None:
    control.cancel(pending.job_id)
    assert seen(ask, pending)["status"] == "pending"
    assert cancel(ask, pending)[0] == 202
    assert seen(ask, pending)["reason"] == "cancelled"


def test_a_crash_after_the_table_heals_by_the_runners_word(
    history: History, ask: Ask, control: JobControl, asked: Story, said: Said
) -> None:
    ask("POST /webhook/approve", asked.user_id, decision(asked))
    control.cancel(asked.job_id)
    said()
    history.hear(asked.status("fail", "merge", reason="cancelled", commit_sha=None))
    assert seen(ask, asked)["reason"] == "cancelled"
    assert "task.rejected" in [event.type for event in said()]
    assert cancel(ask, asked)[0] == 202


def test_without_the_table_nothing_is_written(
    history: History, control: JobControl, pending: Story
) -> None:
    ask = api_of(history, replace(control, table="gone"))
    assert cancel(ask, pending)[0] == 500
    assert seen(ask, pending)["status"] == "pending"


@pytest.mark.parametrize(
    "end", [("auto_merged", "change"), ("ok", "merge"), ("auto_merged", "inspect")]
)
def test_undoing_begins_a_task_that_is_seen_at_once(
    history: History, ask: Ask, pending: Story, said: Said, end: tuple[str, str]
) -> None:
    history.hear(pending.status(*end))
    said()
    status, body, _ = undo(ask, pending)
    assert status == 202
    [event] = said()
    assert event.type == "task.undo_requested"
    assert (str(event.job_id), event.user_id) == (body["job_id"], pending.user_id)
    assert event.data.model_dump() == {
        "undoes": pending.job_id,
        "commit_sha": TESTED,
        "repo": REPO,
        "branch": "main",
        "text": f"Undo: {WORDS}",
        "email": pending.email,
    }
    task = seen(ask, replace(pending, job_id=event.job_id))
    assert (task["status"], task["phase"], task["transcript"]) == (
        "pending",
        "understood",
        f"Undo: {WORDS}",
    )
    assert (task["repo"], task["branch"], task["undoes"]) == (REPO, "main", str(pending.job_id))


def test_undoing_again_is_the_same_task(ask: Ask, merged: Story, said: Said) -> None:
    first = undo(ask, merged)
    said()
    assert undo(ask, merged)[:2] == first[:2]
    assert said() == []


def test_however_many_at_once_it_is_undone_once(
    another_history: Callable[[], History], control: JobControl, merged: Story, said: Said
) -> None:
    said()
    phones = [api_of(another_history(), control) for _ in range(4)]
    start = threading.Barrier(len(phones))

    def press(ask: Ask) -> str:
        start.wait()
        return str(undo(ask, merged)[1]["job_id"])

    with ThreadPoolExecutor(len(phones)) as thumbs:
        assert len(set(thumbs.map(press, phones))) == 1
    assert [event.type for event in said()] == ["task.undo_requested"]


@pytest.mark.parametrize(
    ("outcome", "is_another"),
    [("auto_merged", False), ("ok", False), ("pr_opened", False), ("fail", True)],
)
def test_only_after_a_failure_it_is_tried_anew(
    history: History, ask: Ask, merged: Story, outcome: str, is_another: bool
) -> None:
    first = undo(ask, merged)[1]["job_id"]
    taking_back = replace(merged, job_id=UUID(first))
    history.hear(taking_back.status(outcome, "revert"))
    assert (undo(ask, merged)[1]["job_id"] != first) is is_another


def test_what_was_put_back_can_be_undone_again(history: History, ask: Ask, merged: Story) -> None:
    first = replace(merged, job_id=UUID(undo(ask, merged)[1]["job_id"]))
    history.hear(first.status("auto_merged", "revert"))
    redo = replace(first, job_id=UUID(undo(ask, first)[1]["job_id"]))
    assert undo(ask, merged)[1]["job_id"] == str(first.job_id)
    history.hear(redo.status("auto_merged", "revert"))
    assert undo(ask, merged)[1]["job_id"] not in (str(first.job_id), str(redo.job_id))


def test_what_was_said_to_be_undone_is_not_undone_again(
    history: History, ask: Ask, merged: Story, said: Said
) -> None:
    spoken = Story(user_id=merged.user_id)
    for event in (
        spoken.uploaded(),
        spoken.transcribed("Undo that."),
        spoken.dispatched("revert", undoes=merged.job_id),
    ):
        history.hear(event)
    said()
    assert undo(ask, merged)[1] == {"job_id": str(spoken.job_id)}
    assert said() == []


@pytest.mark.parametrize("case", ["pending", "asked", "failed", "needless", "cancelled"])
def test_what_is_not_merged_cannot_be_undone(
    history: History, ask: Ask, pending: Story, said: Said, case: str
) -> None:
    outcome = {
        "asked": pending.status("pr_opened"),
        "failed": pending.status("fail"),
        "needless": pending.status("ok", reason="nothing_to_do", commit_sha=None),
        "cancelled": pending.cancelled(),
    }.get(case)
    if outcome:
        history.hear(outcome)
    said()
    assert problem(undo(ask, pending)) == (409, "not_merged")
    assert said() == []


@pytest.mark.parametrize("act", [cancel, undo])
def test_whose_task_it_is(
    ask: Ask, control: JobControl, merged: Story, said: Said, act: Callable[..., Reply]
) -> None:
    said()
    assert act(ask, merged, uuid4())[0] == 403
    assert act(ask, Story())[0] == 404
    assert act(ask, replace(merged, job_id="no-task"))[0] == 404
    route = f"POST /tasks/{{job_id}}/{act.__name__}"
    assert ask(route, None, path={"job_id": str(merged.job_id)})[0] == 401
    assert said() == []
    assert state_of(control, merged) is None
