"""Long-running children: started detached, found again by their pid file, stopped for sure.

A record in `<home>/run/<name>.json` names a child's pid and start time; both must fit, so a pid
that the system gave to somebody else is never signalled. Every child also carries the home folder
in its environment: that finds what a crash left behind before a record was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

MARK = "SAYSO_LOCAL_CHILD_OF"
POLL_SECONDS = 0.05
KILL_SECONDS = 5.0


class LocalError(Exception):
    """Something about the local system that its user can put right; the text says how."""


@dataclass(frozen=True)
class Daemon:
    """One child process and how to know that it serves.

    Attributes:
        port: the TCP port on 127.0.0.1 that it opens, if any.
        ready: true once it answers; asked until `patience` seconds have passed.
        stop_signal: asks for an orderly end.
        user: the operating system's user to run as; None is the caller's own.
        grace: seconds between the orderly request and SIGKILL.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Callable[[], bool]
    port: int | None = None
    stop_signal: int = signal.SIGTERM
    user: str | None = None
    patience: float = 45.0
    grace: float = 10.0

    @property
    def fingerprint(self) -> str:
        """Changes when the child would be started differently."""
        what = json.dumps([self.command, sorted(self.environment.items()), self.user])
        return hashlib.sha256(what.encode()).hexdigest()


class Processes:
    """The children of one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.logs = self.home / "logs"
        self.records = self.home / "run"

    def start(self, daemon: Daemon) -> bool:
        """Start a child and wait until it serves; one that already runs unchanged is left alone.

        Returns:
            True if a new process was started.

        Raises:
            LocalError: its port is taken, it died, or it does not answer in time.
        """
        running = self.find(daemon.name)
        is_unchanged = running and self._record(daemon.name)["fingerprint"] == daemon.fingerprint
        if is_unchanged and daemon.ready():
            return False
        self.stop(daemon.name)
        if daemon.port is not None:
            refuse_taken_port(daemon.name, daemon.port)
        child = self._spawn(daemon)
        try:
            self._await_ready(daemon, child)
        except BaseException:
            self.stop(daemon.name)
            raise
        return True

    def find(self, name: str) -> psutil.Process | None:
        """The running child of that name, or None."""
        try:
            record = self._record(name)
            process = psutil.Process(record["pid"])
            same = abs(process.create_time() - record["started"]) < 1
            return process if same and _lives(process) else None
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None

    def stop(self, name: str) -> bool:
        """End a child and its process group: orderly first, then by force.

        Returns:
            True if there was something to stop.
        """
        process = self.find(name)
        if process:
            record = self._record(name)
            process.send_signal(record["stop_signal"])
            group = list(_group(process.pid))
            alive = _await_end(group, record["grace"])
            _kill(alive)
        (self.records / f"{name}.json").unlink(missing_ok=True)
        return process is not None

    def stop_all(self, first: str = "") -> list[str]:
        """End every child, newest first, then whatever still carries this home's mark.

        Args:
            first: the child to begin with, whatever its age.

        Returns:
            Names of what was stopped, strays as `pid <n>`.
        """
        newest_first = self.names()[::-1]
        in_order = sorted(newest_first, key=lambda name: name != first)
        stopped = [name for name in in_order if self.stop(name)]
        strays = list(self.strays())
        _kill(strays)
        return stopped + [f"pid {process.pid}" for process in strays]

    def strays(self) -> Iterator[psutil.Process]:
        """Living processes that were started for this home, recorded or not."""
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.home):
                    yield process
            except psutil.Error:  # gone, or somebody else's
                continue

    def names(self) -> list[str]:
        """The children that have a record, oldest first."""
        records = sorted(self.records.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [path.stem for path in records]

    def _record(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.records / f"{name}.json").read_text())
        return record

    def _spawn(self, daemon: Daemon) -> subprocess.Popen[bytes]:
        self.logs.mkdir(parents=True, exist_ok=True)
        self.records.mkdir(parents=True, exist_ok=True)
        path = self.logs / f"{daemon.name}.log"
        if path.exists():  # one earlier life is kept
            path.replace(path.with_suffix(".log.1"))
        with path.open("wb") as log:
            child = subprocess.Popen(
                daemon.command,
                env={**daemon.environment, MARK: str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=daemon.user,
                group=daemon.user,
                extra_groups=None if daemon.user is None else [],
            )
        record = {
            "pid": child.pid,
            "started": psutil.Process(child.pid).create_time(),
            "fingerprint": daemon.fingerprint,
            "port": daemon.port,
            "stop_signal": int(daemon.stop_signal),
            "grace": daemon.grace,
        }
        (self.records / f"{daemon.name}.json").write_text(json.dumps(record))
        return child

    def _await_ready(self, daemon: Daemon, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + daemon.patience
        while not daemon.ready():
            if child.poll() is not None:
                reason = f"ended with status {child.returncode}"
            elif time.monotonic() > deadline:
                reason = f"does not answer after {daemon.patience:.0f} s"
            else:
                time.sleep(POLL_SECONDS)
                continue
            log = self.logs / f"{daemon.name}.log"
            raise LocalError(f"{daemon.name} {reason}. Its last words ({log}):\n{tail(log)}")


def refuse_taken_port(name: str, port: int) -> None:
    """Raise LocalError, naming the owner, if 127.0.0.1:port is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(
                f"Port {port}, wanted by {name}, is taken by {_owner(port)}. "
                f"Stop that, or choose another port: --port-{name} N or "
                f"SAYSO_LOCAL_PORT_{name.upper()}=N."
            ) from error


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, as text."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _owner(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            listening = connection.status == psutil.CONN_LISTEN
            if listening and connection.laddr[1:2] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:  # another user's sockets are not shown on every system
        pass
    return "another process"


def _group(leader: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == leader:
                yield process
        except ProcessLookupError:
            continue


def _lives(process: psutil.Process) -> bool:
    """Whether a process runs; one that only waits to be collected by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _await_end(processes: list[psutil.Process], patience: float) -> list[psutil.Process]:
    """Wait until processes have ended, for `patience` seconds; returns those that have not."""
    deadline = time.monotonic() + patience
    while (alive := [each for each in processes if _lives(each)]) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return alive


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    _await_end(processes, KILL_SECONDS)


def python(*arguments: str) -> tuple[str, ...]:
    """The command line of a Python child, run by this very interpreter."""
    return (sys.executable, *arguments)
