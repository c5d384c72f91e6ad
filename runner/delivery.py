"""The courier: it alone holds the credentials of git and GitHub, and runs no repository code.

One push moves the branch and the ref that remembers the job, both or neither. Of two runners on
one job exactly one succeeds; the other finds the ref, and reports what it says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from contracts.models import RunnerJob
from runner.candidate import Candidate, recall
from runner.checkout import Checkout
from runner.control import DeliveredElsewhere, JobControl
from runner.deadline import Deadline
from runner.failure import Failure
from runner.git import Git, GitFailed
from runner.memory import job_ref
from runner.outcome import Outcome
from runner.patience import patiently
from runner.policy import Decision, Reason
from runner.pull_requests import PullRequests, Request
from runner.request_body import request_body
from runner.workspace import Workspace, request_branch

_REFUSED = ("hook declined", "error: 403", "refusing to allow", "permission to", "protected branch")
_WORKFLOWS = "create or update workflow"
_OVERTAKEN = (
    "stale info",
    "fetch first",
    "non-fast-forward",
    "failed to update ref",
    "cannot lock",
)


class Overtaken(Exception):
    """Somebody else moved one of the refs first; nothing was pushed."""


class Refused(Exception):
    """The remote does not take this push from us, however often it is tried."""


def push(git: Git, moves: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Move several refs of the remote at once, or none; a remote in trouble is waited for.

    Where an answer was lost on its way, the second try finds the refs moved: `Overtaken`, and the
    job's ref tells by whom.

    Args:
        git: of the mirror.
        moves: by ref, the object that it must be at (None: must not exist) and the one that
            it moves to (None: is deleted).

    Raises:
        Overtaken: a ref is not where it must be.
        Refused: the branch is protected, or the credential may not do this.
        GitFailed: anything else; trying again may help.
    """
    leases = [f"--force-with-lease={ref}:{old or ''}" for ref, (old, _) in moves.items()]
    specs = [f"{new or ''}:{ref}" for ref, (_, new) in moves.items()]
    url = git.remote.url
    try:
        patiently(
            git.deadline,
            lambda: git.run("push", "--atomic", "--porcelain", *leases, url, *specs, online=True),
        )
    except GitFailed as failed:
        said = failed.said.casefold()
        if any(sign in said for sign in _REFUSED):
            raise Refused(failed.said) from failed
        if any(sign in said for sign in _OVERTAKEN):
            raise Overtaken(failed.said) from failed
        raise


