"""What can be done before a job comes: while its words are still being recognised."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from runner.deadline import Deadline
from runner.disk import evict
from runner.gates import Gates
from runner.statuses import Reporter
from runner.vocabulary import words
from runner.workspace import Workspace

LONGEST_WARM_UP_SECONDS = 300
SELDOM_SECONDS = 600
"""How often it is looked at how full the disk is: that takes reading all folders."""


@dataclass
class WarmUp:
    """Keeps agents, mirrors, the tests' measurements of their bases, and vocabularies fresh."""

    workspace: Workspace
    gates: Gates
    reporter: Reporter
    prepare_agents: Callable[[], object] = lambda: None
    disk_quota_bytes: int = 20 << 30
    _said: dict[str, list[str]] = field(default_factory=dict)
    """Vocabulary that is stored already, by repository."""
    _looked_at_the_disk: float = 0.0

    def prepare(self, repo: str | None) -> None:
        """Prepare one repository, or all that have a mirror here.

        Raises:
            Failure: a repository can't be read.
            GitFailed: nor fetched.
        """
        self.prepare_agents()
        for wanted in [repo] if repo else self.workspace.mirrored():
            deadline = Deadline.after(LONGEST_WARM_UP_SECONDS)
            branch = self.workspace.warm(wanted, deadline)
            if branch is None:
                continue
            with self.workspace.checkout(wanted, branch, "warm-up", deadline) as checkout:
                self.gates.measure_base(checkout, deadline)
                found = words(checkout.sources())
            if self._said.get(wanted) != found:
                self.reporter.vocabulary(wanted, found)
                self._said[wanted] = found
        if time.time() - self._looked_at_the_disk > SELDOM_SECONDS:
            self._looked_at_the_disk = time.time()
            evict(self.workspace.root, self.disk_quota_bytes, self._looked_at_the_disk)
