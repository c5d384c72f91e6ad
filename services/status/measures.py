"""What the promises of the specification are measured by, taken when a task's outcome is told."""

from typing import get_args

from aws_lambda_powertools.metrics import MetricUnit

from contracts.models import Outcome, TaskSettled
from contracts.observing import measure


def take(event: TaskSettled) -> None:
    """Count an outcome, time a merge that nobody was asked about, and sum what an end cost."""
    data = event.data
    facts = {"job_id": str(event.job_id), "reason": data.reason, "outcome": data.status}
    # A share is of all outcomes: CloudWatch can't reckon with one that has never been heard of.
    for outcome in get_args(Outcome.__value__):
        measure("Settled", int(data.status == outcome), MetricUnit.Count, facts, status=outcome)
    if data.status == "auto_merged" and data.duration_ms is not None:
        measure("VoiceToMerge", data.duration_ms, MetricUnit.Milliseconds, facts)
    if data.status != "pr_opened":
        # A task that asks is paid for once, when it has been answered.
        measure("CostUsd", data.cost_usd, MetricUnit.NoUnit, facts)
