"""What is seen from outside names the task, and costs one metric a service."""

import json
import os
import socket
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest
from aws_lambda_powertools.metrics import MetricUnit

from contracts.observing import measure, step

JOB = UUID("7c1f4a52-6f0e-4b5b-9c93-6a3a0f7f2f61")
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled="

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Sayso/test")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "dispatch")


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """The metrics that were printed, by name: value, dimensions, and the whole line."""
    found = {}
    for text in capsys.readouterr().out.splitlines():
        line = json.loads(text)
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            [metric], [keys] = directive["Metrics"], directive["Dimensions"]
            found[metric["Name"]] = {
                "value": line[metric["Name"]],
                "unit": metric["Unit"],
                "namespace": directive["Namespace"],
                "dimensions": {key: line[key] for key in keys},
                "line": line,
            }
    return found


def test_a_step_is_timed_and_counted_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    with step("task.uploaded", JOB):
        pass
    metrics = printed(capsys)
    assert metrics["Failures"]["value"] == [0]
    assert metrics["Milliseconds"]["unit"] == "Milliseconds"
    assert metrics["Milliseconds"]["value"][0] >= 0
    assert {each["namespace"] for each in metrics.values()} == {"Sayso/test"}


def test_a_step_that_raises_is_counted_as_failed_and_still_raises(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ConnectionError), step("task.uploaded", JOB):
        raise ConnectionError
    assert printed(capsys)["Failures"]["value"] == [1]


def test_a_task_is_a_property_of_a_metric_and_never_a_dimension(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with step("task.uploaded", JOB):
        pass
    for metric in printed(capsys).values():
        assert metric["dimensions"] == {"service": "dispatch"}
        assert metric["line"]["job_id"] == str(JOB)
        assert metric["line"]["step"] == "task.uploaded"


def test_a_measure_has_the_dimensions_that_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    measure("Settled", 1, MetricUnit.Count, {"reason": None}, status="ok")
    metric = printed(capsys)["Settled"]
    assert metric["dimensions"] == {"service": "dispatch", "status": "ok"}
    assert "reason" not in metric["line"]


def in_lambda(code: str, xray_agent: socket.socket, sampled: bool) -> str:
    """What a program prints that runs as Lambda runs a function."""
    host, port = xray_agent.getsockname()
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "LAMBDA_TASK_ROOT": "/var/task",
            "_X_AMZN_TRACE_ID": f"{TRACE}{int(sampled)}",
            "AWS_XRAY_DAEMON_ADDRESS": f"{host}:{port}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


STEP = f"""
import sys
from uuid import UUID
from contracts.observing import concerns, step
with step("GET /tasks/{{job_id}}"):
    concerns(UUID("{JOB}"))
print("aws_xray_sdk" in sys.modules)
"""


def test_a_step_of_a_sampled_invocation_is_a_subsegment_that_names_the_task(
    xray_agent: socket.socket,
) -> None:
    assert in_lambda(STEP, xray_agent, sampled=True).splitlines()[-1] == "True"
    subsegment = json.loads(xray_agent.recv(65_536).partition(b"\n")[2])
    assert subsegment["name"] == "GET /tasks/job_id"
    assert subsegment["annotations"] == {"job_id": str(JOB)}
    assert subsegment["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"


def test_what_is_not_sampled_does_not_even_load_the_tracer(xray_agent: socket.socket) -> None:
    assert in_lambda(STEP, xray_agent, sampled=False).splitlines()[-1] == "False"


SPEAK = f"""
from uuid import UUID
from aws_lambda_powertools import Logger
from contracts.observing import concerns, step
logger, job = Logger(), UUID("{JOB}")
with step("task.uploaded", job):
    logger.info("first")
with step("POST /task"):
    logger.info("second")
    concerns(job)
    logger.info("third")
"""


def test_each_line_of_a_step_bears_its_task_and_none_of_the_one_before(
    xray_agent: socket.socket,
) -> None:
    lines = [json.loads(text) for text in in_lambda(SPEAK, xray_agent, sampled=False).splitlines()]
    said = {line["message"]: line.get("correlation_id") for line in lines if "message" in line}
    assert said == {"first": str(JOB), "second": None, "third": str(JOB)}
