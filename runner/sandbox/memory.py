"""How much memory all processes of one box may have together.

A control group, where this process may make one: the kernel counts everything (also page tables,
pipes and memory without a name) and lets nothing pass the limit. Elsewhere a watchdog that looks
every 50 ms at what the processes have in memory. What it does not see are files without a name
(memfd), and what is allocated between two looks: see README.md for how much that was.
"""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from runner.sandbox.sandbox import Limits

LOOK_SECONDS = 0.05
_EMPTYING_SECONDS = 5
_PREFIX = "sayso-box"
_ENTER_AND_RUN = 'echo 0 > "$0" && exec "$@"'
_numbers = itertools.count()


class MemoryLimit(Protocol):
    """The memory of one box."""

    def entering(self) -> list[str]:
        """What to put before a command so that it and its children are limited."""
        ...

    def watch(self, pid: int, end: Callable[[], object], /) -> None:
        """The box was started; call `end` if it takes too much."""
        ...

    def release(self) -> bool:
        """The box has ended: whether it had reached its limit. May be called again."""
        ...


def limit_memory(limits: Limits) -> MemoryLimit:
    """The strongest limit that this process can set."""
    parent = parent_group()
    if parent:
        with suppress(OSError):  # not root, or the hierarchy is mounted read-only
            return ControlGroup(parent, limits)
    return Watchdog(limits)


def parent_group(
    root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> Path | None:
    """The control group in which those of the boxes belong, or None if there is none.

    See cgroups(7): version 1 has a hierarchy for memory, where groups may be nested at will; in
    version 2 a group has processes or limited children, so that a box is put beside its runner.
    """
    lines = [line.split(":", 2) for line in own.read_text().splitlines()]
    paths = {controllers: path.lstrip("/") for _, controllers, path in lines}
    if "memory" in paths:
        return root / "memory" / paths["memory"]
    if "" in paths:
        beside = root / Path(paths[""]).parent
        with suppress(OSError):
            if "memory" in (beside / "cgroup.subtree_control").read_text().split():
                return beside
    return None


class ControlGroup:
    """The kernel's own limit."""

    def __init__(self, parent: Path, limits: Limits) -> None:
        """Make a group; its files in memory are counted too, so they come on top.

        Raises:
            OSError: this process may not.
        """
        _sweep(parent)
        self._path = parent / f"{_PREFIX}-{os.getpid()}-{next(_numbers)}"
        self._path.mkdir()
        self._ended = threading.Event()
        self._was_reached = False
        most = limits.memory_bytes + limits.disk_bytes
        if (parent / "memory.limit_in_bytes").exists():
            self._events = "memory.oom_control"
            # Memory with swap can't be less than memory: this one first.
            settings = {"memory.limit_in_bytes": most, "memory.memsw.limit_in_bytes": most}
        else:
            self._events = "memory.events"
            settings = {"memory.max": most, "memory.swap.max": 0, "memory.oom.group": 1}
        for name, value in settings.items():
            with suppress(FileNotFoundError):  # a kernel without swap accounting
                _write(self._path / name, value)

    def entering(self) -> list[str]:
        """A shell that enters the group, and becomes the command."""
        return ["sh", "-c", _ENTER_AND_RUN, str(self._path / "cgroup.procs")]

    def watch(self, _pid: int, end: Callable[[], object], /) -> None:
        """End what is left of the box once the kernel has killed one process of it."""
        _watch(self._is_reached, end, self._ended)

    def release(self) -> bool:
        """Read what the kernel counted, and remove the group once its last process is gone."""
        self._ended.set()
        self._is_reached()
        until = time.monotonic() + _EMPTYING_SECONDS
        while not _is_removed(self._path) and time.monotonic() < until:
            time.sleep(0.001)
        return self._was_reached

    def _is_reached(self) -> bool:
        with suppress(OSError):  # removed before
            events = (self._path / self._events).read_text().splitlines()
            self._was_reached |= any(
                line.startswith("oom_kill ") and line != "oom_kill 0" for line in events
            )
        return self._was_reached


class Watchdog:
    """A limit for those who may not make groups."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._ended = threading.Event()
        self._was_reached = False

    def entering(self) -> list[str]:
        """Nothing."""
        return []

    def watch(self, pid: int, end: Callable[[], object], /) -> None:
        """Begin to look."""
        _watch(lambda: self._is_reached(pid), end, self._ended)

    def release(self) -> bool:
        """Look no more."""
        self._ended.set()
        return self._was_reached

    def _is_reached(self, pid: int) -> bool:
        most = self._limits.memory_bytes
        self._was_reached |= used_bytes(pid, at_least=most) > most
        return self._was_reached


def used_bytes(pid: int, at_least: int = 0) -> int:
    """What a process and its descendants have in memory, without the programs' own files.

    Args:
        pid: the first of them.
        at_least: below it a quick answer will do, in which what a fork shares counts twice.
    """
    family = list(_family(pid))
    quick = sum(_sum(f"/proc/{pid}/status", "RssAnon:", "RssShmem:", "VmPTE:") for pid in family)
    if quick <= at_least:
        return quick
    return sum(
        # The quick figure again for a process that hides its pages from us.
        _sum(f"/proc/{pid}/smaps_rollup", "Pss_Anon:", "Pss_Shmem:")
        or _sum(f"/proc/{pid}/status", "RssAnon:", "RssShmem:")
        for pid in family
    )


def _watch(
    is_reached: Callable[[], bool], end: Callable[[], object], ended: threading.Event
) -> None:
    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            if is_reached():
                end()

    threading.Thread(target=look, daemon=True).start()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it ended
            for child in thread.read_text().split():
                yield from _family(int(child))


def _sum(path: str, *fields: str) -> int:
    """Bytes in fields of a file of /proc, which counts in units of 1024; 0 if it is closed."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(fields))


def _sweep(parent: Path) -> None:
    """Remove what runners that were killed left behind."""
    for left in parent.glob(f"{_PREFIX}-*"):
        pid = left.name.split("-")[2]
        if not Path("/proc", pid).exists():
            _is_removed(left)


def _is_removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # the kernel takes a moment to empty it
        return False
    return True


def _write(path: Path, value: int) -> None:
    # Not write_text: it would make a file where the kernel has none.
    with path.open("r+") as file:
        file.write(str(value))
