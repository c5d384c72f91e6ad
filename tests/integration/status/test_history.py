"""From events to rows, versions and news, on a real Postgres."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.database import Database
from contracts.job_token import job_token
from contracts.models import TaskSettled
from services.status.fold import fold
from services.status.history import History, lock, settled, store
from tests.unit.status.story import KEY, NEXT, TESTED, WORDS, Story

Said = Callable[[], list[Any]]


def row(database: Database, job_id: UUID) -> dict[str, Any]:
    with database.transaction() as connection:
        found = connection.execute("select * from task_events where id = %s", [job_id]).fetchone()
    assert found
    return found


def count(database: Database, query: str, *values: Any) -> int:
    with database.transaction() as connection:
        found = connection.execute(f"select count(*) as n from {query}", values).fetchone()  # noqa: S608
    assert found
    return int(found["n"])


def stored(database: Database, task: Story) -> int:
    return count(database, "private.inbox where job_id = %s", task.job_id)


def hear(history: History, *events: Any) -> None:
    for event in events:
        history.hear(event)


def test_a_request_is_followed_to_its_merge_and_told_once(
    history: History, database: Database, said: Said
) -> None:
    task = Story()
    hear(history, task.uploaded(), task.transcribed(), task.dispatched(), task.progressed("lint"))
    before = row(database, task.job_id)
    assert (before["status"], before["phase"], before["version"]) == ("pending", "lint", 4)
    assert said() == []

    hear(history, task.status("auto_merged", summary="feat: add --stdin", tests_added=3))

    after = row(database, task.job_id)
    assert (after["status"], after["phase"], after["version"]) == ("auto_merged", None, 5)
    assert after["updated_at"] > before["updated_at"]
    assert after["duration_ms"] == 4000
    assert after["files_touched"] == ["cli.py"]
    [news] = said()
    assert isinstance(news, TaskSettled)
    assert news.user_id == task.user_id
    assert news.data.version == 5
    assert (news.data.status, news.data.needs_approval) == ("auto_merged", False)
    assert (news.data.subject, news.data.tests_added) == ("feat: add --stdin", 3)


def test_repeats_change_nothing(history: History, database: Database, said: Said) -> None:
    task = Story()
    events = [*task.asked(), task.approved(), task.status("ok", "merge")]
    hear(history, *events)
    before = row(database, task.job_id)
    assert [news.data.status for news in said()] == ["pr_opened", "ok"]

    hear(history, *events, *reversed(events))

    assert row(database, task.job_id) == before
    assert said() == []
    assert stored(database, task) == len(events)


@pytest.mark.parametrize("seed", range(5))
def test_any_order_ends_in_the_same_row(history: History, database: Database, seed: int) -> None:
    task = Story()
    events = [*task.asked(), task.approved(), task.status("ok", "merge")]
    random.Random(seed).shuffle(events)  # noqa: S311
    hear(history, *events)
    after = row(database, task.job_id)
    assert (after["status"], after["duration_ms"], after["user_id"]) == ("ok", 6000, task.user_id)


def test_what_comes_before_the_user_is_known_waits_for_them(
    history: History, database: Database, said: Said
) -> None:
    task = Story()
    uploaded = task.uploaded()
    hear(history, task.dispatched(), task.status("auto_merged"))
    waiting = row(database, task.job_id)
    assert (waiting["user_id"], waiting["version"], said()) == (None, 0, [])

    hear(history, uploaded)

    known = row(database, task.job_id)
    assert (known["user_id"], known["version"]) == (task.user_id, 1)
    assert known["status"] == "auto_merged"
    assert len(said()) == 1


def test_many_at_once_end_in_one_right_row(
    another_history: Callable[[], History], database: Database, said: Said
) -> None:
    task = Story()
    events = [*task.asked(), task.approved(), task.status("ok", "merge")] * 3
    random.Random(7).shuffle(events)  # noqa: S311
    histories = [another_history() for _ in range(4)]
    start = threading.Barrier(len(histories))

    def work(number: int) -> None:
        start.wait()
        hear(histories[number], *events[number :: len(histories)])

    with ThreadPoolExecutor(len(histories)) as workers:
        list(workers.map(work, range(len(histories))))

    after = row(database, task.job_id)
    assert after["status"] == "ok"
    assert stored(database, task) == 7
    versions = [news.data.version for news in said()]
    assert len(set(versions)) == len(versions)
    assert max(versions) <= after["version"] <= 7


def test_two_at_once_know_of_each_other(
    another_history: Callable[[], History], database: Database
) -> None:
    task = Story()
    late = another_history()
    hear(late, task.uploaded())
    with ThreadPoolExecutor(1) as other:
        with database.transaction() as connection:
            lock(connection, task.job_id)
            merged = other.submit(late.hear, task.status("auto_merged"))
            wait_for_a_lock(another_history().database)
            store(connection, task.transcribed())
        merged.result(timeout=10)
    after = row(database, task.job_id)
    assert (after["transcript"], after["status"], after["version"]) == (WORDS, "auto_merged", 3)


def wait_for_a_lock(database: Database, seconds: float = 10) -> None:
    """Come back once another session waits for a row."""
    deadline = time.monotonic() + seconds
    while not count(database, "pg_stat_activity where wait_event_type = 'Lock'"):
        assert time.monotonic() < deadline, "nobody waits"


def test_a_new_outcome_is_told_and_a_late_cost_is_not(
    history: History, database: Database, said: Said
) -> None:
    task = Story()
    hear(history, *task.asked(), task.approved())
    hear(history, task.status("pr_opened", "merge", commit_sha=NEXT, reason="base_moved"))
    assert [(news.data.commit_sha, news.data.needs_approval) for news in said()] == [
        (TESTED, True),
        (NEXT, True),
    ]
    hear(history, task.approved(NEXT), task.status("ok", "merge", "again", commit_sha=NEXT))
    assert [news.data.status for news in said()] == ["ok"]
    version = row(database, task.job_id)["version"]
    hear(history, task.status("fail", "revert", tok_in=5))
    assert row(database, task.job_id)["version"] == version + 1
    assert said() == []


def test_what_a_test_printed_can_be_stored(history: History, database: Database) -> None:
    task = Story()
    hear(history, task.uploaded(), task.status("pr_opened", notes="tests fail:\n\0\\u0000"))
    assert row(database, task.job_id)["notes"] == "tests fail:\n\ufffd\\u0000"


def test_an_answer_may_take_its_time(history: History, database: Database) -> None:
    task = Story()
    hear(history, *task.asked())
    task.now += timedelta(days=30)
    hear(history, task.approved(), task.status("ok", "merge"))
    after = row(database, task.job_id)
    assert (after["status"], after["duration_ms"]) == ("ok", 2**31 - 1)


class TestForgery:
    """What can't be true is dropped, so that it fills no queue, and leaves no trace."""

    def test_a_status_without_the_token_of_its_run(
        self, history: History, database: Database, said: Said
    ) -> None:
        task = Story()
        hear(history, task.uploaded(), task.status("auto_merged", job_token="f" * 64))
        assert row(database, task.job_id)["status"] == "pending"
        assert stored(database, task) == 1
        assert said() == []

    def test_a_status_with_the_token_of_another_task(
        self, history: History, database: Database
    ) -> None:
        victim, own = Story(), Story()
        run = own.run("change")
        token = job_token(KEY, own.job_id, run)
        forged = victim.status("auto_merged", job_id=own.job_id, run=run, job_token=token)
        hear(history, victim.uploaded(), forged, victim.status("ok", job_token=token))
        assert stored(database, victim) == 1

    def test_a_message_in_the_place_of_one_that_is_still_to_come(
        self, history: History, database: Database
    ) -> None:
        task = Story()
        true = task.status("auto_merged")
        squatter = task.progressed("lint").model_copy(update={"id": true.id})
        hear(history, task.uploaded(), squatter, true)
        assert row(database, task.job_id)["status"] == "auto_merged"
        assert stored(database, task) == 2


