"""dispatch on a real database, between a topic and queues in process."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import boto3
import psycopg
import pytest
from moto import mock_aws
from psycopg.sql import SQL, Identifier

from contracts.bus import Queue, receive
from contracts.database import Database
from contracts.message import Message
from contracts.models import RunnerJob
from services.dispatch.dispatcher import Dispatcher
from services.dispatch.registry import Registry
from tests.unit.cloud import Cloud
from tests.unit.dispatch.asked import KEY, LIMITS


@pytest.fixture(scope="module")
def aws() -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        names = ("s3", "sns", "sqs", "dynamodb")
        yield SimpleNamespace(**{name: boto3.client(name) for name in names})


@dataclass(frozen=True)
class People:
    """Users with repositories and tasks, as status would have written them."""

    url: str

    def user(self, **columns: Any) -> UUID:
        user_id = uuid4()
        self._insert("users", id=user_id, email=f"{user_id}@example.org", **columns)
        return user_id

    def repo(self, user_id: UUID, repo: str, **columns: Any) -> None:
        self._insert("repos", user_id=user_id, repo=repo, **columns)

    def task(self, user_id: UUID, start: datetime, status: str = "pending", **columns: Any) -> UUID:
        columns = {
            "id": uuid4(),
            "user_id": user_id,
            "ts_start": start,
            "status": status,
            **columns,
        }
        self._insert("task_events", **columns)
        return UUID(str(columns["id"]))

    def tasks(self, user_id: UUID, number: int, before: datetime) -> None:
        for minutes in range(1, number + 1):
            self.task(user_id, before - timedelta(minutes=minutes))

    def _insert(self, table: str, **columns: Any) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(
                SQL("insert into {} ({}) values ({})").format(
                    Identifier(table),
                    SQL(", ").join(map(Identifier, columns)),
                    SQL(", ").join([SQL("%s")] * len(columns)),
                ),
                list(columns.values()),
            )


@dataclass(frozen=True)
class Desk:
    """The dispatcher and what it sends out."""

    dispatcher: Dispatcher
    cloud: Cloud

    def jobs(self) -> list[RunnerJob]:
        return self._sent(self.dispatcher.jobs)

    def controls(self) -> list[RunnerJob]:
        return self._sent(self.dispatcher.control)

    def said(self) -> list[Message]:
        return self.cloud.said()

    def _sent(self, queue: Queue) -> list[RunnerJob]:
        answer = queue.sqs.receive_message(
            QueueUrl=queue.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            receive(item["Body"], item["MessageAttributes"]["type"]["StringValue"], RunnerJob)
            for item in answer.get("Messages", [])
        ]


@pytest.fixture
def people(postgres_url: str) -> People:
    return People(postgres_url)


@pytest.fixture
def desk(aws: SimpleNamespace, postgres_url: str) -> Desk:
    cloud = Cloud.of(aws)
    jobs, control = (
        Queue(aws.sqs.create_queue(QueueName=f"{cloud.name}-{name}")["QueueUrl"], aws.sqs)
        for name in ("jobs", "control")
    )
    registry = Registry(Database(postgres_url))
    return Desk(Dispatcher(registry, cloud.topic, jobs, control, LIMITS, 5, KEY), cloud)
