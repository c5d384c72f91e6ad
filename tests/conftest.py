"""The box that tests run untrusted code in: bubblewrap, or what `--sandbox` names."""

import os
import socket
from collections.abc import Iterator

import pytest

from runner.sandbox.detect import choose
from runner.sandbox.sandbox import Sandbox

IMAGE = "sayso-box"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sandbox",
        default="bubblewrap",
        choices=["bubblewrap", "docker", "podman"],
        help="what makes the boxes (default bubblewrap)",
    )
    parser.addoption(
        "--emulator",
        default="ministack",
        choices=["ministack", "localstack"],
        help="what tests/integration/messaging runs on (default ministack)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have every process that a test starts use the same boxes, whichever work here besides."""
    os.environ["SANDBOX"] = config.getoption("sandbox")


@pytest.fixture
def xray_agent() -> Iterator[socket.socket]:
    """Where an X-Ray agent would listen (UDP)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        yield listening


@pytest.fixture(scope="session")
def sandbox(pytestconfig: pytest.Config) -> Sandbox:
    return choose(pytestconfig.getoption("sandbox"), IMAGE)
