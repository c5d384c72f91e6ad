"""From cheap and fast to thorough: agents are asked in turn until a change is proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runner.agents.agent import Proposal
from runner.candidate import Candidate
from runner.checkout import Checkout
from runner.failure import Failure
from runner.report import GateReport
from runner.spending import NOTHING, Spent

if TYPE_CHECKING:
    from runner.job import Run

DELIVERY_SECONDS = 10
"""What agents leave of a job's time, so that what they made can still be shown to a person."""
LONGEST_EVIDENCE = 8_000
"""Characters."""

_FINAL = frozenset({"cancelled", "timed_out"})


@dataclass(frozen=True)
class Attempt:
    """What an agent made of a request."""

    proposal: Proposal
    tree: str
    proof: GateReport | None
    """None: nothing needed changing."""

    @property
    def is_enough(self) -> bool:
        """Whether nobody else has to be asked."""
        return self.proof is None or self.proof.is_green


def attempt(run: Run, checkout: Checkout) -> tuple[Proposal, Candidate | None]:
    """The first change that is proven; else the last one that somebody made.

    Agents are asked in the order of `Tools.agents`, each with what is left of the job's budget
    and with the evidence of the attempt before, which is still in the work tree. One that
    declined is not asked again.

    Returns:
        what was said of it, and the commit; no commit if nothing needed changing.

    Raises:
        Failure: nobody made a change, or the job was ended; with all that was spent.
    """
    spent, evidence = NOTHING, ""
    made: Attempt | None = None
    failure = Failure("internal_error", "Nobody here writes changes.")
    gave_up: set[str] = set()
    work_tree, notes = checkout.work_tree(), notes_of(checkout)
    for agent in run.tools.agents:
        if agent.name in gave_up:
            continue
        run.progress("propose")
        try:
            brief = run.brief(spent, evidence[-LONGEST_EVIDENCE:], notes)
            deadline = run.deadline.earlier(DELIVERY_SECONDS)
            proposal = agent.propose(brief, work_tree, deadline)
            spent += proposal.spent
            made = _prove(run, checkout, proposal)
            if made.is_enough:
                break
            evidence = made.proof.output if made.proof else ""
        except Failure as failed:
            spent += failed.spent
            failure, evidence = failed, failed.sentence
            if failed.reason in _FINAL:
                break
            if failed.reason == "declined":
                gave_up.add(agent.name)
    try:
        run.deadline.check()
    except Failure as over:
        raise over.costing(spent) from None
    if made is None:
        raise failure.costing(spent)
    return _written(run, checkout, made, spent)


def notes_of(checkout: Checkout) -> str:
    """What the base tells agents; an earlier attempt has no say in it."""
    texts = (checkout.text_of(name) for name in ("CLAUDE.md", "AGENTS.md"))
    return "\n\n".join(filter(None, texts))


def _prove(run: Run, checkout: Checkout, proposal: Proposal) -> Attempt:
    tree = checkout.tree_of_work()
    if tree == checkout.base_tree:
        return Attempt(proposal, tree, None)
    return Attempt(proposal, tree, run.prove(checkout, tree))


def _written(
    run: Run, checkout: Checkout, made: Attempt, spent: Spent
) -> tuple[Proposal, Candidate | None]:
    """The commit of an attempt; it tells what all attempts cost."""
    proposal = replace(made.proposal, spent=spent)
    if made.proof is None:
        return proposal, None
    return proposal, run.write(checkout, proposal, made.tree, made.proof)
