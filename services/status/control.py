"""Cancel, or deliver, never both: the table job-control decides.

An item is `{job_id, state, run}`; a job without one is open. Here is the side that cancels;
`runner/control.py` begins, reopens and finishes deliveries.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_OPEN: "AttributeValueTypeDef" = {"S": "open"}
_CANCELLED: "AttributeValueTypeDef" = {"S": "cancelled"}


class TooLate(Exception):
    """A run delivers the job just now, or did."""


@dataclass(frozen=True)
class JobControl:
    """The table job-control, as the HTTP API uses it."""

    table: str
    dynamodb: "DynamoDBClient"

    def cancel(self, job_id: UUID) -> None:
        """From here on no run delivers the job; a repeat changes nothing.

        Raises:
            TooLate: it is delivered, or a run has begun to.
        """
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item={"job_id": {"S": str(job_id)}, "state": _CANCELLED},
                ConditionExpression="attribute_not_exists(job_id) OR #state IN (:open, :cancelled)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":open": _OPEN, ":cancelled": _CANCELLED},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException as refused:
            raise TooLate(str(job_id)) from refused
