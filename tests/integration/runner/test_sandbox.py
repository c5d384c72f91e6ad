"""What runs in the box can reach nothing, keeps nothing, and ends when it must."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from runner.deadline import Deadline
from runner.sandbox import bubblewrap
from runner.sandbox.boxed import TAIL_BYTES
from runner.sandbox.bubblewrap import Bubblewrap
from runner.sandbox.sandbox import Box, Finished, Limits, Mount, NoSandbox, Sandbox

SECRET = "swordfish"
TOO_MUCH_MEMORY = "ended: more than 512 MiB of memory"
LIMITS = Limits(seconds=20, memory_bytes=512 << 20, processes=40, disk_bytes=16 << 20)


GREEDY_FAMILY = """
import os, time

for _ in range(9):
    if os.fork() == 0:
        x = bytearray(99 << 20)
        time.sleep(9)
time.sleep(9)
"""

ENVIRONMENTS = """
import glob
import os

print(dict(os.environ))
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(open(path, "rb").read())
    except PermissionError:
        print(path, "is closed")
"""

AS_A_NORMAL_USER = """
import sys
from pathlib import Path
from runner.sandbox.bubblewrap import Bubblewrap
from runner.deadline import Deadline
from runner.sandbox.sandbox import Box, Limits

bubblewrap = Bubblewrap(prefixes=())
box = Box(Limits(20, 512 << 20, 40), tree=Path(sys.argv[1]))
for code in sys.argv[2:]:
    ended = bubblewrap.run(["/usr/bin/python3", "-c", code], box, Deadline.after(20))
    print(ended.exit_status, ended.tail)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir(mode=0o755)
    (tree / "hello.txt").write_text("hello\n")
    return tree


def run(sandbox: Sandbox, tree: Path, code: str, limits: Limits = LIMITS) -> Finished:
    command = [sandbox.python, "-c", code]
    return sandbox.run(command, Box(limits, tree=tree), Deadline.after(30))


def test_it_works_on_a_private_copy(sandbox: Sandbox, tree: Path) -> None:
    ended = run(
        sandbox, tree, "t = open('hello.txt').read(); open('hello.txt', 'w').write('x'); print(t)"
    )
    assert ended == Finished(0, "hello\n\n")
    assert (tree / "hello.txt").read_text() == "hello\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('1.1.1.1', 53), 2)",
        "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
        "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/var/run/docker.sock')",
        "open('/work-outside', 'w')",
        "open('/usr/outside', 'w')",
        "open('/dev/outside', 'w')",
        "open('/tree/hello.txt', 'w')",
        "open(__import__('sys').prefix + '/outside', 'w')",
        "open('/etc/shadow')",
        "open('/etc/passwd')",
        "import os; os.listdir('{outside}')",
        "import os; os.setuid(0)",
        "import os; os.kill(2 ** 20, 0)",
        "import ctypes; assert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0",
    ],
)
def test_what_is_outside_stays_outside(
    sandbox: Sandbox, tree: Path, github_url: str, attempt: str
) -> None:
    port = github_url.rpartition(":")[2]
    ended = run(
        sandbox, tree, attempt.replace("{port}", port).replace("{outside}", str(tree.parent))
    )
    assert ended.exit_status == 1, ended.tail


def test_nobody_finds_a_secret_in_an_environment(
    sandbox: Sandbox, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)
    seen = run(sandbox, tree, ENVIRONMENTS)
    assert seen.exit_status == 0, seen.tail
    assert "PYTHONDONTWRITEBYTECODE" in seen.tail
    assert SECRET not in seen.tail


def test_it_sees_only_its_own_processes(sandbox: Sandbox, tree: Path) -> None:
    seen = run(sandbox, tree, "import glob; print(len(glob.glob('/proc/[0-9]*')))")
    assert int(seen.tail) <= 3


def test_it_is_nobody_without_capabilities(sandbox: Sandbox, tree: Path) -> None:
    seen = run(
        sandbox,
        tree,
        "import os; print(os.getuid(), os.getgroups()); print(open('/proc/self/status').read())",
    )
    user = int(seen.tail.split()[0])
    assert user in bubblewrap.BOX_USERS if os.geteuid() == 0 else user == 1000
    assert "CapEff:\t0000000000000000" in seen.tail
    assert "NoNewPrivs:\t1" in seen.tail


@pytest.mark.parametrize(
    ("greedy", "complaint"),
    [
        ("x = bytearray(600 << 20); import time; time.sleep(9)", TOO_MUCH_MEMORY),
        (GREEDY_FAMILY, TOO_MUCH_MEMORY),
        (
            "import os\nfor _ in range(60):\n    if os.fork() == 0: import time; time.sleep(9)",
            "Resource temporarily unavailable",
        ),
        ("open('big', 'wb').write(b'x' * (20 << 20))", "No space left on device"),
        (
            "for i in range(40): open(f'/tmp/{i}', 'wb').write(b'x' * (1 << 20))",
            "No space left on device",
        ),
        (
            "for i in range(40): open(f'/dev/shm/{i}', 'wb').write(b'x' * (1 << 20))",
            "No space left on device",
        ),
    ],
)
def test_greed_is_bounded(sandbox: Sandbox, tree: Path, greedy: str, complaint: str) -> None:
    ended = run(sandbox, tree, greedy)
    assert ended.exit_status != 0
    assert complaint in ended.tail


