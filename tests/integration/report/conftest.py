"""report on a real database of its own tasks; mail and the memory of it run in process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import boto3
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends
from pydantic import SecretStr

from cdk.local.standins.veo import VeoService
from cdk.migrations import migrate
from services.report import veo
from services.report.settings import ClipSettings
from tests.integration.local.conftest import serving
from tests.integration.report.filming import Vertex, World
from tests.unit.cloud import Cloud

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


@pytest.fixture(scope="module")
def service_account() -> tuple[str, str]:
    """A private key and its public one, PEM: making them takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), public.decode()


@pytest.fixture
def vertex(service_account):
    private, public = service_account
    with serving(VeoService(public, looks=2).app()) as url:
        key = {
            "type": "service_account",
            "project_id": "sayso",
            "private_key": private,
            "client_email": "sayso@sayso.iam.gserviceaccount.com",
            "token_uri": f"{url}/token",
        }
        yield Vertex(url, json.dumps(key))


@pytest.fixture
def world(monkeypatch, vertex):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr(veo, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(veo, "LONGEST_WAIT_SECONDS", 0.02)
    with mock_aws():
        names = ("s3", "sns", "sqs", "dynamodb")
        cloud = Cloud.of(SimpleNamespace(**{name: boto3.client(name) for name in names}))
        queue_url = cloud.aws.sqs.create_queue(QueueName="report")["QueueUrl"]
        settings = ClipSettings(
            media_bucket=cloud.name,
            task_events_topic_arn=cloud.topic.arn,
            report_queue_url=queue_url,
            vertex_credentials=SecretStr(vertex.key),
            veo_base_url=vertex.url,
            veo_look_seconds=0,
            veo_looks=5,
        )
        yield World(cloud, queue_url, settings)
