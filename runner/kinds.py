"""Which function does which kind of job, and how its end becomes an outcome."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from contracts.models import JobKind, RunnerJob
from runner.approval import close, merge
from runner.deadline import Deadline
from runner.failure import Failure
from runner.inspection import inspect
from runner.job import Run, Tools, change
from runner.outcome import Outcome
from runner.statuses import Reporter
from runner.undo import revert

_DO: dict[JobKind, Callable[[Run], Outcome]] = {
    "change": change,
    "merge": merge,
    "close": close,
    "revert": revert,
    "inspect": inspect,
}

_CANCELLABLE = frozenset({"change", "merge", "revert"})
"""Kinds that end in a merge. The others tidy up, also after a cancellation."""

HEARTBEAT_SECONDS = 2.0
"""How often a job in hand is looked up in job-control."""


@dataclass(frozen=True)
class Jobs:
    """Does jobs of all kinds."""

    tools: Tools
    reporter: Reporter
    heartbeat_seconds: float = HEARTBEAT_SECONDS

    def do(self, job: RunnerJob) -> Outcome:
        """Do one job to its end and say how it ended.

        Raises:
            Exception: nothing was said about it; the job is to be tried again.
        """
        deadline = Deadline.after(job.max_seconds)
        tools = replace(self.tools, courier=self.tools.courier.within(deadline))
        try:
            with self._heeding(job, deadline):
                outcome = _DO[job.kind](
                    Run(
                        job,
                        tools,
                        deadline,
                        progress=lambda phase: self.reporter.progressed(job, phase, deadline),
                    )
                )
        except Failure as failure:
            outcome = Outcome.failed(failure, pr_url=job.pr_url)
        self.reporter.ended(job, outcome, deadline)
        return outcome

    def _heeding(self, job: RunnerJob, deadline: Deadline) -> AbstractContextManager[None]:
        """End the work as soon as the user cancels it."""
        if job.kind not in _CANCELLABLE:
            return nullcontext()
        control = self.tools.courier.control
        return control.heeding(job.job_id, deadline, self.heartbeat_seconds)
