"""A box made of Linux namespaces by bubblewrap: starts in about 15 ms, needs no container engine.

Started by root, the command runs as a user of its own without any capability; started by a
normal user, in a user namespace. Both ways the limits on processes hold, which Linux does not
apply to root.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from runner.sandbox.sandbox import PROJECT, REPORT, Finished, Limits

PATH = "/usr/local/bin:/usr/bin:/bin"
TAIL_BYTES = 4000
BOX_USER = 64000
"""A number that no user of the host has."""

_TREE = "/tree"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
_COPY_AND_RUN = f'cp -r {_TREE}/. {PROJECT} && exec "$@"'


class NoSandbox(Exception):
    """This machine can't box anything; the message says what to do."""


class Bubblewrap:
    """Runs commands under `bwrap`, with prlimit's limits."""

    name = "bubblewrap"

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
        self._prefixes = [path for path in prefixes if not path.is_relative_to("/usr")]
        with tempfile.TemporaryDirectory() as empty:
            Path(empty).chmod(0o755)
            tried = self.run(["true"], Path(empty), Limits(seconds=10))
        if tried.exit_status != 0:
            raise NoSandbox(
                f"bwrap does not work here ({tried.tail.strip()}): run as root, or allow user "
                "namespaces: sysctl kernel.unprivileged_userns_clone=1"
            )

    def run(
        self, command: Sequence[str], tree: Path, limits: Limits, report: Path | None = None
    ) -> Finished:
        """Run a command on a private copy of a tree; see `Sandbox.run`."""
        if report:
            report.chmod(0o666)
        argv = [
            *self._box(tree, limits, report),
            *_limited(limits),
            *(["sh", "-c", _COPY_AND_RUN, "sh", *command]),
        ]
        with tempfile.TemporaryFile() as output:
            box = subprocess.Popen(
                argv,
                # bwrap's own environment is readable in the box, as that of process 1.
                env={"PATH": PATH},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
            )
            try:
                exit_status: int | None = box.wait(timeout=limits.seconds)
            except subprocess.TimeoutExpired:
                exit_status = None
            finally:
                _kill(box)
            return Finished(exit_status, _tail(output.fileno()))

    def _box(self, tree: Path, limits: Limits, report: Path | None) -> list[str]:
        size = str(limits.disk_bytes)
        argv = ["bwrap", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        argv += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
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
        argv += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
        argv += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
        argv += ["--proc", "/proc", "--dev", "/dev"]
        for folder in ("/tmp", "/dev/shm", PROJECT):  # noqa: S108 - the box's own
            argv += ["--size", size, "--perms", "1777", "--tmpfs", folder]
        for prefix in self._prefixes:
            for parent in reversed(prefix.parents[:-1]):
                argv += ["--perms", "0755", "--dir", str(parent)]
            argv += ["--ro-bind", str(prefix), str(prefix)]
        argv += ["--ro-bind", str(tree), _TREE]
        if report:
            argv += ["--bind", str(report), REPORT]
        for name, value in _ENVIRONMENT.items():
            argv += ["--setenv", name, value]
        # Only the sized folders above can be written: the rest would be the host's memory.
        argv += ["--remount-ro", "/dev", "--remount-ro", "/"]
        return [*argv, "--chdir", PROJECT, "--"]


_ENVIRONMENT = {
    "PATH": PATH,
    "HOME": "/tmp",  # noqa: S108 - the box's own
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def _limited(limits: Limits) -> list[str]:
    argv = ["prlimit", f"--as={limits.memory_bytes}", f"--nproc={limits.processes}"]
    argv += [f"--fsize={limits.file_bytes}", f"--cpu={max(1, round(limits.seconds))}", "--core=0"]
    if os.geteuid() == 0:
        user = str(BOX_USER)
        argv += [
            "setpriv",
            f"--reuid={user}",
            f"--regid={user}",
            "--clear-groups",
            "--no-new-privs",
        ]
        argv += ["--inh-caps=-all", "--"]
    return argv


def _kill(box: subprocess.Popen[bytes]) -> None:
    """End bwrap, and with it process 1 of the box, and with that everything in the box."""
    with suppress(ProcessLookupError):  # it ended by itself
        os.killpg(box.pid, signal.SIGKILL)
    box.wait()


def _tail(output: int) -> str:
    size = os.fstat(output).st_size
    return os.pread(output, TAIL_BYTES, max(0, size - TAIL_BYTES)).decode("utf-8", "replace")


def _which(tool: str) -> str | None:
    return shutil.which(tool, path=PATH)
