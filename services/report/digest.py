"""All that the mail tells of a day, read from Postgres at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from contracts.database import Connection, Database
from services.report.day import bounds
from services.report.totals import Totals, totals

DAYS = 7
"""Of the trend: the day itself and those before it."""


@dataclass(frozen=True)
class DayCounts:
    """How the tasks of one day stand now.

    Attributes:
        day: where the readers live.
        merged: merged or nothing to change, asked for or not.
        asked: a pull request waits for a person.
        failed: failed, rejected or cancelled.
        pending: not finished.
    """

    day: date
    merged: int = 0
    asked: int = 0
    failed: int = 0
    pending: int = 0

    @property
    def tasks(self) -> int:
        """All of them."""
        return self.merged + self.asked + self.failed + self.pending


@dataclass(frozen=True)
class Speed:
    """Milliseconds from voice to merge, of tasks that nobody was asked about; None without any."""

    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True)
class Counted:
    """A stable word of ours, and how often it was said."""

    word: str
    times: int


@dataclass(frozen=True)
class Digest:
    """A day.

    Attributes:
        day: where the readers live.
        zone: of the readers.
        totals: the sums of SPEC §9.
        speed: from voice to merge.
        week: the last days, this one at the end.
        reasons: the most common ones for asking or failing, a task counted once.
        pushes: those of the day by state (`sent`, `undelivered` …).
    """

    day: date
    zone: ZoneInfo
    totals: Totals
    speed: Speed
    week: Sequence[DayCounts]
    reasons: Sequence[Counted]
    pushes: Sequence[Counted]


def read(database: Database, day: date, zone: ZoneInfo) -> Digest:
    """Read a day.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    begin, end = bounds(day, zone)
    within = {"begin": begin, "end": end}
    with database.transaction() as connection:
        # All figures of a mail are of one moment: they have to add up.
        connection.execute("set transaction isolation level repeatable read, read only")
        return Digest(
            day=day,
            zone=zone,
            totals=totals(connection, begin, end),
            speed=_speed(connection, within),
            week=_week(connection, day, zone),
            reasons=_reasons(connection, within),
            pushes=_pushes(connection, within),
        )


def _speed(connection: Connection, within: Mapping[str, object]) -> Speed:
    row = connection.execute(
        """
        select percentile_cont(0.5) within group (order by duration_ms) as p50_ms,
               percentile_cont(0.95) within group (order by duration_ms) as p95_ms
        from task_events
        where ts_start >= %(begin)s and ts_start < %(end)s
          and user_id is not null and status = 'auto_merged'
        """,
        within,
    ).fetchone()
    return Speed(**row) if row else Speed(None, None)


def _week(connection: Connection, day: date, zone: ZoneInfo) -> list[DayCounts]:
    days = [day - timedelta(days=before) for before in range(DAYS - 1, -1, -1)]
    midnights = [bounds(each, zone)[0] for each in days] + [bounds(day, zone)[1]]
    rows = connection.execute(
        """
        select width_bucket(ts_start, %(midnights)s::timestamptz[]) as number,
               count(*) filter (where status in ('auto_merged', 'ok')) as merged,
               count(*) filter (where status = 'pr_opened') as asked,
               count(*) filter (where status = 'fail') as failed,
               count(*) filter (where status = 'pending') as pending
        from task_events
        where ts_start >= %(begin)s and ts_start < %(end)s and user_id is not null
        group by number
        """,
        {"midnights": midnights, "begin": midnights[0], "end": midnights[-1]},
    ).fetchall()
    counts = {row.pop("number"): row for row in rows}
    return [DayCounts(each, **counts.get(number, {})) for number, each in enumerate(days, 1)]


def _reasons(connection: Connection, within: Mapping[str, object]) -> list[Counted]:
    """Why tasks failed or ask, or asked before a person said yes: that is in their history only."""
    rows = connection.execute(
        """
        select why.reason as word, count(*) as times
        from task_events, lateral (
            select case when status = 'ok' then (
                select body #>> '{data,reason}' from private.inbox
                where job_id = task_events.id and type = 'runner.status'
                  and body #>> '{data,status}' = 'pr_opened'
                order by time limit 1
            ) else reason end as reason
        ) why
        where ts_start >= %(begin)s and ts_start < %(end)s and user_id is not null
          and status in ('ok', 'fail', 'pr_opened') and why.reason is not null
        group by why.reason
        order by times desc, word
        limit 3
        """,
        within,
    ).fetchall()
    return [Counted(**row) for row in rows]


def _pushes(connection: Connection, within: Mapping[str, object]) -> list[Counted]:
    rows = connection.execute(
        """
        select state as word, count(*) as times from private.notifications
        where created_at >= %(begin)s and created_at < %(end)s
        group by state order by times desc, word
        """,
        within,
    ).fetchall()
    return [Counted(**row) for row in rows]
