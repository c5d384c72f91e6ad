"""What status has to say: written with the history, published at once, swept every minute."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from psycopg.types.json import Jsonb

from contracts.bus import MODELS, BrokenContract, Topic
from contracts.database import Connection, Database
from contracts.models import TaskApproved, TaskRejected, TaskSettled, TaskUndoRequested
from services.status import measures

News = TaskSettled | TaskApproved | TaskRejected | TaskUndoRequested
"""What others are told."""

BATCH = 50
KEPT_DAYS = 14
"""As long as a queue may keep it for its consumer."""
FORGOTTEN_AT_ONCE = 1_000

logger = Logger()


def put(connection: Connection, event: News) -> None:
    """Leave an event to be published once the caller's transaction is committed.

    An event that was said before is said again: whoever hears it knows it by its id.
    """
    connection.execute(
        "insert into private.outbox (id, body) values (%(id)s, %(body)s)"
        " on conflict (id) do update set published_at = null",
        {"id": event.id, "body": Jsonb(event.model_dump(mode="json"))},
    )


@dataclass(frozen=True)
class Outbox:
    """Publishes what waits: at least once, and by one process at a time."""

    database: Database
    topic: Topic

    def publish(self) -> int:
        """Say everything that waits and that nobody else is saying just now.

        What can't be published stays for the next sweep.

        Returns:
            How many events were published.
        """
        total = 0
        while True:
            found, said = self._publish_batch()
            total += said
            if found < BATCH or said < found:
                return total

    def forget(self) -> int:
        """Drop what was published long ago: whoever has not heard it by now has its dead letter.

        Returns:
            How many events were dropped.
        """
        with self.database.transaction() as connection:
            dropped = connection.execute(
                "delete from private.outbox where id in (select id from private.outbox"
                " where published_at < now() - make_interval(days => %s) limit %s)",
                [KEPT_DAYS, FORGOTTEN_AT_ONCE],
            )
        return dropped.rowcount

    def _publish_batch(self) -> tuple[int, int]:
        with self.database.transaction() as connection:
            waiting = connection.execute(
                "select id, body from private.outbox where published_at is null"
                " order by written_at limit %s for update skip locked",
                [BATCH],
            ).fetchall()
            said = [entry["id"] for entry in waiting if self._say(entry["body"])]
            connection.execute(
                "update private.outbox set published_at = now() where id = any(%s)", [said]
            )
        return len(waiting), len(said)

    def _say(self, body: dict[str, Any]) -> bool:
        try:
            event = MODELS[body["type"]].model_validate(body)
            self.topic.publish(event)
        except (ClientError, BotoCoreError, BrokenContract, ValueError):
            logger.exception("not published; the next sweep tries again", event_id=body["id"])
            return False
        if isinstance(event, TaskSettled):
            measures.take(event)
        return True
