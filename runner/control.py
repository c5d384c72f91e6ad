"""Cancel, or deliver, never both: the table job-control decides.

An item is `{job_id, state, run}`; a job without one is open. Here is the runner's side of it;
`services/status/control.py` cancels.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from runner.deadline import Deadline
from runner.failure import cancelled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = Logger(service="runner")


class DeliveredElsewhere(Exception):
    """Another run of the job holds it; the message is tried again when that one has ended."""


@dataclass(frozen=True)
class JobControl:
    """The table job-control, as a runner uses it."""

    table: str
    dynamodb: "DynamoDBClient"

    def begin(self, job_id: UUID, run: UUID) -> None:
        """From here on the job can't be cancelled.

        Raises:
            Failure: `cancelled`, it was.
            DeliveredElsewhere: another run delivers it, or did.
        """
        try:
            self._put(
                job_id,
                run,
                "delivering",
                "attribute_not_exists(job_id) OR #state = :open"
                " OR (#state = :delivering AND #run = :run)",
                {":open": "open", ":delivering": "delivering", ":run": str(run)},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException as refused:
            held = cast("dict[str, Any]", refused.response).get("Item", {})
            if held.get("state", {}).get("S") == "cancelled":
                raise cancelled() from None
            raise DeliveredElsewhere(str(job_id)) from refused

    def is_cancelled(self, job_id: UUID) -> bool:
        """Whether the job need not be gone on with; only `begin` decides about a delivery."""
        found = self.dynamodb.get_item(TableName=self.table, Key={"job_id": {"S": str(job_id)}})
        return found.get("Item", {}).get("state") == {"S": "cancelled"}

    @contextmanager
    def heeding(self, job_id: UUID, deadline: Deadline, every_seconds: float) -> Iterator[None]:
        """End the work of a job as soon as it is cancelled.

        Args:
            job_id: the job in hand.
            deadline: ends the steps that are under way, of whatever kind they are.
            every_seconds: how often the table is looked at, from the beginning on.

        Raises:
            Failure: `cancelled`, before anything began.
        """
        if self.is_cancelled(job_id):
            raise cancelled()
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(every_seconds):
                try:
                    if self.is_cancelled(job_id):
                        deadline.cancel()
                        break
                except (BotoCoreError, ClientError):
                    # The next look may succeed, and `begin` refuses what was cancelled anyway.
                    logger.exception("job-control can't be read", correlation_id=str(job_id))

        threading.Thread(target=look, daemon=True).start()
        try:
            yield
        finally:
            ended.set()

    def reopen(self, job_id: UUID, run: UUID) -> None:
        """This run delivered a request that waits for a person: it can be cancelled again."""
        self._end(job_id, run, "open")

    def finish(self, job_id: UUID, run: UUID) -> None:
        """This run merged it: it can't be cancelled any more."""
        self._end(job_id, run, "delivered")

    def _end(self, job_id: UUID, run: UUID, state: str) -> None:
        # If a later run holds the job, what that one says stands.
        with suppress(self.dynamodb.exceptions.ConditionalCheckFailedException):
            self._put(job_id, run, state, "#run = :run", {":run": str(run)})

    def _put(
        self, job_id: UUID, run: UUID, state: str, condition: str, values: dict[str, str]
    ) -> None:
        self.dynamodb.put_item(
            TableName=self.table,
            Item={"job_id": {"S": str(job_id)}, "state": {"S": state}, "run": {"S": str(run)}},
            ConditionExpression=condition,
            ExpressionAttributeValues={key: {"S": value} for key, value in values.items()},
            ExpressionAttributeNames={
                name: name.removeprefix("#") for name in ("#state", "#run") if name in condition
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
