"""One job, top to bottom: checkout, propose, judge, decide, deliver."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from contracts.models import Phase, RunnerJob
from runner.agents.agent import Agent, Brief, Proposal
from runner.attempts import attempt
from runner.candidate import Candidate, proposal_of, write
from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.delivery import Courier
from runner.failure import Failure
from runner.gates import Gates
from runner.outcome import Outcome
from runner.policy import Decision, Reason
from runner.report import GateReport
from runner.spending import NOTHING, Spent
from runner.workspace import Workspace

MOST_ROUNDS = 5
"""How often a change is put on a base that moved before a person is asked instead."""


@dataclass(frozen=True)
class Tools:
    """What a job is done with; one set serves all jobs of a runner."""

    workspace: Workspace
    agents: Sequence[Agent]
    """Who is asked to write a change, and in which order, until one is proven."""
    gates: Gates
    courier: Courier
    author: tuple[str, str]
    """Name and address of who commits."""


@dataclass(frozen=True)
class Run:
    """One job being done."""

    job: RunnerJob
    tools: Tools
    deadline: Deadline
    progress: Callable[[Phase], None]
    """Told each phase as it begins."""

    def checkout(self) -> AbstractContextManager[Checkout]:
        """The newest base of the job's branch."""
        self.progress("checkout")
        job = self.job
        return self.tools.workspace.checkout(job.repo, job.branch, job.job_id, self.deadline)

    def newest(self, checkout: Checkout) -> Checkout:
        """The same checkout, at what is the newest base now."""
        job = self.job
        return checkout.at(self.tools.workspace.fetch(checkout.git, job.branch, job.job_id))

    def brief(self, spent: Spent = NOTHING, evidence: str = "", notes: str = "") -> Brief:
        """What an agent is asked to do after so much was spent, and with what was learnt."""
        job = self.job
        project = job.repo.rpartition("/")[2].removesuffix(".git")
        left = max(job.max_usd - spent.cost_usd, 0.0)
        return Brief(project, job.task_text, job.style_guide, left, evidence, notes)

    def prove(self, checkout: Checkout, tree: str) -> GateReport:
        """Gate a tree on the checkout's base."""
        self.progress("lint")
        self.progress("test")
        return self.tools.gates.judge(checkout, checkout.change_to(tree), tree, self.deadline)

    def write(
        self, checkout: Checkout, proposal: Proposal, tree: str, proof: GateReport
    ) -> Candidate:
        """The commit of a tree that carries what was proved of it."""
        changed = checkout.change_to(tree)
        return write(
            checkout, self.job, proposal, tree, changed, proof=proof, author=self.tools.author
        )

    def judge(self, checkout: Checkout, proposal: Proposal, tree: str) -> Candidate:
        """Gate a tree on the checkout's base; the commit that carries the verdict."""
        return self.write(checkout, proposal, tree, self.prove(checkout, tree))


def change(run: Run) -> Outcome:
    """Do what was asked, prove it, and merge it or ask.

    However often it is called for one job, at most one commit is delivered: what an earlier
    call delivered is found, and told again.

    Raises:
        Failure: it can't be done; a person is told why.
    """
    with run.checkout() as checkout:
        earlier = run.tools.courier.earlier(checkout, run.job)
        if earlier:
            return earlier
        proposal, candidate = attempt(run, checkout)
        if candidate is None:
            return Outcome.nothing_to_do(proposal.rationale, proposal.spent)
        return deliver(run, checkout, candidate)


def deliver(run: Run, checkout: Checkout, candidate: Candidate) -> Outcome:
    """Merge what may be merged, as exactly the commit that was proven, else ask.

    Where the base has moved meanwhile, the change is put on top of it and proven again. What
    can't be delivered is told with the change, so that its diff is not lost.
    """
    try:
        with run.tools.workspace.turn(checkout.git):
            return _deliver(run, checkout, candidate)
    except Failure as failure:
        return Outcome.failed(failure, candidate)


def _deliver(run: Run, checkout: Checkout, candidate: Candidate) -> Outcome:
    job, courier = run.job, run.tools.courier
    for _ in range(MOST_ROUNDS):
        run.progress("deliver")
        delivered = courier.deliver(checkout, job, candidate)
        if delivered:
            return delivered
        checkout = run.newest(checkout)
        tree = checkout.put_on(checkout.base, candidate.commit)
        if tree is None:
            break
        if tree == checkout.base_tree:
            return Outcome.nothing_to_do(candidate.rationale, candidate.spent)
        candidate = run.judge(checkout, proposal_of(candidate), tree)
    moved = Reason("base_moved", f"{job.branch} moved while it was tested")
    decision = Decision.ask([*candidate.decision.reasons, moved])
    return courier.request(checkout, job, candidate, decision)
