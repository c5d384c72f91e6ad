"""report on a real database of its own tasks; mail and the memory of it run in process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import boto3
import psycopg
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from cdk.migrations import migrate

REGION = "eu-west-1"
SENDER = "sayso@example.org"


@dataclass(frozen=True)
class Ledger:
    """Users and tasks, as status would have written them, in a database of their own."""

    url: str
    connection: psycopg.Connection

    def user(self, email: str) -> str:
        user_id = str(uuid4())
        self.execute("insert into users (id, email) values (%s, %s)", user_id, email)
        return user_id

    def task(
        self,
        user_id: str | None,
        start: str,
        status: str = "auto_merged",
        *sums,
        reason: str | None = None,
    ) -> UUID:
        """A task that began at `start`, with tok_in, tok_out, duration_ms and cost_usd."""
        task_id = uuid4()
        self.execute(
            """
            insert into task_events (id, user_id, ts_start, status, reason,
                                     tok_in, tok_out, duration_ms, cost_usd)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            *(task_id, user_id, datetime.fromisoformat(start), status, reason),
            *(sums or (None, None, None, None)),
        )
        return task_id

    def ran(self, task_id: UUID, minute: int, status: str, reason: str | None) -> None:
        """What a runner said of a task."""
        time = datetime(2026, 11, 22, 12, minute, tzinfo=UTC)
        body = json.dumps({"data": {"status": status, "reason": reason}})
        self.execute(
            "insert into private.inbox (id, job_id, type, time, body)"
            " values (%s, %s, 'runner.status', %s, %s)",
            *(uuid4(), task_id, time, body),
        )

    def push(self, state: str, at: str) -> None:
        """A push that came to that."""
        self.execute(
            """
            insert into private.notifications
                (subject_id, version, device_id, user_id, state, reason, created_at)
            values (%s, 1, %s, %s, %s, %s, %s)
            """,
            *(uuid4(), uuid4(), uuid4(), state),
            "refused" if state == "undelivered" else None,
            datetime.fromisoformat(at),
        )

    def execute(self, statement: str, *values: object) -> list[tuple]:
        cursor = self.connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def database_url(server_url: str, postgres_url: str) -> str:
    """A database beside the one of all other tests: totals are over everybody's tasks."""
    migrate(urlsplit(server_url)._replace(path="/report").geturl())
    return urlsplit(postgres_url)._replace(path="/report").geturl()


@pytest.fixture
def tasks(database_url: str) -> Iterator[Ledger]:
    """No tasks yet."""
    with psycopg.connect(database_url, autocommit=True, prepare_threshold=None) as connection:
        connection.execute(
            "truncate users, repos, task_events, private.inbox, private.notifications"
        )
        yield Ledger(database_url, connection)


class Mailbox:
    """What SES was asked to send."""

    def mails(self) -> list[EmailMessage]:
        sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [message_from_string(each.raw_data, policy=policy.default) for each in sent]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
        boto3.client("dynamodb").create_table(
            TableName="idempotency",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield Mailbox()
