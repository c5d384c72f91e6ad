"""One job, top to bottom: checkout, propose, judge, decide, deliver."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from contracts.models import Phase, RunnerJob
from runner.agents.agent import Agent, Brief, Proposal
from runner.candidate import Candidate, write
from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.delivery import Courier
from runner.gates import Gates
from runner.outcome import Outcome
from runner.policy import Decision, Reason
from runner.workspace import Workspace

MOST_ROUNDS = 5
"""How often a change is put on a base that moved before a person is asked instead."""


@dataclass(frozen=True)
class Tools:
    """What a job is done with; one set serves all jobs of a runner."""

    workspace: Workspace
    agent: Agent
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

    def judge(self, checkout: Checkout, proposal: Proposal, tree: str) -> Candidate:
        """Gate a tree on the checkout's base; the commit that carries the verdict."""
        self.progress("lint")
        self.progress("test")
        changed = checkout.change_to(tree)
        proof = self.tools.gates.judge(checkout, changed, tree, self.deadline)
        return write(
            checkout, self.job, proposal, tree, changed, proof=proof, author=self.tools.author
        )


def change(run: Run) -> Outcome:
    """Do what was asked, prove it, and merge it or ask.

    However often it is called for one job, at most one commit is delivered: what an earlier
    call delivered is found, and told again.

    Raises:
        Failure: it can't be done; a person is told why.
    """
    courier = run.tools.courier
    with run.checkout() as opened:
        checkout = opened
        earlier = courier.earlier(checkout, run.job)
        if earlier:
            return earlier

        run.progress("propose")
        proposal = run.tools.agent.propose(_brief(run.job), checkout.work_tree(), run.deadline)
        tree = checkout.tree_of_work()

        for _ in range(MOST_ROUNDS):
            if tree == checkout.base_tree:
                return Outcome.nothing_to_do(proposal.rationale, proposal.spent)
            candidate = run.judge(checkout, proposal, tree)
            run.progress("deliver")
            delivered = courier.deliver(checkout, run.job, candidate)
            if delivered:
                return delivered
            checkout = run.newest(checkout)
            on_top = checkout.put_on(checkout.base, candidate.commit)
            if on_top is None:
                break
            tree = on_top

        moved = Reason("base_moved", f"{run.job.branch} moved while it was tested")
        decision = Decision.ask([*candidate.decision.reasons, moved])
        return courier.request(checkout, run.job, candidate, decision)


def _brief(job: RunnerJob) -> Brief:
    project = job.repo.rpartition("/")[2].removesuffix(".git")
    return Brief(project, job.task_text, job.style_guide, job.max_usd)
