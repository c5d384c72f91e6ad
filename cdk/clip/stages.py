"""Where a stage is: on AWS by its stack's outputs, on this machine by its endpoints."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import boto3
from botocore.exceptions import ClientError

from cdk.clip.request import Place
from cdk.local import emulator
from cdk.local.identity import DEVELOPER_ID, access_token
from cdk.local.settings import LocalSettings
from cdk.local.system import LocalSystem
from cdk.stage import Stage
from contracts.bus import Queue

LONGEST_WAIT_SECONDS = 120


class NoClip(Exception):
    """The clip was asked for and did not come; the text says what to look at."""


def on_aws(stage: Stage) -> Place:
    """A stage on AWS.

    Raises:
        botocore.exceptions.ClientError: it is not deployed, or AWS refused.
    """
    stacks = boto3.client("cloudformation").describe_stacks(
        StackName=f"Sayso-{stage.name}-Platform"
    )["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}
    queue = Queue(outputs["ReportQueueUrl"], boto3.client("sqs"))
    return Place(outputs["MediaBucket"], boto3.client("s3"), queue)


@dataclass(frozen=True)
class Here:
    """The stage on this machine."""

    settings: LocalSettings
    endpoints: dict[str, Any]

    @classmethod
    def of(cls, settings: LocalSettings) -> "Here":
        """It has to be up.

        Raises:
            LocalError: it is not.
        """
        return cls(settings, LocalSystem(settings).endpoints())

    @property
    def place(self) -> Place:
        """Where a clip is asked for."""
        queue = Queue(self.endpoints["queues"]["report"], self._aws("sqs"))
        return Place(self.endpoints["bucket"], self._aws("s3"), queue)

    @property
    def user_id(self) -> UUID:
        """The developer, who has a phone."""
        return UUID(DEVELOPER_ID)

    @property
    def token(self) -> str:
        """By which the developer is signed in."""
        return access_token(self.settings)

    def fetch(self, demo_id: UUID) -> Path:
        """Wait for a clip and bring it here.

        Raises:
            NoClip: it does not come.
        """
        file = self.settings.home / "clips" / f"{demo_id}.mp4"
        file.parent.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < deadline:
            try:
                self._aws("s3").download_file(
                    self.endpoints["bucket"], f"clips/{demo_id}.mp4", str(file)
                )
            except ClientError:
                time.sleep(0.2)
            else:
                return file
        raise NoClip("The clip did not come: `python -m cdk.local logs report` says why.")

    def push(self, demo_id: UUID) -> dict[str, Any]:
        """Wait for the push that carries the clip's link.

        Raises:
            NoClip: it does not come.
        """
        log = Path(self.endpoints["push_log"])
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < deadline:
            lines = log.read_text().splitlines() if log.exists() else []
            for line in reversed(lines):
                if f"clips/{demo_id}.mp4" in line:
                    found: dict[str, Any] = json.loads(line)
                    return found
            time.sleep(0.2)
        raise NoClip("No push came: `python -m cdk.local logs notify` says why.")

    def _aws(self, service: str) -> Any:
        return emulator.client(self.settings, service)


def seconds(file: Path) -> float:
    """How long a film is."""
    with av.open(str(file)) as container:
        return (container.duration or 0) / av.time_base
