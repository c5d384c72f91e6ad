"""The nightly mail, triggered by the local schedule, says what SQL says."""

import csv
import email
import email.policy
import io
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import boto3
import requests

from tests.e2e.system import LocalSystem, eventually

READERS = ZoneInfo("Europe/Berlin")
"""Where the readers of the local stage live: the default of its settings."""


def client(system: LocalSystem, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=system.endpoints["aws"],
        region_name=system.endpoints["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def forget_nights(system: LocalSystem) -> None:
    """Let nights be mailed that an earlier run of the tests had mailed: once is the rule."""
    dynamodb, table = client(system, "dynamodb"), system.endpoints["idempotency"]
    for item in dynamodb.scan(TableName=table)["Items"]:
        if item["id"]["S"].startswith("nightly"):
            dynamodb.delete_item(TableName=table, Key={"id": item["id"]})


def subjects(system: LocalSystem) -> list[str]:
    """Of every mail in the emulator's mailbox."""
    accounts = requests.get(system.endpoints["mail"], timeout=10).json()["messages"]
    return [mail["Subject"] for mails in accounts.values() for mail in mails]


def mails(system: LocalSystem) -> dict[str, EmailMessage]:
    """Every mail as it arrived, with its attachments, by its file's name."""
    files = sorted(Path(system.endpoints["mailbox"]).glob("new/*"))
    policy = email.policy.default
    return {file.name: email.message_from_bytes(file.read_bytes(), policy=policy) for file in files}


def test_the_nightly_mail_carries_yesterdays_totals(system: LocalSystem) -> None:
    ada = system.new_person()
    yesterday = datetime.now(READERS) - timedelta(days=1)
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
    forget_nights(system)
    scheduler = client(system, "scheduler")
    [nightly] = [
        found
        for found in scheduler.list_schedules()["Schedules"]
        if "nightly" in found["Name"].lower()
    ]
    deployed = scheduler.get_schedule(Name=nightly["Name"], GroupName=nightly["GroupName"])
    before = mails(system).keys()
    soon = datetime.now(UTC) + timedelta(seconds=1)

    scheduler.create_schedule(
        Name=f"tonight-{uuid4()}",
        ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={key: deployed["Target"][key] for key in ("Arn", "RoleArn", "Input")},
    )

    def arrived() -> list[EmailMessage]:
        return [mail for name, mail in mails(system).items() if name not in before]

    [mail] = eventually(arrived, "a nightly mail arrives")
    assert mail["Subject"] in subjects(system)
    [attachment] = list(mail.iter_attachments())
    rows = list(csv.DictReader(io.StringIO(attachment.get_content())))
    mine = {row["status"]: row for row in rows if row["user"] == ada.email}
    assert mine["auto_merged"]["tasks"] == "2"
    assert mine["auto_merged"]["tok_in"] == "14"
    assert mine["auto_merged"]["tok_out"] == "22"
    assert mine["auto_merged"]["duration_ms"] == "3000"
    assert mine["fail"]["tasks"] == "1"
    [by_hand] = system.sql(
        "select count(*)::text as tasks, sum(tok_in)::text as tok_in,"
        " sum(tok_out)::text as tok_out, sum(duration_ms)::text as duration_ms"
        " from task_events where user_id is not null and ts_start >= %s and ts_start < %s",
        *night(mail["Subject"]),
    )
    assert rows[-1] | by_hand == rows[-1]


def night(subject: str) -> tuple[datetime, datetime]:
    """From midnight to midnight, where the readers live, of the day that a subject names."""
    day = datetime.fromisoformat(subject.split()[2].rstrip(":"))
    return day.replace(tzinfo=READERS), (day + timedelta(days=1)).replace(tzinfo=READERS)
