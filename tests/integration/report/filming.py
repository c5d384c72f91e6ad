"""Everything around a clip: AWS in process, a Veo that answers over HTTP, and report's queue."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import requests

from contracts.bus import receive
from contracts.identity import new_event
from contracts.models import DemoReady, DemoRequested, DemoRequestedData, DemoSubmitted
from services.report.clips import Clips
from services.report.memory import Memory
from services.report.settings import ClipSettings
from tests.unit.cloud import Cloud

ADA = uuid4()
LATER = 30_000
NOW = 0
"""Milliseconds until a call's deadline: one that was killed blocks the next until then."""


@dataclass(frozen=True)
class Vertex:
    """The stand-in, and the key of a service account that it knows."""

    url: str
    key: str

    def next_is(self, outcome: str, looks: int = 0) -> None:
        said = {"outcome": outcome, "looks": looks}
        requests.post(f"{self.url}/control/next", json=said, timeout=5).raise_for_status()

    def operations(self) -> list[str]:
        found: list[str] = requests.get(f"{self.url}/control/films", timeout=5).json()["operations"]
        return found


@dataclass
class World:
    """Everything around `report`, and its queue."""

    cloud: Cloud
    queue_url: str
    settings: ClipSettings

    def clips(self, deadline: int = LATER, **changes: Any) -> Clips:
        """A function that has just started, with so many milliseconds to go."""
        memory = Memory.of(self.cloud.name)
        memory.at_work(SimpleNamespace(get_remaining_time_in_millis=lambda: deadline))
        settings = self.settings.model_copy(update=changes)
        return Clips.of(settings, self.cloud.aws.sns, self.cloud.aws.sqs, memory)

    def asks(self, *screenshots: bytes, tag: str = "weekly-48", **more: Any) -> DemoRequested:
        """What the weekly workflow leaves and says."""
        demo_id = uuid4()
        keys = [f"clips/{demo_id}/screens/{number}.png" for number in range(len(screenshots))]
        for key, content in zip(keys, screenshots, strict=True):
            self.cloud.aws.s3.put_object(Bucket=self.cloud.name, Key=key, Body=content)
        data = DemoRequestedData(tag=tag, prompt="A calm walk.", screenshots=keys, **more)
        return new_event(DemoRequested, demo_id, ADA, data)

    def waiting(self) -> list[DemoSubmitted]:
        """What `report` told itself; taken off the queue."""
        found = []
        while got := self.cloud.aws.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for each in got:
                kind = each["MessageAttributes"]["type"]["StringValue"]
                found.append(receive(each["Body"], kind, DemoSubmitted))
                self.cloud.aws.sqs.delete_message(
                    QueueUrl=self.queue_url, ReceiptHandle=each["ReceiptHandle"]
                )
        return found

    def runs(self, clips: Clips, *messages: Any, times: int = 1) -> int:
        """Bring messages, and what comes of them, each so many times; how many there were."""
        heard = 0
        todo = list(messages)
        while todo:
            message = todo.pop(0)
            heard += 1
            for _ in range(times):
                clips.on_message(message)
            todo += self.waiting()
        return heard

    def ready(self) -> DemoReady:
        """The one clip that was told since this was last asked."""
        [event] = self.cloud.said()
        assert isinstance(event, DemoReady)
        return event

    def clip(self, demo_id: UUID) -> bytes:
        """What lies where clips do."""
        return self.cloud.objects()[f"clips/{demo_id}.mp4"]

    def films(self) -> list[str]:
        """Every clip that is stored."""
        return [key for key in self.cloud.objects() if key.endswith(".mp4")]
