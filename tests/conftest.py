"""The box that tests run untrusted code in: bubblewrap, or what `--sandbox` names."""

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


@pytest.fixture(scope="session")
def sandbox(pytestconfig: pytest.Config) -> Sandbox:
    return choose(pytestconfig.getoption("sandbox"), IMAGE)
