"""The service's parts on a real database, with SNS and SQS in process."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from contracts.bus import Topic, receive
from contracts.database import Database
from contracts.message import Message
from services.status.history import History
from services.status.outbox import Outbox
from tests.integration.status.client import Ask, api_of
from tests.unit.status.story import KEY, Story


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """task-events, with a queue that hears all of it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sns, sqs = boto3.client("sns"), boto3.client("sqs")
        arn = sns.create_topic(Name="task-events")["TopicArn"]
        sqs.create_queue(QueueName="ears")
        sns.subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:eu-west-1:123456789012:ears",
            Attributes={"RawMessageDelivery": "true"},
        )
        yield Topic(arn, sns)


@pytest.fixture
def said(topic: Topic) -> Callable[[], list[Any]]:
    """What was published since the last time of asking."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="ears")["QueueUrl"]

    def heard() -> list[Message]:
        messages: list[Message] = []
        while batch := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for one in batch:
                messages.append(
                    receive(one["Body"], one["MessageAttributes"]["type"]["StringValue"])
                )
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return messages

    return heard


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """The test's own connection; nothing waits in the outbox."""
    database = Database(postgres_url)
    with database.transaction() as connection:
        connection.execute("delete from private.outbox")
    yield database
    database.close()


@pytest.fixture
def another_history(postgres_url: str, topic: Topic) -> Iterator[Callable[[], History]]:
    """Makes a history on a connection of its own, as another process would have."""
    databases: list[Database] = []

    def make() -> History:
        database = Database(postgres_url)
        databases.append(database)
        return History(database, Outbox(database, topic), KEY)

    yield make
    for database in databases:
        database.close()


@pytest.fixture
def history(database: Database, topic: Topic) -> History:
    """The writer under test."""
    return History(database, Outbox(database, topic), KEY)


@pytest.fixture
def ask(history: History) -> Ask:
    """Calls a route on behalf of a user."""
    return api_of(history)


@pytest.fixture
def asked(history: History) -> Story:
    """A task that waits for its user's answer."""
    task = Story()
    for event in task.asked():
        history.hear(event)
    return task
