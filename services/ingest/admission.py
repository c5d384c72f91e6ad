"""Admission: how much one user may ask for, and what an Idempotency-Key stands for."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.http import Problem

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = 60
CLAIM_LIFETIME_SECONDS = 7 * 24 * 60 * MINUTE


@dataclass(frozen=True)
class Admission:
    """A DynamoDB table (key `id`, time to live `expiration`) of counters and claims.

    Args:
        table: its name.
        dynamodb: the client.
        tasks_per_minute: how many tasks a user may start in a clock minute.
        clock: seconds since the epoch.
    """

    table: str
    dynamodb: "DynamoDBClient"
    tasks_per_minute: int
    clock: Callable[[], float] = time.time

    def count(self, user_id: UUID) -> None:
        """Count one more task of a user.

        Raises:
            Problem: 429 if this minute's share is used up.
        """
        minute, second = divmod(int(self.clock()), MINUTE)
        counted = self.dynamodb.update_item(
            TableName=self.table,
            Key={"id": {"S": f"ingest.rate#{user_id}#{minute}"}},
            UpdateExpression="ADD tasks :one SET expiration = :expiration",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":expiration": {"N": str((minute + 2) * MINUTE)},
            },
            ReturnValues="UPDATED_NEW",
        )
        if int(counted["Attributes"]["tasks"]["N"]) > self.tasks_per_minute:
            raise Problem(
                429,
                "too-many-tasks",
                f"At most {self.tasks_per_minute} tasks a minute: wait a minute, then try again.",
                retry_after=MINUTE - second,
            )

    def claim(self, job_id: UUID, fingerprint: str) -> None:
        """Tie an idempotency key's task to one request; the same request may come again.

        Raises:
            Problem: 422 if the key was used for a different request.
        """
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item={
                    "id": {"S": f"ingest.claim#{job_id}"},
                    "fingerprint": {"S": fingerprint},
                    "expiration": {"N": str(int(self.clock()) + CLAIM_LIFETIME_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(id) OR fingerprint = :fingerprint",
                ExpressionAttributeValues={":fingerprint": {"S": fingerprint}},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException as taken:
            raise Problem(
                422,
                "idempotency-key-reused",
                "This Idempotency-Key was used for a different request: send a new key.",
            ) from taken
