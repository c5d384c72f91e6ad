"""What the tasks of a day used: sums by user and status, from Postgres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.database import Connection


@dataclass(frozen=True)
class Total:
    """The sums over a group of tasks.

    Attributes:
        user: the e-mail address; None for all users.
        status: of `task_events`; None for every status.
        tasks: how many.
        tok_in: tokens that models read.
        tok_out: tokens that models wrote.
        duration_ms: milliseconds from request to outcome, added up.
        cost_usd: US dollars.
    """

    user: str | None
    status: str | None
    tasks: int
    tok_in: int
    tok_out: int
    duration_ms: int
    cost_usd: float


@dataclass(frozen=True)
class Totals:
    """All sums of a day: by user and status, by status, and over everything."""

    by_user: Sequence[Total]
    by_status: Sequence[Total]
    all: Total


def totals(connection: Connection, begin: datetime, end: datetime) -> Totals:
    """Add up the tasks that were requested at `begin` or later, and before `end`."""
    rows = connection.execute(
        """
        select email as user, status, count(*) as tasks,
               coalesce(sum(tok_in), 0) as tok_in,
               coalesce(sum(tok_out), 0) as tok_out,
               coalesce(sum(duration_ms), 0) as duration_ms,
               coalesce(sum(cost_usd), 0) as cost_usd
        from task_events join users on users.id = task_events.user_id
        where ts_start >= %(begin)s and ts_start < %(end)s
        group by grouping sets ((email, status), (status), ())
        order by email, status
        """,
        {"begin": begin, "end": end},
    ).fetchall()
    sums = [Total(**row) for row in rows]
    return Totals(
        by_user=[each for each in sums if each.user is not None],
        by_status=[each for each in sums if each.user is None and each.status is not None],
        all=next(each for each in sums if each.status is None),
    )
