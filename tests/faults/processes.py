"""Runners as processes of their own, and waiting for what they do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.integration.runner.world import PATCHES, ROOT, TOKEN, World

T = TypeVar("T")


@dataclass(frozen=True)
class RunnerProcess:
    """`python -m runner`."""

    process: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls, world: World, aws_url: str, work_dir: Path, visibility_seconds: int
    ) -> "RunnerProcess":
        """Start one; runners of one test share their folder."""
        return cls(
            subprocess.Popen(
                [sys.executable, "-m", "runner"],
                cwd=ROOT,
                env={
                    "PATH": os.defpath,
                    "SANDBOX": os.environ["SANDBOX"],
                    "AWS_ENDPOINT_URL": aws_url,
                    "AWS_ACCESS_KEY_ID": "test",
                    "AWS_SECRET_ACCESS_KEY": "test",
                    "AWS_DEFAULT_REGION": "eu-west-1",
                    "SQS_URL": world.cloud.queue("jobs"),
                    "RUNNER_CONTROL_QUEUE_URL": world.cloud.queue("control"),
                    "RUNNER_EVENTS_TOPIC_ARN": world.cloud.topic_arn,
                    "MEDIA_BUCKET": world.cloud.name,
                    "JOB_CONTROL_TABLE": world.cloud.name,
                    "GITHUB_API_URL": world.github_url,
                    "GIT_BASE_URL": world.github_url,
                    "GITHUB_TOKEN": TOKEN,
                    "WORK_DIR": str(work_dir),
                    "MVP_MOCK": "1",
                    "CANNED_PATCHES": str(PATCHES),
                    "VISIBILITY_SECONDS": str(visibility_seconds),
                },
            )
        )

    def kill(self) -> None:
        """End it as a machine that loses its power does."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """Ask it to end, as a spot notice or a deployment does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


def eventually(look: Callable[[], T], what: str, seconds: float = 60) -> T:
    """Look until there is something to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"in {seconds} s it did not happen that {what}")
