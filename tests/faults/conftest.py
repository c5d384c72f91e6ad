"""An AWS emulator and GitHub's stand-in that runners in other processes can reach."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests

from tests.faults.processes import RunnerProcess, eventually
from tests.integration.runner.conftest import github_root, github_url, measurements, world
from tests.integration.runner.world import World

__all__ = ["github_root", "github_url", "measurements", "world"]


@pytest.fixture(scope="session")
def aws_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    emulator = subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        cwd=tmp_path_factory.mktemp("emulator"),
        env={
            "PATH": "/usr/bin:/bin",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "ERROR",
        },
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(f"{url}/_ministack/health"), "the emulator answers")
        yield url
    finally:
        emulator.kill()
        emulator.wait()


@pytest.fixture(scope="session")
def clients(aws_url: str) -> dict[str, object]:
    session = boto3.Session("test", "test", region_name="eu-west-1")
    return {
        name: session.client(name, endpoint_url=aws_url)
        for name in ("sqs", "sns", "s3", "dynamodb")
    }


@pytest.fixture
def new_runner(world: World, aws_url: str, tmp_path: Path) -> Iterator[type[RunnerProcess]]:
    started: list[RunnerProcess] = []

    def start(visibility_seconds: int = 6) -> RunnerProcess:
        runner = RunnerProcess.start(world, aws_url, tmp_path / "work", visibility_seconds)
        started.append(runner)
        return started[-1]

    yield start
    for runner in started:
        runner.kill()


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
