"""How a job ended, and the status that says so."""

from dataclasses import dataclass, replace

from contracts.models import Outcome as Ending
from contracts.models import RunnerJob, RunnerStatus
from runner.candidate import Candidate
from runner.failure import Failure
from runner.policy import Decision
from runner.spending import NOTHING, Spent

LONGEST_NOTES = 2000
LONGEST_SUMMARY = 200
MOST_FILES = 10_000
MOST_ASKS = 100
TAIL_OF_OUTPUT = 1200


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    ending: Ending
    notes: str
    reason: str | None = None
    candidate: Candidate | None = None
    pr_url: str | None = None
    decision: Decision | None = None
    """Why a person is asked, if one is."""
    spent: Spent = NOTHING
    """By a job that made no candidate; a candidate carries what it cost."""

    @classmethod
    def merged(cls, candidate: Candidate, branch: str, by_approval: bool = False) -> "Outcome":
        """The candidate is on the branch."""
        return cls(
            "ok" if by_approval else "auto_merged",
            f"Merged to {branch}: {candidate.subject}.",
            candidate=candidate,
        )

    @classmethod
    def asked(cls, candidate: Candidate, decision: Decision, pr_url: str) -> "Outcome":
        """The candidate waits in a pull request."""
        why = "; ".join(reason.sentence for reason in decision.reasons)
        output = candidate.proof.output.strip()[-TAIL_OF_OUTPUT:]
        notes = f"A pull request waits for you: {why}." + (f"\n{output}" if output else "")
        reason = decision.reasons[0].code if decision.reasons else None
        return cls("pr_opened", notes, reason, candidate, pr_url, decision)

    @classmethod
    def nothing_to_do(cls, why: str, spent: Spent = NOTHING) -> "Outcome":
        """The code is already as it was asked to be."""
        return cls("ok", f"Nothing needed changing: {why}", "nothing_to_do", spent=spent)

    @classmethod
    def failed(
        cls, failure: Failure, candidate: Candidate | None = None, pr_url: str | None = None
    ) -> "Outcome":
        """It could not be done; the failure says what to do."""
        return cls("fail", failure.sentence, failure.reason, candidate, pr_url, spent=failure.spent)

    def with_request(self, pr_url: str) -> "Outcome":
        """The same, and the pull request that it went through."""
        return replace(self, pr_url=pr_url)


def status_of(
    job: RunnerJob, outcome: Outcome, duration_ms: int, diff_key: str | None
) -> RunnerStatus:
    """The message that tells an outcome."""
    made = outcome.candidate
    asks = outcome.decision.reasons if outcome.decision else ()
    spent = made.spent if made else outcome.spent
    return RunnerStatus(
        job_id=job.job_id,
        kind=job.kind,
        run=job.run,
        job_token=job.job_token,
        status=outcome.ending,
        reason=outcome.reason,
        notes=outcome.notes[:LONGEST_NOTES],
        summary=made.subject[:LONGEST_SUMMARY] if made else None,
        asks=[reason.sentence for reason in asks][:MOST_ASKS],
        repo=job.repo,
        branch=job.branch,
        base_sha=made.base if made else None,
        commit_sha=made.commit if made else None,
        pr_url=outcome.pr_url,
        patch_id=made.patch_id if made else None,
        diff_key=diff_key,
        loc_delta=made.change.loc_delta if made else 0,
        files_touched=made.change.paths[:MOST_FILES] if made else [],
        lint_passed=made.proof.lint_passed if made else False,
        tests_passed=made.proof.tests_passed if made else False,
        tests_added=made.proof.tests_added if made else None,
        tok_in=spent.tok_in,
        tok_out=spent.tok_out,
        cost_usd=spent.cost_usd,
        duration_ms=duration_ms,
    )
