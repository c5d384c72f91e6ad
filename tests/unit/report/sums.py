"""A day's figures, by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.report.digest import Counted, DayCounts, Digest, Speed
from services.report.totals import Total, Totals

DAY = date(2026, 11, 22)


def total(user: str | None = None, status: str | None = None, **changes: Any) -> Total:
    """A sum over two tasks."""
    plain = {"tasks": 2, "tok_in": 3000, "tok_out": 700, "duration_ms": 8400, "cost_usd": 0.0123}
    return Total(user, status, **plain | changes)


def totals(*by_user: Total, **changes: Any) -> Totals:
    """Those lines, a total by status, and one over everything."""
    return Totals(by_user, [total(status="auto_merged", **changes)], total(**changes))


NOTHING = Totals([], [], total(tasks=0, tok_in=0, tok_out=0, duration_ms=0, cost_usd=0.0))


def week(*counts: DayCounts) -> Sequence[DayCounts]:
    """Seven days up to DAY, the last ones as given."""
    days = [DAY - timedelta(days=6 - number) for number in range(7)]
    known = [DayCounts(DAY)] * (7 - len(counts)) + list(counts)
    return [replace(each, day=day) for day, each in zip(days, known, strict=True)]


def digest(sums: Totals, **changes: Any) -> Digest:
    """A day of those sums, with something of everything."""
    plain: dict[str, Any] = {
        "speed": Speed(2300.0, 9100.0),
        "week": week(DayCounts(DAY, merged=5), DayCounts(DAY, 31, 3, 2, 1)),
        "reasons": [Counted("guarded_file", 3), Counted("tests_failed", 2)],
        "pushes": [Counted("sent", 61), Counted("undelivered", 4)],
    }
    return Digest(DAY, ZoneInfo("Europe/Berlin"), sums, **plain | changes)


QUIET = digest(NOTHING, speed=Speed(None, None), week=week(), reasons=[], pushes=[])
