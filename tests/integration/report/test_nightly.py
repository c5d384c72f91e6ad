"""A night is mailed once, and certainly mailed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError

from services.report import handler
from tests.integration.invocation import CONTEXT
from tests.integration.report.conftest import SENDER

NIGHTLY = {"schedule": "nightly"}
YESTERDAY = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(days=1)).date()


@pytest.fixture
def deployed(tasks, mailbox, monkeypatch):
    for setting, value in {
        "DATABASE_URL": tasks.url,
        "MAIL_FROM": SENDER,
        "MAIL_TO": "owner@example.org, books@example.org",
        "MAIL_TIME_ZONE": "Europe/Berlin",
        "IDEMPOTENCY_TABLE": "idempotency",
    }.items():
        monkeypatch.setenv(setting, value)
    handler._nightly.cache_clear()
    yield handler.handler
    handler._nightly.cache_clear()


def test_yesterdays_tasks_are_mailed_to_everybody_with_the_table(deployed, tasks, mailbox):
    noon = datetime.combine(YESTERDAY, datetime.min.time(), UTC) + timedelta(hours=12)
    tasks.task(tasks.user("ada@example.org"), noon.isoformat(), "ok", 1, 2, 3, "0.5")
    answer = deployed(NIGHTLY, CONTEXT)
    [mail] = mailbox.mails()
    assert mail["Subject"] == f"Sayso on {YESTERDAY}: 1 task, $0.50"
    assert (mail["From"], mail["To"]) == (SENDER, "owner@example.org, books@example.org")
    [table] = mail.iter_attachments()
    assert f"{YESTERDAY},ada@example.org,ok,1,1,2,3,0.500000" in table.get_content()
    assert answer["day"] == YESTERDAY.isoformat()


def test_asked_again_it_mails_nothing_more_and_answers_the_same(deployed, mailbox):
    first, second = deployed(NIGHTLY, CONTEXT), deployed(NIGHTLY, CONTEXT)
    assert first == second
    assert len(mailbox.mails()) == 1


def test_a_night_that_failed_is_mailed_by_the_next_try(deployed, mailbox, monkeypatch):
    ses = boto3.client("ses")
    ses.delete_identity(Identity=SENDER)
    with pytest.raises(ClientError):
        deployed(NIGHTLY, CONTEXT)
    ses.verify_email_identity(EmailAddress=SENDER)
    deployed(NIGHTLY, CONTEXT)
    assert len(mailbox.mails()) == 1


def test_without_a_database_nothing_is_mailed(deployed, mailbox, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    handler._nightly.cache_clear()
    with pytest.raises(psycopg.OperationalError):
        deployed(NIGHTLY, CONTEXT)
    assert mailbox.mails() == []


@pytest.mark.parametrize("event", [{}, {"schedule": "hourly"}, {"Records": []}])
def test_anything_but_the_schedule_is_an_error(deployed, event):
    with pytest.raises(ValueError, match="nightly"):
        deployed(event, CONTEXT)
