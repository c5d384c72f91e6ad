"""A commit that could be delivered, and all that is known about it."""

import json
import textwrap
from dataclasses import dataclass

from contracts.models import RunnerJob
from runner.agents.agent import Proposal
from runner.change import Change, is_test
from runner.checkout import Checkout
from runner.git import GitFailed
from runner.policy import RULE_FILE, Decision, MergeRule, decide
from runner.report import GateReport

JOB_TRAILER = "Sayso-Job"
PROOF_TRAILER = "Sayso-Proof"
MESSAGE_WIDTH = 72


@dataclass(frozen=True)
class Candidate:
    """A commit on a base, what it changes, what was proved of it, and what follows from that."""

    commit: str
    base: str
    subject: str
    rationale: str
    change: Change
    proof: GateReport
    decision: Decision
    diff: bytes
    patch_id: str | None
    tok_in: int = 0
    tok_out: int = 0
    cost_usd: float = 0.0


def write(
    checkout: Checkout,
    job: RunnerJob,
    proposal: Proposal,
    tree: str,
    change: Change,
    *,
    proof: GateReport,
    author: tuple[str, str],
) -> Candidate:
    """Make the commit of a judged tree on the checkout's base."""
    subject = _subject(proposal.subject, change)
    message = _message(job, subject, proposal, proof)
    commit = checkout.git.line(
        "commit-tree", tree, "-p", checkout.base, "-F", "-", stdin=message.encode(), author=author
    )
    return Candidate(
        commit=commit,
        base=checkout.base,
        subject=subject,
        rationale=proposal.rationale,
        change=change,
        proof=proof,
        decision=decide(change, proof, rule_of(job, checkout)),
        diff=checkout.diff_to(tree),
        patch_id=checkout.patch_id_of(tree),
        tok_in=proposal.tok_in,
        tok_out=proposal.tok_out,
        cost_usd=proposal.cost_usd,
    )


def recall(checkout: Checkout, job: RunnerJob, commit: str) -> Candidate:
    """What the runner that made a commit knew about it: read from git, decided anew.

    Raises:
        GitFailed: the commit is not there, or not one of ours.
    """
    message = checkout.git.run("show", "-s", "--format=%B", commit).decode("utf-8", "replace")
    trailers = dict(line.split(": ", 1) for line in message.splitlines() if ": " in line)
    if trailers.get(JOB_TRAILER) != str(job.job_id):
        raise GitFailed("show", 1, f"{commit} is no commit of job {job.job_id}")
    known = json.loads(trailers[PROOF_TRAILER])
    subject, rationale, *_ = [*message.split("\n\n"), ""]
    base = checkout.at(checkout.parent_of(commit))
    tree = base.tree_of(commit)
    change, proof = base.change_to(tree), GateReport.of(known["proof"])
    return Candidate(
        commit=commit,
        base=base.base,
        subject=subject.strip(),
        rationale=" ".join(rationale.split()),
        change=change,
        proof=proof,
        decision=decide(change, proof, rule_of(job, base)),
        diff=base.diff_to(tree),
        patch_id=base.patch_id_of(tree),
        tok_in=known["tok_in"],
        tok_out=known["tok_out"],
        cost_usd=known["cost_usd"],
    )


def proposal_of(candidate: Candidate) -> Proposal:
    """What an agent would have to say to make the same commit again, on another base."""
    return Proposal(
        subject=candidate.subject,
        rationale=candidate.rationale,
        tok_in=candidate.tok_in,
        tok_out=candidate.tok_out,
        cost_usd=candidate.cost_usd,
    )


def rule_of(job: RunnerJob, checkout: Checkout) -> MergeRule:
    """The job's limits, tightened by what the base says."""
    return MergeRule(
        loc_limit=job.heuristics.auto_merge_loc_limit,
        blocked_paths=tuple(job.heuristics.blocked_paths),
        confidence=job.confidence,
    ).tightened(checkout.text_of(RULE_FILE))


def _subject(subject: str, change: Change) -> str:
    """The commit's first line; it says so if tests came along."""
    mark = " (tests included)"
    tested = any(is_test(path) for path in change.paths)
    first = " ".join(subject.split())
    return first + mark if tested and not first.endswith(mark) else first


def _message(job: RunnerJob, subject: str, proposal: Proposal, proof: GateReport) -> str:
    known = {
        "proof": proof.facts(),
        "tok_in": proposal.tok_in,
        "tok_out": proposal.tok_out,
        "cost_usd": proposal.cost_usd,
    }
    rationale = textwrap.fill(" ".join(proposal.rationale.split()), MESSAGE_WIDTH)
    trailers = f"{JOB_TRAILER}: {job.job_id}\n{PROOF_TRAILER}: {json.dumps(known)}"
    return "\n\n".join(filter(None, (subject, rationale, proof.summary, trailers))) + "\n"
