"""Tests that hang, grow and multiply: a limit ends them, and the verdict says so."""

from tests.hostile.case import Case

SECONDS = 4.0
MODULES = ("os", "socket", "subprocess", "threading", "time")


def greedy(
    name: str, code: str, reasons: str = "tests_failed|tests_timed_out|gate_tampered|tampers"
) -> Case:
    """A test that wants more than there is; it is an honest failure at most."""
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    imports = "".join(f"import {name}\n" for name in MODULES)
    used = f"_ = ({', '.join(MODULES)})"
    file = f"{imports}\n{used}\n\n\ndef test_greedy(tmp_path):\n{body}"
    return Case(
        name,
        "pr_opened",
        tuple(reasons.split("|")),
        {"tests/test_greedy.py": file},
        tests=False,
        test_seconds=SECONDS,
    )


CASES = [
    greedy("sleeps", "time.sleep(600)"),
    greedy("counts for ever", "while True:\n    pass"),
    greedy("waits for input that never comes", "os.read(os.pipe()[0], 1)"),
    greedy(
        "ignores signals",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(600)",
    ),
    greedy(
        "forks without end",
        "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
    ),
    greedy(
        "starts threads without end",
        "while True:\n    threading.Thread(target=time.sleep, args=(600,)).start()",
    ),
    greedy("eats memory", "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))"),
    greedy(
        "eats memory in many processes",
        "for _ in range(16):\n    if not os.fork():\n        break\nhoard = []\nwhile True:\n"
        "    try:\n        hoard.append(bytearray(os.urandom(1 << 20) * 8))\n"
        "    except MemoryError:\n        time.sleep(600)",
    ),
    greedy(
        "fills the disk",
        "for number in range(10**6):\n    (tmp_path / str(number)).write_bytes(bytes(1 << 24))",
    ),
    greedy(
        "fills a file",
        "with open('/tmp/big', 'wb') as file:\n    while True:\n        file.write(bytes(1 << 20))",
    ),
    greedy(
        "fills shared memory",
        "for number in range(10**6):\n    open(f'/dev/shm/{number}', 'wb').write(bytes(1 << 24))",
    ),
    greedy(
        "makes files without end",
        "for number in range(10**9):\n    (tmp_path / str(number)).touch()",
    ),
    greedy("prints without end", "while True:\n    os.write(1, b'x' * 65536)"),
    greedy("recurses without end", "def again():\n    return again()\nagain()", "tests_failed"),
    greedy(
        "opens files without end",
        "held = []\nwhile True:\n    held.append(open('/dev/null'))",
        "tests_failed",
    ),
    greedy("searches for ever", "import re\nassert re.match('(a+)+$', 'a' * 64 + 'b')"),
    greedy(
        "leaves a daemon and fails",
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n        time.sleep(600)\n"
        "    os._exit(0)\nassert False",
    ),
]
