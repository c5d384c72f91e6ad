"""`up` that can't succeed says why and leaves nothing running."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk.local.processes import Processes
from cdk.local.settings import LocalSettings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home() -> Iterator[Path]:
    """Not under pytest's own folder: Postgres runs as another user, who may not enter there."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        Processes(Path(folder)).stop_all()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_ends_up_with_its_owner_named_and_everything_stopped(home: Path) -> None:
    ports = {name: free_port() for name in LocalSettings.model_fields if name.startswith("port_")}
    environment = {f"SAYSO_LOCAL_{name.upper()}": str(port) for name, port in ports.items()}
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", ports["port_push"]))
        owner.listen()
        done = subprocess.run(
            [sys.executable, "-m", "cdk.local", "up", "--json"],
            cwd=ROOT,
            env={**os.environ, **environment, "SAYSO_LOCAL_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {ports['port_push']}, wanted by push" in json.loads(done.stdout)["error"]
    assert f"(pid {os.getpid()})" in done.stderr
    assert list(Processes(home).strays()) == []
    assert Processes(home).names() == []
