"""What is seen of the work from outside: logs, metrics and traces that name the task.

| | How | The task is |
| --- | --- | --- |
| logs | JSON lines, Powertools | `correlation_id` |
| metrics | lines in CloudWatch's embedded metric format | the property `job_id`, no dimension |
| traces | AWS X-Ray, of the invocations that AWS samples | the annotation `job_id` |

A dimension makes a metric of its own, and every metric costs: `service` is one, a task never is.
"""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

if TYPE_CHECKING:
    from aws_xray_sdk.core import AWSXRayRecorder

NAMESPACE = "Sayso"
"""Of the metrics, where POWERTOOLS_METRICS_NAMESPACE names none."""

logger = Logger()


@contextmanager
def step(name: str, job_id: UUID | None = None) -> Iterator[None]:
    """Time one piece of work and count whether it failed; its logs and trace name the task.

    Args:
        name: the type of the message, or the route, that is worked on.
        job_id: the task, as far as it is known yet; see `concerns`.
    """
    began, failed = time.perf_counter(), 1
    logger.append_keys(correlation_id=str(job_id) if job_id else None)
    try:
        with _subsegment(name):
            if job_id:
                concerns(job_id)
            yield
        failed = 0
    finally:
        milliseconds = (time.perf_counter() - began) * 1000
        facts = {"step": name, "job_id": str(job_id) if job_id else None}
        measure("Milliseconds", milliseconds, MetricUnit.Milliseconds, facts)
        measure("Failures", failed, MetricUnit.Count, facts)


def concerns(job_id: UUID) -> None:
    """Say which task the step in hand is about."""
    logger.append_keys(correlation_id=str(job_id))
    if _is_sampled():
        segment = _recorder().current_subsegment()
        if segment:
            segment.put_annotation("job_id", str(job_id))


def measure(
    name: str,
    value: float,
    unit: MetricUnit,
    facts: dict[str, Any] | None = None,
    **dimensions: str,
) -> None:
    """Print one metric; CloudWatch takes it from the log.

    Args:
        name: of the metric.
        value: one value of it.
        unit: of the value.
        facts: what is worth knowing of this one value: its task, for example.
        dimensions: by which it is told apart from others of its name, besides `service`.
    """
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    with single_metric(name=name, unit=unit, value=value, namespace=namespace) as metric:
        for key, said in dimensions.items():
            metric.add_dimension(key, said)
        for key, fact in (facts or {}).items():
            if fact is not None:
                metric.add_metadata(key, fact)


def _subsegment(name: str) -> AbstractContextManager[Any]:
    # X-Ray takes letters, digits and a few signs in a name; braces of a route are not among them.
    plain = name.translate({ord("{"): None, ord("}"): None})
    return _recorder().in_subsegment(plain) if _is_sampled() else nullcontext()


def _is_sampled() -> bool:
    """Whether AWS traces this invocation; Lambda says it anew for each."""
    return "Sampled=1" in os.environ.get("_X_AMZN_TRACE_ID", "")


@cache
def _recorder() -> "AWSXRayRecorder":
    # It takes a quarter of a second to load, and most invocations are not traced.
    from aws_xray_sdk.core import xray_recorder

    return xray_recorder
