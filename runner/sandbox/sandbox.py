"""The seam between the runner and the box in which it runs what it does not trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runner.deadline import Deadline

if TYPE_CHECKING:
    from runner.sandbox.boxed import Boxed


class NoSandbox(Exception):
    """This machine can't box anything; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What a box may use at most."""

    seconds: float
    """Wall clock; then everything in the box is killed."""
    memory_bytes: int = 1 << 30
    """Of all its processes together; the files that it may write come on top."""
    processes: int = 128
    file_bytes: int = 64 << 20
    """The size of one file, and of what is printed."""
    disk_bytes: int = 512 << 20
    """All files written in the box together; they live in memory."""


@dataclass(frozen=True)
class Mount:
    """A file or folder of the outside that a box sees."""

    source: Path
    target: str
    is_writable: bool = False


@dataclass(frozen=True)
class Box:
    """What is in a box, besides the system's programs and an empty `PROJECT`."""

    limits: Limits
    tree: Path | None = None
    """A folder that everybody may read: the box gets a private copy of it as `PROJECT`."""
    mounts: tuple[Mount, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """More variables; there are only PATH, HOME, LANG, PYTHONDONTWRITEBYTECODE else."""
    has_network: bool = False
    """Only to install what a project depends on."""
    stdin: bytes = b""
    """What `run` lets the command read, once: a pipe that holds it (4 KB at most), then ends."""


@dataclass(frozen=True)
class Finished:
    """How a command in a box ended."""

    exit_status: int | None
    """None if it was killed at a limit of time or memory."""
    tail: str
    """The end of what it printed on both streams."""


class Sandbox(Protocol):
    """Boxes: files only; no secrets, nothing that outlives them."""

    name: str
    python: str
    """The interpreter with pytest and ruff, as a box sees it."""
    claude: str
    """The program of Claude Code, as a box sees it."""

    def run(self, command: Sequence[str], box: Box, deadline: Deadline) -> Finished:
        """Run a command in a box of its own, with `PROJECT` as its working directory.

        Raises:
            Failure: `timed_out`, `cancelled`: the job's, while or before it ran.
        """
        ...

    def start(self, command: Sequence[str], box: Box) -> Boxed:
        """Start a command in a box of its own, and talk to it; whoever starts it must end it.

        The box's limit of time begins now, and holds.
        """
        ...


PROJECT = "/project"
"""Where the copy of the tree is, in every box; the only folder to write to but /tmp."""

TREE = "/tree"
"""Where a tree is mounted, read-only, while it is copied."""
_RUN = 'exec "$@"'
# Two of tar, at the same time, take half as long as one of cp. The folder itself stays as it is.
_COPY_AND_RUN = (
    f"(cd {TREE} && find . -mindepth 1 -maxdepth 1 -print0 | tar -c --null -T -)"
    f" | tar -C {PROJECT} -xm && {_RUN}"
)


def begun(command: Sequence[str], box: Box) -> list[str]:
    """A command line that first copies the box's tree, if it has one, and then is the command."""
    return ["sh", "-c", _COPY_AND_RUN if box.tree else _RUN, "sh", *command]


PATH = "/usr/local/bin:/usr/bin:/bin"
BOX_ENVIRONMENT: Mapping[str, str] = {
    "PATH": PATH,
    "HOME": "/tmp",  # noqa: S108 - the box's own
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""All the variables of a box, beside its own."""
