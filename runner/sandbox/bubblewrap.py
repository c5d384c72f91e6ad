"""A box made of Linux namespaces by bubblewrap: starts in about 15 ms, needs no container engine.

Started by root, the command runs as a user of its own without any capability; started by a
normal user, in a user namespace. Both ways the limits on processes hold, which Linux does not
apply to root.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from runner.deadline import Deadline
from runner.sandbox.boxed import Boxed, inlet
from runner.sandbox.memory import MemoryLimit, limit_memory
from runner.sandbox.sandbox import (
    BOX_ENVIRONMENT,
    PATH,
    PROJECT,
    TREE,
    Box,
    Finished,
    Limits,
    NoSandbox,
    begun,
)

BOX_USERS = range(64000, 65000)
"""Numbers that no user of the host has."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
_NAMES = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf")
"""How the names of hosts are looked up."""


class Bubblewrap:
    """Runs commands under `bwrap`, with prlimit's limits."""

    name = "bubblewrap"
    python = sys.executable
    claude = str(Path(sysconfig.get_path("purelib"), "claude_agent_sdk", "_bundled", "claude"))

    def __init__(
        self, prefixes: Iterable[Path] = (Path(sys.prefix), Path(sys.base_prefix))
    ) -> None:
        """A box that sees the system's programs and, read-only, these folders of Python's.

        Raises:
            NoSandbox: bwrap is missing, or the kernel does not let it work.
        """
        missing = [tool for tool in ("bwrap", "prlimit", "setpriv") if not _which(tool)]
        if missing:
            raise NoSandbox(
                f"{', '.join(missing)} not found: apt-get install bubblewrap util-linux"
            )
        # The number of processes is counted for each user: one box's must not starve another's.
        first = os.getpid() % len(BOX_USERS)
        self._users = itertools.cycle([*BOX_USERS[first:], *BOX_USERS[:first]])
        self._prefixes = [path for path in prefixes if not path.is_relative_to("/usr")]
        with tempfile.TemporaryDirectory() as empty:
            Path(empty).chmod(0o755)
            box = Box(Limits(seconds=10), tree=Path(empty))
            tried = self.run(["true"], box, Deadline.after(box.limits.seconds))
        if tried.exit_status != 0:
            raise NoSandbox(
                f"bwrap does not work here ({tried.tail.strip()}): run as root, or allow user "
                "namespaces: sysctl kernel.unprivileged_userns_clone=1"
            )

    def run(self, command: Sequence[str], box: Box, deadline: Deadline) -> Finished:
        """Run a command in a box of its own; see `Sandbox.run`."""
        with tempfile.TemporaryFile() as output, inlet(box.stdin) as stdin:
            boxed = self._open(command, box, stdin=stdin, stdout=output)
            return boxed.finish(output, deadline)

    def start(self, command: Sequence[str], box: Box) -> Boxed:
        """Start a command and talk to it; see `Sandbox.start`."""
        return self._open(command, box, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _open(self, command: Sequence[str], box: Box, stdin: int, stdout: int | IO[bytes]) -> Boxed:
        memory = limit_memory(box.limits)
        process = subprocess.Popen(
            [
                *(*memory.entering(), *self._box(box)),
                *(*_limited(box.limits, next(self._users)), *begun(command, box)),
            ],
            # bwrap's own environment is readable in the box, as that of process 1.
            env={"PATH": PATH},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
        )
        boxed = Boxed(process, box.limits, _killing(process, memory), memory.release)
        memory.watch(process.pid, boxed.end)
        return boxed

    def _box(self, box: Box) -> list[str]:
        size = str(box.limits.disk_bytes)
        argv = ["bwrap", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        argv += ["--unshare-ipc", "--unshare-pid", "--unshare-uts"]
        argv += [] if box.has_network else ["--unshare-net"]
        argv += ["--unshare-cgroup-try", "--hostname", "box"]
        if os.geteuid() == 0:
            argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            argv += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
        for system in map(Path, _SYSTEM):
            if system.is_symlink():
                argv += ["--symlink", str(system.readlink()), str(system)]
            elif system.exists():
                argv += ["--ro-bind", str(system), str(system)]
        argv += ["--perms", "0755", "--dir", "/etc"]
        argv += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
        argv += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
        for name in _NAMES if box.has_network else ():
            argv += ["--ro-bind-try", os.path.realpath(name), name]
        argv += ["--proc", "/proc", "--dev", "/dev"]
        for folder in ("/tmp", "/dev/shm", PROJECT):  # noqa: S108 - the box's own
            argv += ["--size", size, "--perms", "1777", "--tmpfs", folder]
        for prefix in self._prefixes:
            for parent in reversed(prefix.parents[:-1]):
                argv += ["--perms", "0755", "--dir", str(parent)]
            argv += ["--ro-bind", str(prefix), str(prefix)]
        if box.tree:
            argv += ["--ro-bind", str(box.tree), TREE]
        for mount in box.mounts:
            how = "--bind" if mount.is_writable else "--ro-bind"
            argv += [how, str(mount.source), mount.target]
        for name, value in {**BOX_ENVIRONMENT, **box.environment}.items():
            argv += ["--setenv", name, value]
        # Only the sized folders above can be written: the rest would be the host's memory.
        argv += ["--remount-ro", "/dev", "--remount-ro", "/"]
        return [*argv, "--chdir", PROJECT, "--"]


def _limited(limits: Limits, number: int) -> list[str]:
    argv = ["prlimit", f"--nproc={limits.processes}"]
    argv += [f"--fsize={limits.file_bytes}", f"--cpu={max(1, round(limits.seconds))}", "--core=0"]
    if os.geteuid() == 0:
        user = str(number)
        argv += [
            "setpriv",
            f"--reuid={user}",
            f"--regid={user}",
            "--clear-groups",
            "--no-new-privs",
        ]
        argv += ["--inh-caps=-all", "--"]
    return argv


def _killing(box: subprocess.Popen[bytes], memory: MemoryLimit) -> Callable[[], object]:
    """End bwrap, and with it process 1 of the box, and with that everything in the box."""

    def kill() -> None:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(box.pid, signal.SIGKILL)
        box.wait()
        memory.release()

    return kill


def _which(tool: str) -> str | None:
    return shutil.which(tool, path=PATH)
