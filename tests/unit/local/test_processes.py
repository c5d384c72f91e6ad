"""Children are found again, never confused with strangers, and gone after `stop_all`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cdk.local.processes import MARK, Daemon, LocalError, Processes, refuse_taken_port

SAYS_READY = "import sys, time; open(sys.argv[1], 'w').close(); "
SLEEPS = SAYS_READY + "time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
HAS_CHILD = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; "
    "time.sleep(60)']); " + SLEEPS
)

Make = Callable[..., Daemon]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.stop_all()


@pytest.fixture
def daemon(tmp_path: Path) -> Make:
    def make(code: str = SLEEPS, name: str = "child", **more: Any) -> Daemon:
        flag = tmp_path / f"{name}.ready"
        return Daemon(
            name=name,
            command=(sys.executable, "-c", code, str(flag)),
            environment={"PATH": os.defpath, **more.pop("environment", {})},
            ready=flag.exists,
            **more,
        )

    return make


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def pid_of(processes: Processes, name: str = "child") -> int:
    process = processes.find(name)
    assert process is not None
    return int(process.pid)


def test_a_child_outlives_its_starter_and_is_found_again(
    processes: Processes, daemon: Make
) -> None:
    assert processes.start(daemon())
    pid = pid_of(processes)
    assert os.getsid(pid) == pid  # a terminal's Ctrl-C does not reach it
    assert pid_of(Processes(processes.home)) == pid
    assert processes.stop("child")
    assert not alive(pid)
    assert processes.find("child") is None


def test_an_unchanged_child_is_left_alone_and_a_changed_one_starts_anew(
    processes: Processes, daemon: Make
) -> None:
    processes.start(daemon())
    pid = pid_of(processes)
    assert not processes.start(daemon())
    assert pid_of(processes) == pid
    assert processes.start(daemon(environment={"MODE": "other"}))
    assert pid_of(processes) != pid
    assert not alive(pid)


def test_a_pid_that_now_belongs_to_a_stranger_is_not_touched(
    processes: Processes, daemon: Make
) -> None:
    processes.start(daemon())
    record = processes.records / "child.json"
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        reused = {**json.loads(record.read_text()), "pid": stranger.pid, "started": 1.0}
        record.write_text(json.dumps(reused))
        assert processes.find("child") is None
        assert not processes.stop("child")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_who_does_not_listen_is_killed(processes: Processes, daemon: Make) -> None:
    processes.start(daemon(DEAF, grace=0.2))
    pid = pid_of(processes)
    processes.stop("child")
    assert not alive(pid)


def test_grandchildren_go_too(processes: Processes, daemon: Make) -> None:
    processes.start(daemon(HAS_CHILD, grace=0.2))
    [grandchild] = psutil.Process(pid_of(processes)).children()
    processes.stop("child")
    assert not alive(grandchild.pid)


def test_what_a_crash_left_without_a_record_is_stopped(processes: Processes, daemon: Make) -> None:
    processes.start(daemon(HAS_CHILD))
    leader = psutil.Process(pid_of(processes))
    [orphan] = leader.children()
    leader.kill()
    (processes.records / "child.json").unlink()
    assert f"pid {orphan.pid}" in processes.stop_all()
    assert not alive(orphan.pid)


def test_the_newest_goes_first_unless_another_is_named(processes: Processes, daemon: Make) -> None:
    for order, first in ((["c", "b", "a"], ""), (["b", "c", "a"], "b")):
        for name in "abc":
            processes.start(daemon(name=name))
        assert processes.stop_all(first) == order


def test_a_stranger_with_another_home_stays(processes: Processes, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    other = subprocess.Popen(command, env={MARK: str(tmp_path / "elsewhere")})
    try:
        assert processes.stop_all() == []
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_child_that_dies_at_once_is_told_with_its_last_words(
    processes: Processes, daemon: Make
) -> None:
    with pytest.raises(LocalError, match=r"ended with status 3(.|\n)*out of luck"):
        processes.start(daemon("print('out of luck', flush=True); raise SystemExit(3)"))
    assert processes.names() == []


def test_a_child_that_never_answers_is_stopped(processes: Processes, daemon: Make) -> None:
    began = time.monotonic()
    with pytest.raises(LocalError, match="does not answer"):
        processes.start(daemon("import time; time.sleep(60)", patience=0.3))
    assert time.monotonic() - began < 5
    assert list(processes.strays()) == []


def test_a_taken_port_is_named_with_its_owner_and_a_way_out(
    processes: Processes, daemon: Make
) -> None:
    with socket.socket() as owner:
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        port = owner.getsockname()[1]
        with pytest.raises(LocalError) as taken:
            processes.start(daemon(name="push", port=port))
    told = str(taken.value)
    assert f"Port {port}" in told
    assert f"(pid {os.getpid()})" in told
    assert "--port-push" in told
    assert "SAYSO_LOCAL_PORT_PUSH" in told
    refuse_taken_port("push", port)


def test_the_orderly_signal_is_the_daemons_own(processes: Processes, daemon: Make) -> None:
    code = "import signal, sys; signal.signal(signal.SIGINT, lambda *_: sys.exit(print('bye'))); "
    processes.start(daemon(code + SLEEPS, stop_signal=signal.SIGINT))
    processes.stop("child")
    assert "bye" in (processes.logs / "child.log").read_text()
