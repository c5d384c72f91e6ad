"""Which function does which kind of job, and how its end becomes an outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.models import JobKind, RunnerJob
from runner.approval import close, merge
from runner.deadline import Deadline
from runner.failure import Failure
from runner.inspection import inspect
from runner.job import Run, Tools, change
from runner.outcome import Outcome
from runner.statuses import Reporter

_DO: dict[JobKind, Callable[[Run], Outcome]] = {
    "change": change,
    "merge": merge,
    "close": close,
    "inspect": inspect,
}


@dataclass(frozen=True)
class Jobs:
    """Does jobs of all kinds."""

    tools: Tools
    reporter: Reporter

    def do(self, job: RunnerJob) -> Outcome:
        """Do one job to its end and say how it ended.

        Raises:
            Exception: nothing was said about it; the job is to be tried again.
        """
        deadline = Deadline.after(job.max_seconds)
        try:
            if job.kind not in _DO:
                raise Failure("not_supported", "Undoing is not possible yet; revert it by hand.")
            outcome = _DO[job.kind](
                Run(
                    job,
                    self.tools,
                    deadline,
                    progress=lambda phase: self.reporter.progressed(job, phase, deadline),
                )
            )
        except Failure as failure:
            outcome = Outcome.failed(failure, pr_url=job.pr_url)
        self.reporter.ended(job, outcome, deadline)
        return outcome
