"""A job's work is a part of the trace that began with its upload."""

import json
import socket
from contextlib import suppress

import pytest

from runner.tracing import Tracing
from tests.integration.runner.world import job

HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled="


def tracing_to(xray_agent: socket.socket) -> Tracing:
    host, port = xray_agent.getsockname()
    return Tracing(f"{host}:{port}")


def sent(xray_agent: socket.socket) -> list[dict[str, object]]:
    """All that arrived until now: what goes over the loopback is there at once."""
    xray_agent.setblocking(False)
    segments = []
    with suppress(BlockingIOError):
        while True:
            segments.append(json.loads(xray_agent.recv(65_536).partition(b"\n")[2]))
    return segments


def test_a_sampled_job_is_a_segment_of_its_trace(xray_agent: socket.socket) -> None:
    change = job()
    with tracing_to(xray_agent).job(change, f"{HEADER}1"):
        pass
    [segment] = sent(xray_agent)
    assert segment["name"] == "runner"
    assert segment["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert segment["parent_id"] == "53995c3f42cd8ad8"
    assert segment["annotations"] == {"job_id": str(change.job_id), "kind": change.kind}


def test_a_job_that_breaks_is_seen_to(xray_agent: socket.socket) -> None:
    with pytest.raises(ConnectionError), tracing_to(xray_agent).job(job(), f"{HEADER}1"):
        raise ConnectionError("GitHub is down")
    [segment] = sent(xray_agent)
    assert segment["fault"] is True


@pytest.mark.parametrize("header", [None, f"{HEADER}0"])
def test_a_job_that_nobody_wants_to_see_is_not_sent(
    xray_agent: socket.socket, header: str | None
) -> None:
    with tracing_to(xray_agent).job(job(), header):
        pass
    assert sent(xray_agent) == []