@dataclass(frozen=True)
class Courier:
    """Delivers candidates, and knows what was delivered."""

    workspace: Workspace
    ask_github: Callable[[str, Deadline], PullRequests]
    """For the pull requests of a repository, `git@github.com:org/project.git`."""
    control: JobControl
    deadline: Deadline = field(default_factory=lambda: Deadline.after(0))
    """Of the one job that is being done; see `within`."""

    def within(self, deadline: Deadline) -> "Courier":
        """The same courier, for one job."""
        return replace(self, deadline=deadline)

    def pull_requests(self, repo: str) -> PullRequests:
        """Those of a repository."""
        return self.ask_github(repo, self.deadline)

    def earlier(self, checkout: Checkout, job: RunnerJob) -> Outcome | None:
        """What this job delivered before, by this runner or another; None if nothing."""
        candidate = recall(checkout, job)
        if candidate is None:
            return None
        if is_merged(checkout.git, candidate.commit, checkout.base):
            self.control.finish(job.job_id, job.run)
            return Outcome.merged(candidate, job.branch)
        request = self.pull_requests(job.repo).find(branch_name(job))
        if request and request.state != "open":
            return self.ended(job, candidate, request)
        return self._ask(job, candidate, candidate.decision)

    def ended(self, job: RunnerJob, candidate: Candidate, request: Request) -> Outcome:
        """What became of a pull request that is open no more, whoever merged or closed it."""
        if request.state == "merged":
            self.control.finish(job.job_id, job.run)
            merged = replace(candidate, commit=request.merge_commit or candidate.commit)
            outcome = Outcome.merged(merged, job.branch, by_approval=True)
            return outcome.with_request(request.url)
        rejected = Failure("rejected", "The pull request was closed without merging it.")
        return Outcome.failed(rejected, candidate, request.url)

    def deliver(self, checkout: Checkout, job: RunnerJob, candidate: Candidate) -> Outcome | None:
        """Merge the candidate, or open a pull request; None if the base has moved meanwhile.

        Raises:
            Failure: `cancelled`, `push_refused`.
            DeliveredElsewhere: another run of this job has it.
        """
        if not candidate.decision.merges:
            return self.request(checkout, job, candidate, candidate.decision)
        heads, memory = f"refs/heads/{job.branch}", job_ref(job.job_id)
        try:
            self.control.begin(job.job_id, job.run)
            push(
                checkout.git,
                {heads: (candidate.base, candidate.commit), memory: (None, candidate.memory)},
            )
        except Overtaken:
            self.control.reopen(job.job_id, job.run)
            return self._overtaken(checkout, job)
        except DeliveredElsewhere:
            earlier = self._overtaken(checkout, job)
            if earlier is None:
                raise
            return earlier
        except Refused:
            return self._through_api(checkout, job, candidate)
        self.control.finish(job.job_id, job.run)
        return Outcome.merged(candidate, job.branch)

    def request(
        self, checkout: Checkout, job: RunnerJob, candidate: Candidate, decision: Decision
    ) -> Outcome:
        """Open a pull request for the candidate.

        Raises:
            Failure: `cancelled`, `push_refused`.
            DeliveredElsewhere: another run of this job has it.
        """
        try:
            self.control.begin(job.job_id, job.run)
            self._push_request(checkout, job, candidate)
        except (Overtaken, DeliveredElsewhere):
            earlier = self._overtaken(checkout, job)
            if earlier is None:
                raise
            return earlier
        return self._ask(job, candidate, decision)

    def _overtaken(self, checkout: Checkout, job: RunnerJob) -> Outcome | None:
        """What somebody else delivered for this job meanwhile, if that is who was faster."""
        newest = self.workspace.fetch(checkout.git, job.branch, job.job_id)
        return self.earlier(checkout.at(newest), job)

    def _through_api(self, checkout: Checkout, job: RunnerJob, candidate: Candidate) -> Outcome:
        """A protected branch takes no push: open a pull request and have GitHub merge it.

        GitHub pins the head it merges, not the base: the base was compared just before.
        """
        outcome = self.request(
            checkout,
            job,
            candidate,
            Decision.ask([Reason("branch_protected", f"{job.branch} is protected")]),
        )
        requests = self.pull_requests(job.repo)
        request = requests.find(branch_name(job))
        newest = self.workspace.fetch(checkout.git, job.branch, job.job_id)
        if request is None or request.state != "open" or newest != candidate.base:
            return outcome
        self.control.begin(job.job_id, job.run)
        if not requests.merge(request.number, candidate.commit):
            self.control.reopen(job.job_id, job.run)
            return outcome
        self.control.finish(job.job_id, job.run)
        return Outcome.merged(candidate, job.branch).with_request(request.url)

    def _push_request(self, checkout: Checkout, job: RunnerJob, candidate: Candidate) -> None:
        moves = {
            request_branch(job.job_id): (None, candidate.commit),
            job_ref(job.job_id): (None, candidate.memory),
        }
        try:
            push(checkout.git, moves)
        except Refused as refused:
            if _WORKFLOWS in str(refused).casefold():
                raise Failure(
                    "workflows_not_permitted",
                    "GitHub lets Sayso change no workflows; allow it to, or push the stored diff "
                    "yourself.",
                ) from refused
            raise Failure(
                "push_refused",
                "GitHub refuses the change; give Sayso the right to push to this repository.",
            ) from refused

    def _ask(self, job: RunnerJob, candidate: Candidate, decision: Decision) -> Outcome:
        request = self.open_request(job, candidate, decision)
        self.control.reopen(job.job_id, job.run)
        return Outcome.asked(candidate, decision, request.url)

    def open_request(self, job: RunnerJob, candidate: Candidate, decision: Decision) -> Request:
        """The pull request of the candidate: a draft if the candidate is not proven."""
        return self.pull_requests(job.repo).open(
            head=branch_name(job),
            base=job.branch,
            title=candidate.subject,
            body=request_body(job, candidate, decision),
            draft=not is_proven(candidate),
        )


def is_merged(git: Git, commit: str, branch: str) -> bool:
    """Whether a commit is in the history of another."""
    try:
        git.run("merge-base", "--is-ancestor", commit, branch)
    except GitFailed as failed:
        if failed.status == 1:
            return False
        raise
    return True


def is_proven(candidate: Candidate) -> bool:
    """Whether lint and tests passed."""
    return candidate.proof.is_green


def branch_name(job: RunnerJob) -> str:
    """The branch of the job's pull request, without `refs/heads/`."""
    return request_branch(job.job_id).removeprefix("refs/heads/")
