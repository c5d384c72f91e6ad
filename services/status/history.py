"""Everything that is said, stored once, and each task's row kept equal to the fold of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast
from uuid import UUID

from aws_lambda_powertools import Logger
from psycopg import sql
from psycopg.types.json import Jsonb

from contracts.bus import MODELS
from contracts.database import Connection, Database
from contracts.identity import event_id_for, new_event
from contracts.message import Message
from contracts.models import (
    RunnerStatusReported,
    TaskApproved,
    TaskFailed,
    TaskFailedData,
    TaskRejected,
    TaskSettled,
    TaskSettledData,
)
from services.status import orders, outbox, wording
from services.status.fold import Birth, TaskEvent, fold
from services.status.outbox import Outbox
from services.status.row import Row
from services.status.signatures import is_job_token

COLUMNS = [field.name for field in fields(Row)]

logger = Logger()


@dataclass(frozen=True)
class History:
    """The one writer of tasks.

    Attributes:
        job_token_key: the key under which dispatch made the job tokens.
    """

    database: Database
    outbox: Outbox
    job_token_key: str

    def hear(self, message: Message) -> None:
        """Take a message from the queue into the history of its task.

        What is no part of a history, status' own words among it, is passed over. What can't be
        true is logged and dropped: it would not become truer by being received again.
        """
        if not isinstance(message, TaskEvent):
            return
        if not self._is_believable(message):
            logger.warning("dropped: not said by whom it should be", event_id=message.id)
            return
        self.record(message)

    def hear_dead_letter(self, message: Message) -> None:
        """Settle a task whose request or recording no service could work on.

        An approval or rejection that died leaves the question open, to be answered again.
        """
        if not isinstance(message, Birth | TaskApproved | TaskRejected):
            return
        sentence = wording.NEVER_BEGAN if isinstance(message, Birth) else wording.LOST_ANSWER
        data = TaskFailedData(producer="status", reason="internal_error", message=sentence)
        self.record(new_event(TaskFailed, message.job_id, message.user_id, data))

    def record(self, event: TaskEvent) -> None:
        """Store an event and say what follows from it."""
        with self.database.transaction() as connection:
            settled = store(connection, event)
        if settled:
            self.outbox.publish()

    def _is_believable(self, event: TaskEvent) -> bool:
        """Whether an event bears its own id, and a run's status the token of that run.

        Under a made-up id a forged event could take the place of a true one that is still to come.
        """
        if event.id != event_id_for(event.job_id, event.type, event.data):
            return False
        return not isinstance(event, RunnerStatusReported) or is_job_token(
            event.data.job_token, self.job_token_key, event.job_id, event.data.run
        )


def lock(connection: Connection, job_id: UUID) -> int:
    """Hold a task until the transaction ends; others that write its history wait.

    Returns:
        The version of its row; 0 when nothing is known of it yet.
    """
    connection.execute(
        "insert into task_events (id) values (%s) on conflict (id) do nothing", [job_id]
    )
    row = connection.execute(
        "select version from task_events where id = %s for update", [job_id]
    ).fetchone()
    return int(row["version"]) if row else 0


def store(connection: Connection, event: TaskEvent) -> bool:
    """Store an event once and bring its task's row up to date, in the caller's transaction.

    Returns:
        Whether there is news in the outbox.
    """
    version = lock(connection, event.job_id) + 1
    if not _is_new(connection, event):
        return False
    if isinstance(event, Birth):
        register(connection, event.user_id, event.data.email)
    events = events_of(connection, event.job_id)
    before, after = fold(other for other in events if other.id != event.id), fold(events)
    if after is None or after == before:
        return False
    _write(connection, after, version)
    is_closing = _close_request(connection, before, after)
    if after.outcome is None or (before and after.outcome == before.outcome):
        return is_closing
    outbox.put(connection, settled(after, version))
    return True


def _close_request(connection: Connection, before: Row | None, row: Row) -> bool:
    """Have the pull request of a cancelled task closed, also one that became known only later.

    Returns:
        Whether that is in the outbox now.
    """
    if not (row.is_cancelled and row.pr_url and row.commit_sha and row.transcript):
        return False
    event = orders.rejection(row)
    was_cancelled = before is not None and before.is_cancelled
    # A rejection from before the cancellation may have died on its way: it is said again.
    if not _is_new(connection, event) and was_cancelled:
        return False
    outbox.put(connection, event)
    return True


def events_of(connection: Connection, job_id: UUID) -> Sequence[TaskEvent]:
    """All that was said about a task, oldest first."""
    found = connection.execute(
        "select type, body from private.inbox where job_id = %s order by time, id", [job_id]
    )
    return [cast(TaskEvent, MODELS[one["type"]].model_validate(one["body"])) for one in found]


def settled(row: Row, version: int) -> TaskSettled:
    """What a person should be told about a row."""
    data = {
        **{name: getattr(row, name) for name in TaskSettledData.model_fields if name != "version"},
        "version": version,
        "loc_delta": row.loc_delta or 0,
    }
    return new_event(TaskSettled, row.id, row.user_id, TaskSettledData.model_validate(data))


def register(connection: Connection, user_id: UUID, email: str) -> None:
    """Make or refresh the user's row.

    An address belongs to whoever proved it last: an account that was deleted and made anew has
    another id, and inherits nothing of the old one but the address.
    """
    connection.execute(
        "update users set email = id || '@former.invalid' where email = %s and id <> %s",
        [email, user_id],
    )
    connection.execute(
        "insert into users (id, email) values (%s, %s)"
        " on conflict (id) do update set email = excluded.email"
        " where users.email <> excluded.email",
        [user_id, email],
    )


def _is_new(connection: Connection, event: TaskEvent) -> bool:
    inserted = connection.execute(
        "insert into private.inbox (id, job_id, type, time, body)"
        " values (%s, %s, %s, %s, %s) on conflict (id) do nothing",
        [
            event.id,
            event.job_id,
            event.type,
            event.time,
            Jsonb(_storable(event.model_dump(mode="json"))),
        ],
    )
    return inserted.rowcount == 1


def _storable(value: Any) -> Any:
    """JSON without NUL characters: Postgres has no room for them, and tests print anything."""
    match value:
        case str():
            return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {key: _storable(item) for key, item in value.items()}
    return value


def _write(connection: Connection, row: Row, version: int) -> None:
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in COLUMNS
    )
    connection.execute(
        sql.SQL(
            "update task_events set {}, version = %(version)s, updated_at = now() where id = %(id)s"
        ).format(assignments),
        asdict(row) | {"files_touched": Jsonb(row.files_touched), "version": version},
    )
