"""A commit that could be delivered, and all that is known about it."""

import textwrap
from dataclasses import asdict, dataclass, replace

from contracts.models import RunnerJob
from runner import memory
from runner.agents.agent import Proposal
from runner.change import Change, is_test
from runner.checkout import Checkout
from runner.inverse import undo_of
from runner.memory import Memory
from runner.policy import Decision, MergeRule, decide
from runner.report import GateReport
from runner.repository_rules import RULE_FILE
from runner.spending import Spent

JOB_TRAILER = "Sayso-Job"
LONGEST_SUBJECT = 100
"""Characters; agents are asked for 72."""
MESSAGE_WIDTH = 72


@dataclass(frozen=True)
class Candidate:
    """A commit on a base, what it changes, what was proved of it, and what follows from that."""

    commit: str
    memory: str
    """The tag object that goes along with the commit, under the job's ref."""
    base: str
    subject: str
    rationale: str
    change: Change
    proof: GateReport
    decision: Decision
    diff: bytes
    patch_id: str | None
    spent: Spent
    undoes: str | None = None
    """The commit that it takes back, if that is what it does."""


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
    facts = {
        "subject": subject,
        "rationale": proposal.rationale,
        "proof": proof.facts(),
        "spent": asdict(proposal.spent),
        "undoes": proposal.undoes,
    }
    tag = memory.remember(checkout.git, job.job_id, commit, facts, author)
    return _candidate(
        checkout, job, Memory(tag, commit, facts), tree=tree, change=change, proof=proof
    )


def recall(checkout: Checkout, job: RunnerJob) -> Candidate | None:
    """What the job delivered before, by this runner or another, decided anew; None if nothing.

    Raises:
        GitFailed, ValueError, KeyError: the job's ref holds something that is not ours.
    """
    known = memory.recall(checkout.git, job.job_id)
    if known is None:
        return None
    base = checkout.at(checkout.parent_of(known.commit))
    tree = base.tree_of(known.commit)
    proof = GateReport.of(known.facts["proof"])
    change = base.change_to(tree)
    return _candidate(base, job, known, tree=tree, change=change, proof=proof)


def _candidate(
    checkout: Checkout,
    job: RunnerJob,
    known: Memory,
    *,
    tree: str,
    change: Change,
    proof: GateReport,
) -> Candidate:
    undoes = known.facts.get("undoes")
    rule = replace(rule_of(job, checkout), undo=undo_of(checkout, tree, undoes))
    return Candidate(
        commit=known.commit,
        memory=known.tag,
        base=checkout.base,
        subject=known.facts["subject"],
        rationale=known.facts["rationale"],
        change=change,
        proof=proof,
        decision=decide(change, proof, rule),
        diff=checkout.diff_to(tree),
        patch_id=checkout.patch_id_of(tree),
        spent=Spent(**known.facts["spent"]),
        undoes=undoes,
    )


def proposal_of(candidate: Candidate) -> Proposal:
    """What an agent would have to say to make the same commit again, on another base."""
    return Proposal(candidate.subject, candidate.rationale, candidate.spent, candidate.undoes)


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
    first = " ".join(subject.split()).removesuffix(mark)
    end = mark if tested else ""
    room = LONGEST_SUBJECT - len(end)
    return (first if len(first) <= room else f"{first[: room - 1].rstrip()}…") + end


def _message(job: RunnerJob, subject: str, proposal: Proposal, proof: GateReport) -> str:
    rationale = textwrap.fill(" ".join(proposal.rationale.split()), MESSAGE_WIDTH)
    trailer = f"{JOB_TRAILER}: {job.job_id}"
    return "\n\n".join(filter(None, (subject, rationale, proof.summary, trailer))) + "\n"
