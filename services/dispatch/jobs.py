"""Jobs for a runner: an event, a repository and its limits make one; a dead one makes another."""

from contracts.identity import run_id_for
from contracts.job_token import job_token
from contracts.models import (
    Heuristics,
    JobKind,
    RunnerJob,
    TaskApproved,
    TaskRejected,
    TaskTranscribed,
    TaskUndoRequested,
)
from services.dispatch.registry import Grant, Merged
from services.dispatch.rules import Limits

Request = TaskTranscribed | TaskApproved | TaskRejected | TaskUndoRequested
"""What a job can come of."""

KINDS: dict[type[Request], JobKind] = {
    TaskTranscribed: "change",
    TaskApproved: "merge",
    TaskRejected: "close",
    TaskUndoRequested: "revert",
}

LONG_KINDS = frozenset({"change", "revert"})
"""Kinds that write code: they queue up, while an approval never waits behind them."""

STYLE_GUIDE = "PEP8, use argparse, avoid globals"
CERTAIN = 1.0
"""The confidence of what was pressed, not heard."""


def job_for(
    request: Request, grant: Grant, limits: Limits, token_key: str, undone: Merged | None = None
) -> RunnerJob:
    """The job that a request asks for; asked again, it is the same job with the same run.

    Args:
        request: words, an approval, a rejection or an undo.
        grant: the repository; a request about a commit brings the branch of that commit.
        limits: already tightened by the grant.
        token_key: key of the job tokens.
        undone: what the words ask to take back, if that is what they ask.
    """
    kind: JobKind = "revert" if undone else KINDS[type(request)]
    run = run_id_for(request.job_id, kind, str(request.id))
    asked = request.data
    return RunnerJob(
        type="runner.job",
        version=1,
        job_id=request.job_id,
        user_id=request.user_id,
        repo=grant.repo,
        branch=undone.branch if undone else getattr(asked, "branch", grant.branch),
        task_text=asked.text,
        style_guide=grant.style_guide or STYLE_GUIDE,
        heuristics=Heuristics(
            auto_merge_loc_limit=limits.auto_merge_loc_limit,
            blocked_paths=list(limits.blocked_paths),
        ),
        kind=kind,
        run=run,
        commit_sha=undone.commit_sha if undone else getattr(asked, "commit_sha", None),
        pr_url=getattr(asked, "pr_url", None),
        override=getattr(asked, "override", False),
        max_usd=limits.max_usd,
        max_seconds=limits.max_seconds,
        confidence=getattr(asked, "confidence", CERTAIN),
        job_token=job_token(token_key, request.job_id, run),
    )


def inspection_of(dead: RunnerJob, token_key: str) -> RunnerJob:
    """The job that asks git what became of a job which no runner finished."""
    run = run_id_for(dead.job_id, "inspect", str(dead.run))
    token = job_token(token_key, dead.job_id, run)
    return dead.model_copy(update={"kind": "inspect", "run": run, "job_token": token})
