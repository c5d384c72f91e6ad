"""What a user may read: their tasks, newest first, one task's timeline, their repositories."""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.database import Connection
from contracts.http import Problem, Request
from contracts.models import TaskProgressed
from services.status import history, wording
from services.status.fold import milliseconds
from services.status.row import Row

Json = dict[str, Any]

UNDELIVERED = """(
    select count(*) from private.notifications told
    where told.subject_id = task_events.id and told.state = 'undelivered' and told.version = (
        select max(version) from private.notifications newest
        where newest.subject_id = task_events.id
    )
)"""
"""Devices that could not be told what the task came to last; the table is written by notify."""

TASK_COLUMNS = ", ".join(
    [*history.COLUMNS, "version", "updated_at", f"{UNDELIVERED} as undelivered"]
)
LONGEST_CURSOR = 500


class BadCursor(ValueError):
    """A cursor that no page gave out."""


@dataclass(frozen=True)
class Task:
    """A row with what the database knows about it besides."""

    row: Row
    version: int
    updated_at: datetime
    undelivered: int

    @classmethod
    def of(cls, record: Json) -> "Task":
        """Read a record of `task_events`."""
        values = {name: record[name] for name in history.COLUMNS}
        row = Row(**values | {"files_touched": tuple(record["files_touched"])})
        return cls(row, record["version"], record["updated_at"], record["undelivered"])

    def as_json(self) -> Json:
        """The task of contracts/openapi.yaml."""
        shown = asdict(self.row)
        for hidden in ("id", "user_id", "ts_start", "diff_key"):
            del shown[hidden]
        return {
            "job_id": str(self.row.id),
            **shown,
            "undoes": self.row.undoes and str(self.row.undoes),
            "needs_approval": self.row.needs_approval,
            "created_at": self.row.ts_start.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "version": self.version,
            "undelivered": self.undelivered,
        }


def tasks_of(
    connection: Connection, user_id: UUID, limit: int, cursor: str | None
) -> tuple[list[Task], str | None]:
    """One page of a user's tasks, newest first, and the cursor of the next page if there is one.

    Raises:
        BadCursor: the cursor can't be read.
    """
    before = _read_cursor(cursor) if cursor else None
    found = connection.execute(
        f"select {TASK_COLUMNS} from task_events where user_id = %(user_id)s"  # noqa: S608 - our own names
        " and (%(time)s::timestamptz is null or (ts_start, id) < (%(time)s, %(id)s::uuid))"
        " order by ts_start desc, id desc limit %(limit)s",
        {
            "user_id": user_id,
            "time": before and before[0],
            "id": before and before[1],
            "limit": limit + 1,
        },
    )
    tasks = [Task.of(record) for record in found]
    page = tasks[:limit]
    return page, _cursor(page[-1].row) if len(tasks) > limit else None


def own_task(connection: Connection, user_id: UUID, job_id: UUID, hold: bool = False) -> Task:
    """One task of a user.

    Args:
        connection: in a transaction.
        user_id: who asks.
        job_id: the task.
        hold: nobody else may change the task until the transaction ends.

    Raises:
        Problem: 404 unknown, 403 somebody else's.
    """
    record = connection.execute(
        f"select {TASK_COLUMNS} from task_events"  # noqa: S608 - our own names
        f" where id = %s and user_id is not null {'for update' if hold else ''}",
        [job_id],
    ).fetchone()
    if record is None:
        raise Problem(404, "no-such-task", "There is no such task.")
    if record["user_id"] != user_id:
        raise Problem(403, "not-yours", "This task belongs to somebody else.")
    return Task.of(record)


def undos_of(connection: Connection, job_id: UUID) -> list[tuple[UUID, bool]]:
    """Every task that takes this one back, and whether it stands.

    One that failed does not, nor one that was itself taken back.
    """
    found = connection.execute(
        "select id, status <> 'fail' and not exists ("
        "  select 1 from task_events again"
        "  where again.undoes = undo.id and again.status in ('auto_merged', 'ok')"
        ") as stands from task_events undo where undoes = %s",
        [job_id],
    )
    return [(one["id"], one["stands"]) for one in found]


def job_id_of(request: Request) -> UUID:
    """The task that a path names.

    Raises:
        Problem: 404, it names none.
    """
    try:
        return UUID(request.path["job_id"])
    except ValueError as error:
        raise Problem(404, "no-such-task", "There is no such task.") from error


def timeline(connection: Connection, shown: Row) -> list[Json]:
    """What happened to a task, oldest first, each with milliseconds since it began."""
    return [
        {
            "type": event.type,
            "phase": event.data.phase if isinstance(event, TaskProgressed) else None,
            "time": event.time.isoformat(),
            "elapsed_ms": milliseconds(event.time - shown.ts_start),
            "text": wording.line(event),
        }
        for event in history.events_of(connection, shown.id)
    ]


def repos_of(connection: Connection, user_id: UUID) -> list[Json]:
    """A user's repositories, the default one first."""
    return connection.execute(
        "select repo, branch, is_default from repos where user_id = %s"
        " order by is_default desc, repo",
        [user_id],
    ).fetchall()


def _cursor(row: Row) -> str:
    place = json.dumps([row.ts_start.isoformat(), str(row.id)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    if len(cursor) > LONGEST_CURSOR:
        raise BadCursor(cursor)
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        time, job_id = json.loads(place)
        return datetime.fromisoformat(time), UUID(job_id)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise BadCursor(cursor) from error
