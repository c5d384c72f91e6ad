"""The sums of a day, by hand."""

from typing import Any

from services.report.totals import Total, Totals


def total(user: str | None = None, status: str | None = None, **changes: Any) -> Total:
    """A sum over two tasks."""
    plain = {"tasks": 2, "tok_in": 3000, "tok_out": 700, "duration_ms": 8400, "cost_usd": 0.0123}
    return Total(user, status, **plain | changes)


def totals(*by_user: Total, **changes: Any) -> Totals:
    """Those lines, a total by status, and one over everything."""
    return Totals(by_user, [total(status="auto_merged", **changes)], total(**changes))


NOTHING = Totals([], [], total(tasks=0, tok_in=0, tok_out=0, duration_ms=0, cost_usd=0.0))
