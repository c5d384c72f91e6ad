"""The nightly mail says what SQL says, on a night and over a month; a clip is made and told."""

import csv
import email
import email.policy
import io
import json
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import boto3
import pytest
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
        ActionAfterCompletion="DELETE",
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


def test_a_month_with_a_clock_change_in_it_is_mailed_as_sql_counts_it(system: LocalSystem) -> None:
    """October 2026: in Berlin the 25th has 25 hours, and 02:30 twice."""
    people = [system.new_person() for _ in range(2)]
    for person in people:
        system.sql(
            "insert into users (id, email) values (%s, %s) returning id", person.id, person.email
        )
    first = datetime(2026, 9, 30, 22, 0, tzinfo=UTC)  # midnight in Berlin
    for number in range(745 * 2):  # a task every half hour of a month of 745 hours
        if number % 7 < 3:
            continue
        system.sql(
            "insert into task_events"
            " (id, user_id, ts_start, status, tok_in, tok_out, duration_ms, cost_usd)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
            uuid4(),
            people[number % 2].id,
            first + timedelta(minutes=30 * number),
            ("auto_merged", "ok", "pr_opened", "fail", "pending")[number % 5],
            2**31 - 1 - number,
            number,
            2**31 - 1,
            number / 1_000_000,
        )
    forget_nights(system)
    before = mails(system).keys()
    days = [date(2026, 10, number) for number in range(1, 32)]
    for day in days:
        answer = client(system, "lambda").invoke(
            FunctionName=system.endpoints["functions"]["report"],
            Payload=json.dumps({"schedule": "nightly", "date": day.isoformat()}),
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def arrived() -> list[EmailMessage] | None:
        new = [mail for name, mail in mails(system).items() if name not in before]
        return new if len(new) >= len(days) else None

    month = eventually(arrived, "a mail for each day of the month arrives")
    tables = [attachment.get_content() for mail in month for attachment in mail.iter_attachments()]
    rows = [row for table in tables for row in csv.DictReader(io.StringIO(table))]
    by_hand = system.sql(
        """
        with october as (
            select (ts_start at time zone 'Europe/Berlin')::date::text as date, email, t.*
            from task_events t join users u on u.id = t.user_id
            where ts_start >= '2026-10-01 00:00 Europe/Berlin'
              and ts_start < '2026-11-01 00:00 Europe/Berlin'
        ), counted as (
            select date, email as "user", status, count(*), sum(tok_in) as tok_in,
                   sum(tok_out) as tok_out, sum(duration_ms) as duration_ms, sum(cost_usd) as usd
            from october group by date, email, status
        )
        select date, "user", status, count::text as tasks, tok_in::text, tok_out::text,
               duration_ms::text, usd::numeric(20, 6)::text as cost_usd
        from (
            select * from counted
            union all
            select date, '(all)', status, sum(count), sum(tok_in), sum(tok_out),
                   sum(duration_ms), sum(usd) from counted group by date, status
            union all
            select date, '(all)', '(all)', sum(count), sum(tok_in), sum(tok_out),
                   sum(duration_ms), sum(usd) from counted group by date
        ) everything
        """
    )
    assert len(by_hand) > 31 * 10
    assert sorted(rows, key=str) == sorted(by_hand, key=str)
    long, usual = (
        sum(int(row["tasks"]) for row in rows if row["date"] == day and row["user"] == "(all)")
        for day in ("2026-10-25", "2026-10-24")
    )
    assert long > usual


@pytest.mark.parametrize("maker", ["ffmpeg", "veo"])
def test_a_tag_becomes_a_clip_and_a_push_once(system: LocalSystem, maker: str) -> None:
    tag = f"weekly-{uuid4()}"
    for _ in range(2):
        told = json.loads(system.cli("--tag", tag, "--maker", maker, "--json", module="cdk.clip"))
        assert told["seconds"] == pytest.approx(8.0, abs=0.05)
    film = requests.get(told["link"], timeout=10)
    assert film.content == Path(told["clip"]).read_bytes()
    assert "X-Amz-Expires=" in told["link"]
    for queue in ("report", "notify"):
        eventually(lambda queue=queue: is_empty(system, queue), f"{queue} has heard everything")
    log = Path(system.endpoints["push_log"]).read_text()
    assert sum(tag in line for line in log.splitlines()) == 1


def is_empty(system: LocalSystem, queue: str) -> bool:
    """Whether nothing waits there, is being worked on, or is still to be seen."""
    kinds = ["", "NotVisible", "Delayed"]
    found = client(system, "sqs").get_queue_attributes(
        QueueUrl=system.endpoints["queues"][queue],
        AttributeNames=[f"ApproximateNumberOfMessages{kind}" for kind in kinds],
    )["Attributes"]
    return all(number == "0" for number in found.values())


def night(subject: str) -> tuple[datetime, datetime]:
    """From midnight to midnight, where the readers live, of the day that a subject names."""
    day = datetime.fromisoformat(subject.split()[2].rstrip(":"))
    return day.replace(tzinfo=READERS), (day + timedelta(days=1)).replace(tzinfo=READERS)
