"""Cancel, or deliver, never both: the table job-control decides.

An item is `{job_id, state, run}`; a job without one is open.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from runner.failure import Failure

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


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
                raise Failure("cancelled", "The task was cancelled before it was merged.") from None
            raise DeliveredElsewhere(str(job_id)) from refused

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
