"""What a runner says: phases and outcomes on runner-events, diffs and vocabularies in media."""

import json
from dataclasses import dataclass
from typing import get_args

from aws_lambda_powertools.metrics import MetricUnit

from contracts.bus import Topic
from contracts.identity import new_event
from contracts.media import Media
from contracts.models import Outcome as Ending
from contracts.models import (
    Phase,
    RunnerJob,
    RunnerStatusReported,
    TaskProgressed,
    TaskProgressedData,
)
from contracts.observing import measure
from runner.deadline import Deadline
from runner.outcome import Outcome, status_of


@dataclass(frozen=True)
class Reporter:
    """Says what happens to jobs."""

    events: Topic
    media: Media

    def progressed(self, job: RunnerJob, phase: Phase, deadline: Deadline) -> None:
        """Say that a phase of the job begins."""
        data = TaskProgressedData(run=job.run, phase=phase, elapsed_ms=deadline.elapsed_ms)
        self.events.publish(new_event(TaskProgressed, job.job_id, job.user_id, data))
        facts = {"job_id": str(job.job_id)}
        began = deadline.elapsed_ms
        measure("PhaseBegan", began, MetricUnit.Milliseconds, facts, phase=str(phase))

    def ended(self, job: RunnerJob, outcome: Outcome, deadline: Deadline) -> None:
        """Store the diff, then say how the job ended."""
        diff_key = None
        if outcome.candidate:
            diff_key = f"diffs/{job.job_id}/{job.run}.diff"
            self.media.store(diff_key, outcome.candidate.diff, "text/x-diff")
        status = status_of(job, outcome, deadline.elapsed_ms, diff_key)
        self.events.publish(new_event(RunnerStatusReported, job.job_id, job.user_id, status))
        facts = {"job_id": str(job.job_id), "kind": job.kind, "reason": status.reason}
        # A share is of all outcomes: CloudWatch can't reckon with one that has never been heard of.
        for each in get_args(Ending.__value__):
            measure("JobsEnded", int(status.status == each), MetricUnit.Count, facts, status=each)
        measure("Milliseconds", status.duration_ms, MetricUnit.Milliseconds, facts)

    def vocabulary(self, repo: str, words: list[str]) -> None:
        """Store the words that a repository's users are likely to say."""
        name = repo.partition(":")[2].removesuffix(".git")
        body = json.dumps({"repo": repo, "words": words}).encode()
        self.media.store(f"vocabulary/{name}.json", body, "application/json")
