"""A job's work is a part of the trace that began with its upload."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from runner.tracing import Tracing
from tests.integration.runner.world import job

HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled="


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    """Where CloudWatch's agent listens for X-Ray."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        yield listening


def tracing_to(agent: socket.socket) -> Tracing:
    host, port = agent.getsockname()
    return Tracing(f"{host}:{port}")


def sent(agent: socket.socket) -> list[dict[str, object]]:
    """All that arrived until now: what goes over the loopback is there at once."""
    agent.setblocking(False)
    segments = []
    with suppress(BlockingIOError):
        while True:
            segments.append(json.loads(agent.recv(65_536).partition(b"\n")[2]))
    return segments


def test_a_sampled_job_is_a_segment_of_its_trace(agent: socket.socket) -> None:
    change = job()
    with tracing_to(agent).job(change, f"{HEADER}1"):
        pass
    [segment] = sent(agent)
    assert segment["name"] == "runner"
    assert segment["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert segment["parent_id"] == "53995c3f42cd8ad8"
    assert segment["annotations"] == {"job_id": str(change.job_id), "kind": change.kind}


def test_a_job_that_breaks_is_seen_to(agent: socket.socket) -> None:
    with pytest.raises(ConnectionError), tracing_to(agent).job(job(), f"{HEADER}1"):
        raise ConnectionError("GitHub is down")
    [segment] = sent(agent)
    assert segment["fault"] is True


@pytest.mark.parametrize("header", [None, f"{HEADER}0"])
def test_a_job_that_nobody_wants_to_see_is_not_sent(
    agent: socket.socket, header: str | None
) -> None:
    with tracing_to(agent).job(job(), header):
        pass
    assert sent(agent) == []
