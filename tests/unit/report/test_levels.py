"""The promises of SPEC §9, kept and broken."""

import pytest

from services.report.digest import Speed
from services.report.levels import levels
from services.report.totals import Totals
from tests.unit.report.sums import QUIET, digest, total

FAST = Speed(3999.0, 7999.0)


def day(speed=FAST, cost_usd=0.0299, **by_status):
    sums = [total(status=status, tasks=tasks) for status, tasks in by_status.items()]
    tasks = sum(by_status.values())
    return digest(Totals([], sums, total(tasks=tasks, cost_usd=cost_usd * tasks)), speed=speed)


def broken(digest):
    return [level.name for level in levels(digest) if not level.is_kept]


def test_a_good_day_keeps_them_all():
    assert broken(day(auto_merged=80, ok=10, pr_opened=6, fail=4)) == []


@pytest.mark.parametrize(
    ("worse", "name"),
    [
        ({"speed": Speed(4000.0, 7999.0)}, "Voice to merge, half of them"),
        ({"speed": Speed(3999.0, 8000.0)}, "Voice to merge, 95 of 100"),
        ({"pr_opened": 16}, "Merged without repair"),
        ({"fail": 6}, "Failed"),
        ({"cost_usd": 0.03}, "Cost of a task"),
    ],
)
def test_a_promise_is_broken_at_its_limit(worse, name):
    assert broken(day(**{"auto_merged": 85} | worse)) == [name]


def test_a_share_is_of_the_tasks_that_have_an_outcome():
    shares = [
        level.value
        for level in levels(day(auto_merged=6, ok=2, pr_opened=1, fail=1, pending=90))
        if level.unit == "share"
    ]
    assert shares == [0.8, 0.1]


def test_a_task_that_is_not_finished_costs_all_the_same():
    [cost] = [level.value for level in levels(day(pending=4, cost_usd=0.01)) if level.unit == "usd"]
    assert cost == pytest.approx(0.01)


def test_a_day_without_tasks_has_no_values_and_breaks_nothing():
    assert {(level.value, level.is_kept) for level in levels(QUIET)} == {(None, True)}


def test_a_promise_says_its_limit():
    assert [level.promise for level in levels(QUIET)] == [
        "under 4.0 s",
        "under 8.0 s",
        "over 85 %",
        "under 5 %",
        "under $0.03",
    ]
