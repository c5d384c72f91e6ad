"""transcribe, and what a test does with it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from contracts import batch, identity
from contracts.message import Message
from contracts.models import TaskUploaded, TaskUploadedData
from tests.unit.cloud import Cloud
from tests.unit.transcribe.speech_api import SpeechApi

SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
USER = UUID("11111111-2222-4333-8444-555555555555")
CONTEXT = SimpleNamespace(
    function_name="transcribe",
    function_version="1",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:transcribe",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 30_000,
)


@dataclass(frozen=True)
class Bench:
    """transcribe, and what is around it."""

    cloud: Cloud
    api: SpeechApi
    on_message: Callable[[Message], None]

    def upload(self, recording: str = "add-stdin", repo: str | None = None) -> TaskUploaded:
        """Store a fixture as ingest would; the event that tells of it."""
        job_id = uuid4()
        key = f"recordings/{USER}/{job_id}.wav"
        self.store(key, (SPEECH / f"{recording}.wav").read_bytes())
        data = TaskUploadedData(
            producer="ingest", audio_key=key, audio_ms=4000, email="ada@example.org", repo=repo
        )
        return identity.new_event(TaskUploaded, job_id, USER, data)

    def teach(self, project: str, content: Any) -> None:
        """Store a repository's vocabulary."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.store(f"vocabulary/{project}.json", body)

    def store(self, key: str, body: bytes) -> None:
        """Put an object into the bucket."""
        self.cloud.aws.s3.put_object(Bucket=self.cloud.name, Key=key, Body=body)

    def sqs_event(self, event: Message) -> dict[str, Any]:
        """What Lambda gets when the queue holds this event."""
        record = {
            "messageId": "1",
            "receiptHandle": "handle",
            "body": event.model_dump_json(),
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {"type": {"stringValue": event.type, "dataType": "String"}},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:{self.cloud.name}",
        }
        return {"Records": [record]}

    def deliver(self, event: Message) -> list[str]:
        """Hand an event to transcribe; which messages it gives back to the queue."""
        answer = batch.consume(self.sqs_event(event), CONTEXT, self.on_message)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
