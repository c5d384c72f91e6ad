"""Of a batch, what fails comes back alone, and soon."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from contracts import batch, models
from contracts.message import Message

EXAMPLES = Path(models.__file__).parent / "examples/valid"


@pytest.fixture
def queue() -> Iterator[Any]:
    with mock_aws():
        batch._sqs.cache_clear()
        batch._queue_url.cache_clear()
        sqs = boto3.resource("sqs", region_name="us-east-1")
        yield sqs.create_queue(QueueName="notify", Attributes={"VisibilityTimeout": "180"})


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def batch_of(queue: Any, *bodies: str, kind: str = "task.failed") -> dict[str, Any]:
    """Send and receive the bodies, in the form that Lambda gives them to a function."""
    attribute = {"type": {"DataType": "String", "StringValue": kind}}
    for body in bodies:
        queue.send_message(MessageBody=body, MessageAttributes=attribute)
    records = []
    for message in queue.receive_messages(
        MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
    ):
        value = message.message_attributes["type"]
        records.append(
            {
                "messageId": message.message_id,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": message.attributes,
                "messageAttributes": {
                    "type": {"stringValue": value["StringValue"], "dataType": "String"}
                },
                "eventSource": "aws:sqs",
                "eventSourceARN": queue.attributes["QueueArn"],
                "awsRegion": "us-east-1",
            }
        )
    return {"Records": records}


def failed(message: str) -> str:
    event: dict[str, Any] = json.loads((EXAMPLES / "task.failed.json").read_text())
    event["data"]["message"] = message
    return json.dumps(event)


def test_only_what_failed_is_reported_and_returns_after_a_short_wait(queue: Any) -> None:
    handled: list[Message] = []

    def on_message(message: Any) -> None:
        if message.data.message == "bad":
            raise RuntimeError("not now")
        handled.append(message)

    event = batch_of(queue, failed("good"), failed("bad"), "not json")
    answer = batch.consume(event, None, on_message)  # type: ignore[arg-type]

    by_body = {record["body"]: record["messageId"] for record in event["Records"]}
    reported = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
    assert reported == {by_body[failed("bad")], by_body["not json"]}
    assert [message.data.message for message in handled] == ["good"]  # type: ignore[attr-defined]

    from moto.sqs.models import sqs_backends

    backend = sqs_backends["123456789012"]["us-east-1"].queues["notify"]
    waits = {
        message.body: (message.visible_at - message.sent_timestamp) / 1000
        for message in backend._messages
    }
    assert waits[failed("bad")] == pytest.approx(batch.FIRST_WAIT_SECONDS, abs=1)
    assert waits[failed("good")] == pytest.approx(180, abs=1)


def test_a_dead_letter_goes_to_its_own_function(queue: Any) -> None:
    dead: list[Message] = []
    event = batch_of(queue, failed("dead"))
    event["Records"][0]["eventSourceARN"] += "-dead-letters"

    def alive(message: Message) -> None:
        raise AssertionError(message)

    answer = batch.consume(event, None, alive, dead.append)  # type: ignore[arg-type]
    assert answer["batchItemFailures"] == []
    assert len(dead) == 1


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (99, 300)]
)
def test_waits_double_up_to_five_minutes(tries: int, seconds: int) -> None:
    assert batch.retry_wait(tries) == seconds
