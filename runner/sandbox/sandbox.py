"""The seam between the runner and the box in which it runs what it does not trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Limits:
    """What a box may use at most."""

    seconds: float
    """Wall clock; then everything in the box is killed."""
    memory_bytes: int = 1 << 30
    """Address space of each process."""
    processes: int = 128
    file_bytes: int = 64 << 20
    """The size of one file, and of what is printed."""
    disk_bytes: int = 512 << 20
    """All files written in the box together; they live in memory."""


@dataclass(frozen=True)
class Finished:
    """How a command in a box ended."""

    exit_status: int | None
    """None if it was killed at the time limit."""
    tail: str
    """The end of what it printed on both streams."""


class Sandbox(Protocol):
    """A box: files only; no network, no secrets, nothing that outlives it."""

    name: str

    def run(
        self, command: Sequence[str], tree: Path, limits: Limits, report: Path | None = None
    ) -> Finished:
        """Run a command on a private copy of a tree, which is also its working directory.

        Args:
            command: program and arguments.
            tree: a folder that everybody may read; it is not changed.
            limits: what it may use.
            report: an existing file outside that the box sees as `REPORT` and may write.
        """
        ...


PROJECT = "/project"
"""Where the copy of the tree is, in every box."""

REPORT = "/report.xml"
"""Where a box may leave one file for the outside."""
