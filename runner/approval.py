"""What a person decided about a pull request: merge exactly what they saw, or close it."""

from contextlib import suppress

from contracts.models import RunnerJob
from runner.candidate import Candidate, proposal_of, recall
from runner.checkout import Checkout
from runner.delivery import Overtaken, Refused, branch_name, is_merged, is_proven, push
from runner.failure import Failure
from runner.job import MOST_ROUNDS, Run
from runner.memory import job_ref
from runner.outcome import Outcome
from runner.policy import Decision, Reason
from runner.workspace import request_branch

_CONFLICT = Failure(
    "merge_conflict",
    "The branch has moved and conflicts with the change; ask for the change again.",
)


def merge(run: Run) -> Outcome:
    """Merge the approved commit.

    Base unmoved: exactly that commit. Base moved: put on it and gated; if the patch is the same,
    merged, else a person is asked again, about the new commit. Merged once, however often it is
    called.

    Raises:
        Failure: `merge_conflict`, `request_gone`, `cancelled`, `push_refused`.
    """
    job = run.job
    requests = run.tools.courier.pull_requests(job.repo)
    with run.checkout() as opened:
        checkout = opened
        for _ in range(MOST_ROUNDS):
            shown = _candidate(job, checkout)
            if is_merged(checkout.git, shown.commit, checkout.base):
                return _settled(run, checkout, shown)
            request = requests.find(branch_name(job))
            if request and request.state != "open":
                return run.tools.courier.ended(job, shown, request)
            if shown.commit != job.commit_sha:
                return _ask_again(run, shown, "commit_changed", "it is another commit now")
            if not is_proven(shown) and not job.override:
                return _ask_again(run, shown, "not_proven", "lint or tests fail")
            ready = shown
            if shown.base != checkout.base:
                tree = checkout.put_on(checkout.base, shown.commit)
                if tree is None:
                    raise _CONFLICT
                ready = run.judge(checkout, proposal_of(shown), tree)
            run.progress("deliver")
            run.tools.courier.control.begin(job.job_id, job.run)
            same = ready.patch_id == shown.patch_id and (is_proven(ready) or job.override)
            try:
                if same:
                    return _merge(run, checkout, shown, ready)
                return _replace(run, checkout, shown, ready)
            except Overtaken:
                checkout = run.newest(checkout)
    raise Overtaken(f"{job.branch} moved {MOST_ROUNDS} times")


def close(run: Run) -> Outcome:
    """Close the rejected pull request and delete its branch; a change that is merged stays so.

    Raises:
        Failure: `request_gone`.
    """
    job = run.job
    requests = run.tools.courier.pull_requests(job.repo)
    with run.checkout() as checkout:
        shown = _candidate(job, checkout)
        if is_merged(checkout.git, shown.commit, checkout.base):
            return _settled(run, checkout, shown)
        request = requests.find(branch_name(job))
        if request and request.state == "merged":
            return run.tools.courier.ended(job, shown, request)
        run.progress("deliver")
        if request and request.state == "open":
            requests.close(request.number, "Closed: it was rejected in Sayso.")
        _delete_branch(job, checkout)
        rejected = Failure("rejected", "You rejected the change; its pull request is closed.")
        return Outcome.failed(rejected, shown, request.url if request else job.pr_url)


def _candidate(job: RunnerJob, checkout: Checkout) -> Candidate:
    """The commit that waits for a person."""
    candidate = recall(checkout, job)
    if candidate is None:
        raise Failure("request_gone", "The change is no longer there; ask for it again.")
    return candidate


def _merge(run: Run, checkout: Checkout, shown: Candidate, ready: Candidate) -> Outcome:
    """Move the branch to the commit, and the pull request with it, so that GitHub marks it."""
    job = run.job
    moves: dict[str, tuple[str | None, str | None]] = {
        f"refs/heads/{job.branch}": (ready.base, ready.commit),
    }
    if ready.commit != shown.commit:
        moves[request_branch(job.job_id)] = (shown.commit, ready.commit)
        moves[job_ref(job.job_id)] = (shown.memory, ready.memory)
    try:
        push(checkout.git, moves)
    except Refused:
        return _merge_through_api(run, checkout, shown, ready)
    # A push does not move the mirror's own refs, and the branch is deleted from where it is now.
    checkout.git.run("update-ref", request_branch(job.job_id), ready.commit)
    return _settled(run, checkout, ready)


def _merge_through_api(run: Run, checkout: Checkout, shown: Candidate, ready: Candidate) -> Outcome:
    """Have GitHub merge into a branch that takes no push; it pins the head, not the base."""
    job = run.job
    if ready.commit != shown.commit:
        _move_request(job, checkout, shown, ready)
    requests = run.tools.courier.pull_requests(job.repo)
    request = requests.find(branch_name(job))
    if request is None or not requests.merge(request.number, ready.commit):
        run.tools.courier.control.reopen(job.job_id, job.run)
        raise Failure(
            "push_refused",
            "GitHub does not let Sayso merge into this branch; merge the pull request there.",
        )
    return _settled(run, checkout, ready)


def _replace(run: Run, checkout: Checkout, shown: Candidate, ready: Candidate) -> Outcome:
    """The change came out different on the new base: show that instead."""
    job = run.job
    _move_request(job, checkout, shown, ready)
    return _ask_again(run, ready, "base_moved", f"{job.branch} moved, and it changed")


def _move_request(job: RunnerJob, checkout: Checkout, shown: Candidate, ready: Candidate) -> None:
    moves = {
        request_branch(job.job_id): (shown.commit, ready.commit),
        job_ref(job.job_id): (shown.memory, ready.memory),
    }
    push(checkout.git, moves)


def _ask_again(run: Run, candidate: Candidate, code: str, sentence: str) -> Outcome:
    job = run.job
    decision = Decision.ask([Reason(code, sentence), *candidate.decision.reasons])
    request = run.tools.courier.open_request(job, candidate, decision)
    run.tools.courier.control.reopen(job.job_id, job.run)
    return Outcome.asked(candidate, decision, request.url)


def _settled(run: Run, checkout: Checkout, merged: Candidate) -> Outcome:
    """Leave nothing open after a merge: the pull request, its branch, the job."""
    job = run.job
    run.tools.courier.control.finish(job.job_id, job.run)
    requests = run.tools.courier.pull_requests(job.repo)
    request = requests.find(branch_name(job))
    if request and request.state == "open":
        requests.close(request.number, f"Merged as {merged.commit}.")
    _delete_branch(job, checkout)
    outcome = Outcome.merged(merged, job.branch, by_approval=True)
    return outcome if request is None else outcome.with_request(request.url)


def _delete_branch(job: RunnerJob, checkout: Checkout) -> None:
    branch = request_branch(job.job_id)
    commit = checkout.git.resolve(branch)
    if commit:
        with suppress(Overtaken):  # deleted already, or somebody works on it
            push(checkout.git, {branch: (commit, None)})
