"""The figures of a mail, from real rows."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from contracts.database import Database
from services.report.digest import Counted, DayCounts, Speed, read

DAY = date(2026, 10, 25)
"""25 hours long in Berlin: from 22:00 UTC on the day before to 23:00 UTC."""
NOON = "2026-10-25T12:00:00Z"


@pytest.fixture
def digest(tasks):
    """The day as it is read when asked for."""
    database = Database(tasks.url)
    yield lambda: read(database, DAY, ZoneInfo("Europe/Berlin"))
    database.close()


@pytest.fixture
def ada(tasks):
    return tasks.user("ada@example.org")


def test_half_and_95_of_100_are_of_what_merged_by_itself(tasks, ada, digest):
    for second in range(1, 101):
        tasks.task(ada, NOON, "auto_merged", 1, 1, second * 1000, "0")
    for status in ("ok", "fail", "pr_opened"):
        tasks.task(ada, NOON, status, 1, 1, 10**6, "0")
    tasks.task(ada, "2026-10-25T23:00:00Z", "auto_merged", 1, 1, 10**6, "0")  # the day after
    assert digest().speed == Speed(50_500.0, 95_050.0)


def test_a_day_without_merges_has_no_speed(tasks, ada, digest):
    tasks.task(ada, NOON, "fail", 1, 1, 1000, "0")
    assert digest().speed == Speed(None, None)


def test_the_week_counts_each_day_where_its_readers_live(tasks, ada, digest):
    for start, status in (
        ("2026-10-18T21:59:59Z", "auto_merged"),  # the day before the week
        ("2026-10-18T22:00:00Z", "auto_merged"),
        ("2026-10-24T21:59:59.999999Z", "ok"),
        ("2026-10-24T22:00:00Z", "fail"),
        ("2026-10-25T00:30:00Z", "pr_opened"),  # 02:30, for the first time
        ("2026-10-25T01:30:00Z", "pending"),  # 02:30, for the second time
        ("2026-10-25T22:59:59.999999Z", "auto_merged"),
        ("2026-10-25T23:00:00Z", "auto_merged"),  # the day after
    ):
        tasks.task(ada, start, status)
    tasks.task(None, NOON, "pending")  # nobody's yet
    assert digest().week == [
        DayCounts(date(2026, 10, 19), merged=1),
        *(DayCounts(date(2026, 10, day)) for day in range(20, 24)),
        DayCounts(date(2026, 10, 24), merged=1),
        DayCounts(DAY, merged=1, asked=1, failed=1, pending=1),
    ]


def test_the_three_most_common_reasons_for_asking_or_failing(tasks, ada, digest):
    for reason, times in (("tests_failed", 3), ("no_repo", 2), ("a_b", 2), ("z_z", 1)):
        for _ in range(times):
            tasks.task(ada, NOON, "fail", reason=reason)
    tasks.task(ada, NOON, "pr_opened", reason="tests_failed")
    tasks.task(ada, NOON, "pending", reason="no_repo")
    tasks.task(ada, NOON, "fail")
    assert digest().reasons == [
        Counted("tests_failed", 4),
        Counted("a_b", 2),
        Counted("no_repo", 2),
    ]


def test_a_question_that_was_answered_with_yes_had_its_reason(tasks, ada, digest):
    approved = tasks.task(ada, NOON, "ok")
    tasks.ran(approved, 1, "pr_opened", "guarded_file")
    tasks.ran(approved, 2, "pr_opened", "base_moved")
    tasks.ran(approved, 3, "ok", None)
    needless = tasks.task(ada, NOON, "ok")
    tasks.ran(needless, 1, "ok", "already_so")
    assert digest().reasons == [Counted("guarded_file", 1)]


def test_pushes_are_counted_by_what_they_came_to(tasks, digest):
    for state in ("sent", "undelivered", "sent"):
        tasks.push(state, NOON)
    tasks.push("undelivered", "2026-10-24T21:59:59Z")
    tasks.push("undelivered", "2026-10-25T23:00:00Z")
    assert digest().pushes == [Counted("sent", 2), Counted("undelivered", 1)]


def test_a_day_without_anything_is_read_too(tasks, digest):
    quiet = digest()
    assert (quiet.totals.all.tasks, quiet.reasons, quiet.pushes) == (0, [], [])
    assert sum(each.tasks for each in quiet.week) == 0
