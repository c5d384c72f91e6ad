"""A night is mailed once to each recipient, and certainly mailed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError

from services.report import handler
from services.report.mailer import Mailer
from services.report.nightly import NotAllMailed
from tests.integration.invocation import CONTEXT
from tests.integration.report.conftest import SENDER

NIGHTLY = {"schedule": "nightly"}
YESTERDAY = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(days=1)).date()
OWNER, BOOKS = "owner@example.org", "books@example.org"


class Killed(BaseException):
    """Nothing of ours catches it, as nothing of ours runs on after SIGKILL."""


@pytest.fixture
def deployed(tasks, mailbox, monkeypatch):
    for setting, value in {
        "DATABASE_URL": tasks.url,
        "MAIL_FROM": SENDER,
        "MAIL_TO": f"{OWNER}, {BOOKS}",
        "MAIL_TIME_ZONE": "Europe/Berlin",
        "IDEMPOTENCY_TABLE": "idempotency",
    }.items():
        monkeypatch.setenv(setting, value)
    handler._nightly.cache_clear()
    yield handler.handler
    handler._nightly.cache_clear()


@pytest.fixture
def before_sending(monkeypatch):
    """Have something happen just before SES takes a mail."""
    really = Mailer.send

    def install(before):
        def send(mailer, message, recipient):
            before(recipient)
            return really(mailer, message, recipient)

        monkeypatch.setattr(Mailer, "send", send)

    yield install


def test_yesterdays_tasks_are_mailed_to_everybody_with_the_table(deployed, tasks, mailbox):
    noon = datetime.combine(YESTERDAY, datetime.min.time(), UTC) + timedelta(hours=12)
    tasks.task(tasks.user("ada@example.org"), noon.isoformat(), "ok", 1, 2, 3, "0.5")
    answer = deployed(NIGHTLY, CONTEXT)
    for mail in mailbox.mails():
        assert mail["Subject"] == f"Sayso on {YESTERDAY}: 1 task, $0.50"
        assert mail["From"] == SENDER
        [table] = mail.iter_attachments()
        assert f"{YESTERDAY},ada@example.org,ok,1,1,2,3,0.500000" in table.get_content()
    assert [mail["To"] for mail in mailbox.mails()] == [OWNER, BOOKS]
    assert answer["day"] == YESTERDAY.isoformat()
    assert len(set(answer["message_ids"])) == 2


def test_an_earlier_night_is_mailed_when_somebody_asks_for_it(deployed, tasks, mailbox):
    tasks.task(tasks.user("ada@example.org"), "2026-10-25T22:30:00Z")
    deployed(NIGHTLY | {"date": "2026-10-25"}, CONTEXT)
    assert mailbox.mails()[0]["Subject"] == "Sayso on 2026-10-25: 1 task, $0.00"


def test_asked_again_it_mails_nothing_more_and_answers_the_same(deployed, mailbox):
    first, second = deployed(NIGHTLY, CONTEXT), deployed(NIGHTLY, CONTEXT)
    assert first == second
    assert len(mailbox.mails()) == 2


def test_triggered_while_another_trigger_is_at_it_each_gets_one_mail(
    deployed, mailbox, before_sending
):
    triggered = []

    def meanwhile(recipient):
        if not triggered:
            triggered.append(recipient)
            with pytest.raises(NotAllMailed, match="1 of 2"):
                deployed(NIGHTLY, CONTEXT)

    before_sending(meanwhile)
    deployed(NIGHTLY, CONTEXT)
    assert sorted(mail["To"] for mail in mailbox.mails()) == [BOOKS, OWNER]


def test_killed_between_two_recipients_the_next_try_mails_the_second_only(
    deployed, mailbox, before_sending
):
    def kill(recipient):
        if recipient == BOOKS:
            raise Killed

    before_sending(kill)
    over_at_once = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: 0})
    with pytest.raises(Killed):
        deployed(NIGHTLY, over_at_once)
    before_sending(lambda _: None)
    deployed(NIGHTLY, CONTEXT)
    assert [mail["To"] for mail in mailbox.mails()] == [OWNER, BOOKS]


def test_killed_just_after_mailing_the_next_try_mails_again(deployed, mailbox, monkeypatch):
    """Twice is better than never: SES has no key by which it would know the first."""
    really, sent = Mailer.send, []

    def killed_after(mailer, message, recipient):
        sent.append(really(mailer, message, recipient))
        if len(sent) == 1:
            raise Killed
        return sent[-1]

    monkeypatch.setattr(Mailer, "send", killed_after)
    over_at_once = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: 0})
    with pytest.raises(Killed):
        deployed(NIGHTLY, over_at_once)
    deployed(NIGHTLY, CONTEXT)
    assert [mail["To"] for mail in mailbox.mails()] == [OWNER, OWNER, BOOKS]


def test_a_recipient_whom_ses_refuses_keeps_the_mail_from_nobody_else(
    deployed, mailbox, before_sending, caplog
):
    def refuse(recipient):
        if recipient == OWNER:
            error = {"Code": "MessageRejected", "Message": "Email address is not verified."}
            raise ClientError({"Error": error}, "SendRawEmail")

    before_sending(refuse)
    for _ in range(2):  # the alarm hears of each try; who has the mail gets no other
        with pytest.raises(NotAllMailed, match="1 of 2"):
            deployed(NIGHTLY, CONTEXT)
    assert [mail["To"] for mail in mailbox.mails()] == [BOOKS]
    said = [(log.recipient, log.error) for log in caplog.records if log.message == "not mailed"]
    assert said[0][0] == OWNER
    assert "MessageRejected" in said[0][1]


def test_a_night_that_failed_is_mailed_by_the_next_try(deployed, mailbox):
    ses = boto3.client("ses")
    ses.delete_identity(Identity=SENDER)
    with pytest.raises(NotAllMailed, match="2 of 2"):
        deployed(NIGHTLY, CONTEXT)
    ses.verify_email_identity(EmailAddress=SENDER)
    deployed(NIGHTLY, CONTEXT)
    assert len(mailbox.mails()) == 2


def test_without_a_database_nothing_is_mailed(deployed, mailbox, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    handler._nightly.cache_clear()
    with pytest.raises(psycopg.OperationalError):
        deployed(NIGHTLY, CONTEXT)
    assert mailbox.mails() == []


@pytest.mark.parametrize("event", [{}, {"schedule": "hourly"}, {"schedule": None}])
def test_anything_but_the_schedule_is_an_error(deployed, event):
    with pytest.raises(ValueError, match="nightly"):
        deployed(event, CONTEXT)
