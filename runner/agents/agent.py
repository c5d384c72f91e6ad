"""The seam between the runner and whoever writes the change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from runner.deadline import Deadline
from runner.spending import NOTHING, Spent


@dataclass(frozen=True)
class Brief:
    """What an agent is asked to do."""

    project: str
    task: str
    """The request in the user's words; untrusted."""
    style_guide: str
    max_usd: float
    """What is left of the job's budget."""
    evidence: str = ""
    """What lint and tests said of an earlier attempt, which is in the work tree, or why an
    earlier agent gave up; untrusted."""
    notes: str = ""
    """What the base tells agents, in CLAUDE.md and AGENTS.md; untrusted."""


@dataclass(frozen=True)
class Proposal:
    """What an agent says about the change that it left in the work tree."""

    subject: str
    """One line in the form of a conventional commit: `feat(cli): add --stdin flag`."""
    rationale: str
    """A few sentences: why it is done this way."""
    spent: Spent = NOTHING
    undoes: str | None = None
    """The commit that it takes back, if that is what it does."""


class Agent(Protocol):
    """Changes the files of a work tree; it sees no git directory and no credential."""

    @property
    def name(self) -> str:
        """What the runner prints when it starts."""
        ...

    def propose(self, brief: Brief, work_tree: Path, deadline: Deadline) -> Proposal:
        """Do what the brief says in the work tree.

        Raises:
            Failure: with what it cost: `not_understood`, `patch_does_not_apply`, `timed_out`, or
                the agent's own.
        """
        ...