def test_endless_output_is_bounded(sandbox: Sandbox, tree: Path) -> None:
    limits = Limits(seconds=20, file_bytes=1 << 20)
    ended = run(sandbox, tree, "while True: print('x' * 1000)", limits)
    assert ended.exit_status != 0
    assert len(ended.tail) <= TAIL_BYTES


def test_at_the_time_limit_everything_in_it_is_killed(sandbox: Sandbox, tree: Path) -> None:
    mark = f"sleep-{time.monotonic_ns()}"
    code = (
        "import os, signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"again = [sys.executable, '-c', 'import time; time.sleep(99)', {mark!r}]\n"
        "subprocess.Popen(again, start_new_session=True)\n"
        "subprocess.Popen(again).wait()\n"
    )
    ended = run(sandbox, tree, code, Limits(seconds=1))
    assert ended == Finished(None, "\nended: more than 1 s\n")
    # The kernel takes the box's processes down after their first one; they would sleep for 99 s.
    left = [process for process in psutil.process_iter(["cmdline"]) if mark in _line(process)]
    _, alive = psutil.wait_procs(left, timeout=10)
    assert alive == []


def test_what_is_started_is_ended_at_its_limits_too(sandbox: Sandbox) -> None:
    boxed = sandbox.start(["sleep", "99"], Box(Limits(seconds=0.5)))
    boxed.process.wait(timeout=10)
    boxed.end()
    assert boxed.limit() == "ended: more than 0.5 s"


def test_one_can_talk_to_what_is_started(sandbox: Sandbox) -> None:
    boxed = sandbox.start(["cat"], Box(LIMITS))
    said, _ = boxed.process.communicate(b"hello", timeout=10)
    boxed.end()
    assert (said, boxed.process.returncode, boxed.limit()) == (b"hello", 0, None)


def test_the_processes_of_one_box_are_not_counted_for_another(sandbox: Sandbox, tree: Path) -> None:
    forks = (
        "import os, time\nfor _ in range(30):\n    if os.fork() == 0: time.sleep(20); os._exit(0)\n"
    )
    first = sandbox.start([sandbox.python, "-c", f"{forks}print(flush=True)"], Box(LIMITS))
    try:
        assert first.process.stdout
        first.process.stdout.readline()
        assert run(sandbox, tree, forks) == Finished(0, "")
    finally:
        first.end()


def test_one_file_may_come_out(sandbox: Sandbox, tree: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.touch()
    code = "open('/report.xml', 'w').write('<ok/>')"
    report.chmod(0o666)
    boxed = Box(LIMITS, tree, mounts=(Mount(report, "/report.xml", is_writable=True),))
    command = [sandbox.python, "-c", code]
    assert sandbox.run(command, boxed, Deadline.after(20)).exit_status == 0
    assert report.read_text() == "<ok/>"


def test_a_normal_user_gets_the_same_box() -> None:
    with TemporaryDirectory() as folder:
        # Where that user may read: what pytest and pip made may be closed to it.
        tree, package = Path(folder) / "tree", Path(folder) / "runner"
        tree.mkdir()
        sandbox = Path(bubblewrap.__file__).parent
        shutil.copytree(sandbox, package / "sandbox")
        for module in ("deadline", "failure", "spending"):
            shutil.copy(sandbox.parent / f"{module}.py", package)
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o755)
        drop = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"]
        done = subprocess.run(
            [
                *(drop if os.geteuid() == 0 else []),
                *("/usr/bin/python3", "-c", AS_A_NORMAL_USER, str(tree)),
                "import os; print(os.getuid())",
                "open('/dev/outside', 'w')",
                "x = bytearray(600 << 20); import time; time.sleep(9)",
                GREEDY_FAMILY,
                "import os\nfor _ in range(60):\n    if os.fork() == 0: import time; time.sleep(9)",
                "import socket; socket.create_connection(('1.1.1.1', 53), 2)",
            ],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
    expected = ["0 1000", "Read-only file system", TOO_MUCH_MEMORY, TOO_MUCH_MEMORY]
    expected += ["Resource temporarily", "unreach"]
    at = -1
    for complaint in expected:
        at = done.stdout.find(complaint, at + 1)
        assert at >= 0, (complaint, done.stdout)


def test_without_bubblewrap_there_is_no_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "PATH", "/nonexistent")
    with pytest.raises(NoSandbox, match="apt-get install bubblewrap"):
        Bubblewrap()


def _line(process: psutil.Process) -> list[str]:
    return process.info["cmdline"] or []
