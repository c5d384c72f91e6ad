"""The nightly mail, triggered by the local schedule, says what SQL says."""

import csv
import email
import email.policy
import io
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4
from zoneinfo import ZoneInfo

import boto3
import requests

from tests.e2e.system import LocalSystem, eventually


def scheduler(system: LocalSystem):  # type: ignore[no-untyped-def]
    return boto3.client(
        "scheduler",
        endpoint_url=system.endpoints["aws"],
        region_name=system.endpoints["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def mails(system: LocalSystem) -> list[EmailMessage]:
    """Every mail in the emulator's mailbox that came with its raw text."""
    sent = requests.get(system.endpoints["mail"], timeout=10).json()
    raws = [message.get("RawData") or message.get("raw") for message in sent["messages"]]
    return [email.message_from_string(raw, policy=email.policy.default) for raw in raws if raw]


def test_the_nightly_mail_carries_yesterdays_totals(system: LocalSystem) -> None:
    ada = system.new_person()
    yesterday = datetime.now(ZoneInfo("UTC")) - timedelta(days=1)
    system.sql("insert into users (id, email) values (%s, %s) returning id", ada.id, ada.email)
    for status in ("auto_merged", "auto_merged", "fail"):
        system.sql(
            "insert into task_events (id, user_id, ts_start, duration_ms, tok_in, tok_out, status)"
            " values (%s, %s, %s, 1500, 7, 11, %s) returning id",
            uuid4(),
            ada.id,
            yesterday.replace(hour=12),
            status,
        )
    client = scheduler(system)
    [nightly] = [
        found
        for found in client.list_schedules()["Schedules"]
        if "nightly" in found["Name"].lower()
    ]
    deployed = client.get_schedule(Name=nightly["Name"], GroupName=nightly["GroupName"])
    before = len(mails(system))
    soon = datetime.now(UTC) + timedelta(seconds=1)

    client.create_schedule(
        Name=f"tonight-{uuid4()}",
        ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={key: deployed["Target"][key] for key in ("Arn", "RoleArn", "Input")},
    )

    mail = eventually(lambda: mails(system)[before:], "a nightly mail arrives")[0]
    [attachment] = list(mail.iter_attachments())
    rows = list(csv.DictReader(io.StringIO(attachment.get_content())))
    mine = {row["status"]: row for row in rows if row.get("email") == ada.email}
    assert mine["auto_merged"]["tasks"] == "2"
    assert mine["auto_merged"]["tok_in"] == "14"
    assert mine["auto_merged"]["tok_out"] == "22"
    assert mine["auto_merged"]["duration_ms"] == "3000"
    assert mine["fail"]["tasks"] == "1"