class TestUsers:
    """Users are made from what ingest verified."""

    def test_one_row_however_often_they_speak(self, history: History, database: Database) -> None:
        first = Story()
        second = Story(user_id=first.user_id, email=first.email)
        hear(history, first.uploaded(), second.uploaded(), first.transcribed())
        assert count(database, "users where email = %s", first.email) == 1

    def test_a_changed_address_is_taken_over(self, history: History, database: Database) -> None:
        task = Story()
        moved = Story(user_id=task.user_id, email=f"new-{task.email}")
        hear(history, task.uploaded(), moved.uploaded())
        assert count(database, "users where email = %s", moved.email) == 1
        assert count(database, "users where email = %s", task.email) == 0

    def test_an_account_made_anew_inherits_the_address_and_nothing_else(
        self, history: History, database: Database
    ) -> None:
        old = Story()
        new = Story(email=old.email)
        hear(history, old.uploaded(), new.uploaded())
        assert row(database, old.job_id)["user_id"] == old.user_id
        assert row(database, new.job_id)["user_id"] == new.user_id
        assert count(database, "users where email = %s and id = %s", old.email, new.user_id) == 1
        assert count(database, "users where id = %s", old.user_id) == 1


class TestDeadLetters:
    """What no service could work on settles its task, and never overturns an outcome."""

    def test_a_recording_that_could_not_be_transcribed(
        self, history: History, database: Database, said: Said
    ) -> None:
        task = Story()
        uploaded = task.uploaded()
        hear(history, uploaded)
        history.hear_dead_letter(uploaded)
        history.hear_dead_letter(uploaded)
        after = row(database, task.job_id)
        assert (after["status"], after["reason"]) == ("fail", "internal_error")
        [news] = said()
        assert news.data.summary.endswith("please say it again.")

    def test_one_that_was_worked_on_after_all(
        self, history: History, database: Database, said: Said
    ) -> None:
        task = Story()
        transcribed = task.transcribed()
        hear(history, task.uploaded(), transcribed, task.status("auto_merged"))
        history.hear_dead_letter(transcribed)
        assert row(database, task.job_id)["status"] == "auto_merged"
        assert [news.data.status for news in said()] == ["auto_merged"]

    def test_an_approval_that_got_lost_is_asked_for_again(
        self, history: History, database: Database
    ) -> None:
        task = Story()
        asked, approved = task.asked(), task.approved()
        hear(history, *asked, approved)
        assert row(database, task.job_id)["phase"] == "approved"
        history.hear_dead_letter(approved)
        after = row(database, task.job_id)
        assert (after["status"], after["phase"]) == ("pr_opened", None)


def test_our_own_word_is_passed_over(history: History, database: Database) -> None:
    task = Story()
    folded = fold([task.uploaded(), task.status("auto_merged")])
    assert folded
    hear(history, settled(folded, 2))
    assert count(database, "task_events where id = %s", task.job_id) == 0
