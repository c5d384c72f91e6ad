"""Who is asked to write a change, in which order, with what, and what that costs together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from runner.agents.agent import Brief, Proposal
from runner.attempts import attempt
from runner.deadline import Deadline
from runner.failure import Failure
from runner.report import GateReport
from runner.spending import NOTHING, Spent

BASE = "the base's tree"
CENT = Spent(tok_in=1000, tok_out=100, cost_usd=0.01)


def proof(tests_passed: bool, output: str = "") -> GateReport:
    """What the gates show."""
    reason = None if tests_passed else "tests_failed"
    return GateReport(True, tests_passed, reason, 1, 1, 0, 1, 0, output)


@dataclass
class Writer:
    """An agent that leaves a tree, or fails."""

    name: str
    leaves: str | Failure
    seen: list[Brief] = field(default_factory=list)

    def propose(self, brief: Brief, work_tree: Path, _deadline: Deadline) -> Proposal:
        """See `Agent.propose`."""
        self.seen.append(brief)
        if isinstance(self.leaves, Failure):
            raise self.leaves
        work_tree.write_text(self.leaves)
        return Proposal("feat: it", f"as {self.name} does", CENT)


@dataclass
class Job:
    """A run and its checkout: trees are texts, and the gates know which of them are good."""

    folder: Path
    agents: Sequence[Writer]
    deadline: Deadline = field(default_factory=lambda: Deadline.after(60))
    max_usd: float = 0.05
    base_tree: str = BASE
    phases: list[str] = field(default_factory=list)

    @property
    def tools(self) -> "Job":
        return self

    def progress(self, phase: str) -> None:
        self.phases.append(phase)

    def brief(self, spent: Spent = NOTHING, evidence: str = "", notes: str = "") -> Brief:
        left = round(self.max_usd - spent.cost_usd, 2)
        return Brief("tool", "do it", "PEP8", left, evidence, notes)

    def text_of(self, path: str) -> str | None:
        return {"CLAUDE.md": "Be brief."}.get(path)

    def work_tree(self) -> Path:
        tree = self.folder / "work"
        tree.write_text(BASE)
        return tree

    def tree_of_work(self) -> str:
        return (self.folder / "work").read_text()

    def prove(self, _checkout: object, tree: str) -> GateReport:
        return proof("good" in tree, output=f"pytest says that {tree} is red")

    def write(self, _checkout: object, proposal: Proposal, tree: str, _proof: object) -> Any:
        return tree, proposal


def asked(tmp_path: Path, *agents: Writer, **fields: Any) -> tuple[Proposal, Any]:
    """What comes of asking these agents."""
    job: Any = Job(tmp_path, agents, **fields)
    return attempt(job, job)


def gives_up(reason: str) -> Failure:
    """How an agent fails that was paid for."""
    return Failure(reason, f"It is {reason}.", CENT)


def test_a_proven_change_asks_nobody_else(tmp_path: Path) -> None:
    first, second = Writer("quick", "good"), Writer("claude", "good too")
    proposal, candidate = asked(tmp_path, first, second)
    assert candidate[0] == "good"
    assert proposal.spent == CENT
    assert second.seen == []
    assert first.seen == [Brief("tool", "do it", "PEP8", 0.05, "", "Be brief.")]


def test_a_red_one_is_tried_again_with_what_the_gates_said(tmp_path: Path) -> None:
    first, second = Writer("quick", "bad"), Writer("quick", "good")
    proposal, candidate = asked(tmp_path, first, second)
    assert second.seen[0].evidence == "pytest says that bad is red"
    assert second.seen[0].max_usd == 0.04
    assert candidate == ("good", proposal)
    assert proposal.spent == CENT + CENT


def test_who_declined_is_not_asked_again(tmp_path: Path) -> None:
    quick, claude = Writer("quick", gives_up("declined")), Writer("claude", "good")
    proposal, candidate = asked(tmp_path, quick, quick, claude)
    assert len(quick.seen) == 1
    assert claude.seen[0].evidence == "It is declined."
    assert candidate[0] == "good"
    assert proposal.spent == CENT + CENT


def test_an_edit_that_does_not_fit_is_tried_again(tmp_path: Path) -> None:
    quick, claude = Writer("quick", gives_up("edit_does_not_apply")), Writer("claude", "good")
    asked(tmp_path, quick, quick, claude)
    assert len(quick.seen) == 2


def test_the_last_red_change_is_shown_if_nobody_proves_one(tmp_path: Path) -> None:
    agents = Writer("quick", "bad"), Writer("claude", gives_up("model_unavailable"))
    proposal, candidate = asked(tmp_path, *agents)
    assert candidate == ("bad", proposal)
    assert proposal.spent == CENT + CENT


def test_if_nobody_makes_a_change_the_last_word_is_told_with_all_that_it_cost(
    tmp_path: Path,
) -> None:
    agents = Writer("quick", gives_up("declined")), Writer("claude", gives_up("agent_failed"))
    with pytest.raises(Failure, match="It is agent_failed") as failed:
        asked(tmp_path, *agents)
    assert failed.value.spent == CENT + CENT


def test_nothing_to_change_ends_it(tmp_path: Path) -> None:
    first, second = Writer("quick", BASE), Writer("claude", "good")
    assert asked(tmp_path, first, second)[1] is None
    assert second.seen == []


@pytest.mark.parametrize("reason", ["cancelled", "timed_out"])
def test_the_end_of_a_job_is_the_end_of_asking(tmp_path: Path, reason: str) -> None:
    last = Writer("claude", "good")
    with pytest.raises(Failure, match=reason):
        asked(tmp_path, Writer("quick", gives_up(reason)), last)
    assert last.seen == []


def test_a_cancelled_job_delivers_nothing_that_was_made_before(tmp_path: Path) -> None:
    deadline = Deadline.after(60)

    class Cancels(Writer):
        def propose(self, brief: Brief, work_tree: Path, _deadline: Deadline) -> Proposal:
            deadline.cancel()
            return super().propose(brief, work_tree, _deadline)

    with pytest.raises(Failure) as ended:
        asked(tmp_path, Writer("quick", "bad"), Cancels("claude", "good"), deadline=deadline)
    assert ended.value.reason == "cancelled"
    assert ended.value.spent == CENT + CENT
