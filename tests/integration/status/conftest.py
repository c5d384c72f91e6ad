"""The service's parts on a real database, with SNS and SQS in process."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from contracts.bus import Topic
from contracts.database import Database
from services.status.control import JobControl
from services.status.history import History
from services.status.outbox import Outbox
from tests.integration.status.client import Ask, api_of
from tests.unit.cloud import Cloud
from tests.unit.status.story import KEY, Story


@pytest.fixture(scope="session")
def aws() -> Iterator[SimpleNamespace]:
    """Clients of AWS in process."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        names = ("s3", "sns", "sqs", "dynamodb")
        yield SimpleNamespace(**{name: boto3.client(name) for name in names})


@pytest.fixture
def cloud(aws: SimpleNamespace) -> Cloud:
    """task-events, with a queue that hears all of it."""
    return Cloud.of(aws)


@pytest.fixture
def topic(cloud: Cloud) -> Topic:
    """Where news goes."""
    return cloud.topic


@pytest.fixture
def said(cloud: Cloud) -> Callable[[], list[Any]]:
    """What was published since the last time of asking."""
    return cloud.said


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


@pytest.fixture(scope="session")
def control(aws: SimpleNamespace) -> JobControl:
    """The table job-control."""
    aws.dynamodb.create_table(
        TableName="job-control",
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "job_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return JobControl("job-control", aws.dynamodb)


@pytest.fixture
def ask(history: History, control: JobControl) -> Ask:
    """Calls a route on behalf of a user."""
    return api_of(history, control)


@pytest.fixture
def asked(history: History) -> Story:
    """A task that waits for its user's answer."""
    task = Story()
    for event in task.asked():
        history.hear(event)
    return task
