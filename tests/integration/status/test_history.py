"""From events to rows, versions and news, on a real Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.database import Database
from contracts.models import TaskSettled
from services.status.history import History
from tests.unit.status.story import NEXT, PULL, TESTED, Story

Said = Callable[[], list[Any]]


def row(database: Database, job_id: UUID) -> dict[str, Any]:
    with database.transaction() as connection:
        found = connection.execute("select * from task_events where id = %s", [job_id]).fetchone()
    assert found
    return found


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

    hear(history, task.status("auto_merged"))

    after = row(database, task.job_id)
    assert (after["status"], after["phase"], after["version"]) == ("auto_merged", None, 5)
    assert after["duration_ms"] == 4000
    assert after["cost_usd"] == 0.01
    [news] = said()
    assert isinstance(news, TaskSettled)
    assert (news.data.version, news.data.status, news.data.needs_approval) == (
        5,
        "auto_merged",
        False,
    )
    assert news.user_id == task.user_id
