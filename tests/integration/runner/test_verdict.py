"""What the tests under test can and can't do to the verdict about them, in a real box."""

from pathlib import Path

import pytest

from runner.checks import Checks
from runner.deadline import Deadline
from runner.environment import Environment
from runner.report import PytestRun
from runner.sandbox.bubblewrap import Bubblewrap
from tests.integration.runner.world import write

CHECKS = Checks(Bubblewrap(), test_seconds=30)
OURS = Environment.of_the_box(CHECKS.sandbox)

GREEN = "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n"
RED = "def test_red():\n    assert False\n"
HOOK = "import pytest\n\n\n@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
ALL_PASS = (
    "import _pytest.reports\n\n\n"
    "class Passed(_pytest.reports.TestReport):\n"
    "    def __init__(self, *args, **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n"
    "        self.outcome, self.longrepr = 'passed', None\n\n\n"
    "_pytest.runner.TestReport = _pytest.reports.TestReport = Passed\n"
)


def run(tmp_path: Path, files: dict[str, str], *arguments: str) -> PytestRun:
    tree = tmp_path / "tree"
    tree.mkdir(mode=0o755)
    write(tree, files)
    return CHECKS.test(tree, OURS, Deadline.after(60), arguments)


def test_outcomes_are_noted_and_canaries_are_not(tmp_path: Path) -> None:
    seen = run(
        tmp_path,
        {
            "tests/test_a.py": GREEN,
            "tests/test_b.py": GREEN + RED,
            "tests/test_c.py": "import pytest\n\n\n@pytest.mark.skip\ndef test_c():\n    pass\n",
            "tests/test_d.py": "import no_such_module\n",
        },
    )
    assert (seen.exit_status, seen.passed, seen.failed, seen.skipped) == (1, 4, 2, 1)
    assert seen.failing_files == {"tests/test_b.py", "tests/test_d.py"}
    assert seen.could_say_no
    assert seen.tail.splitlines()[-1].startswith("2 failed" if "2 failed" in seen.tail else "1 f")
    assert seen.tail.count("FAILED") == 1
    assert "verdict" not in seen.tail


@pytest.mark.parametrize(
    "files",
    [
        {"test_a.py": GREEN},
        {"test_a.py": GREEN, "b/test_b.py": GREEN, "c/test_c.py": GREEN},
        {"test_a.py": GREEN, "pytest.ini": "[pytest]\naddopts = -x --ff -p no:terminal\n"},
        {"test_a.py": "import pytest\npytestmark = pytest.mark.skip\n" + GREEN, "test_b.py": GREEN},
        {"test_a.py": "import pytest\npytestmark = pytest.mark.xfail\n" + GREEN},
        {
            "test_a.py": "import pytest\n@pytest.fixture(autouse=True)\n"
            "def f():\n    pytest.skip()\n" + GREEN,
            "test_b.py": GREEN,
        },
        {
            "test_a.py": "import unittest\n\n\nclass T(unittest.TestCase):\n"
            "    def test_it(self):\n        with self.subTest(1):\n            pass\n"
        },
        {"a.py": '"""\n>>> 1 + 1\n2\n"""\n', "pytest.ini": "[pytest]\naddopts=--doctest-modules\n"},
        {
            "test_a.py": "import pytest\n\n\n@pytest.fixture(scope='class')\ndef made():\n"
            "    return []\n\n\nclass TestA:\n    def test_x(self, made):\n"
            "        made.append(1)\n\n"
            "    def test_y(self, made):\n        assert made == [1]\n"
        },
        {"pkg/__init__.py": "", "tests/test_p.py": "import pkg\n" + GREEN},
        {"src/pkg/__init__.py": "", "tests/test_p.py": "import pkg\n" + GREEN},
        {"boto3.py": "OURS = 1\n", "tests/test_p.py": "from boto3 import OURS\n" + GREEN},
    ],
    ids=" ".join,
)
def test_an_honest_project_is_green(tmp_path: Path, files: dict[str, str]) -> None:
    seen = run(tmp_path, files)
    assert seen.could_say_no, seen
    assert seen.is_green, seen.tail


@pytest.mark.parametrize(
    "files",
    [
        {"test_a.py": GREEN + "import os\nos._exit(0)\n"},
        {"test_a.py": GREEN + "def test_e():\n    import os\n    os._exit(0)\n"},
        {"test_a.py": RED + "import atexit, os\natexit.register(os._exit, 0)\n"},
        {"test_a.py": GREEN + "def test_k():\n    import os\n    os.kill(os.getpid(), 9)\n"},
        {"test_a.py": RED + "def test_s():\n    raise SystemExit(0)\n"},
        {"test_a.py": "import sys\nsys.exit(0)\n"},
        {"test_a.py": RED + "def test_w():\n    open('/report.json', 'w').write('{}')\n"},
        {"test_a.py": RED, "pytest.ini": "[pytest]\naddopts = --collect-only\n"},
        {"test_a.py": GREEN + "def test_f():\n    import os\n    assert os.fork()\n" + RED},
        {"test_a.py": GREEN, "conftest.py": "def pytest_sessionfinish(session):\n    1 / 0\n"},
        {
            "test_a.py": "import pytest\n\n\n@pytest.fixture(scope='module')\ndef made():\n"
            "    yield\n    raise ValueError('late')\n\n\ndef test_x(made):\n    pass\n"
        },
    ],
)
def test_whatever_ends_otherwise_is_red(tmp_path: Path, files: dict[str, str]) -> None:
    assert not run(tmp_path, files).is_green


@pytest.mark.parametrize(
    "conftest",
    [
        HOOK + "def pytest_runtest_makereport():\n    report = yield\n"
        "    report.outcome = 'passed'\n    return report\n",
        HOOK + "def pytest_pyfunc_call():\n    try:\n        return (yield)\n"
        "    except BaseException:\n        return True\n",
        "def pytest_runtest_protocol():\n    return True\n",
        "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_runtestloop():\n    return True\n",
        "def pytest_runtest_setup(item):\n    import pytest\n"
        "    if item.name not in ('test_one', 'test_two'):\n        pytest.skip()\n",
        "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n",
        "import pytest\ndef pytest_runtest_teardown():\n    pytest.exit('enough', returncode=0)\n",
        ALL_PASS,
    ],
)
def test_a_gate_that_cannot_say_no_is_noticed(tmp_path: Path, conftest: str) -> None:
    seen = run(tmp_path, {"test_a.py": GREEN + RED, "conftest.py": conftest})
    assert not seen.could_say_no, seen
    assert not seen.is_green


def test_a_file_that_answers_for_its_own_tests_is_noticed(tmp_path: Path) -> None:
    swallow = (
        "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef swallow(request, monkeypatch):\n"
        "    monkeypatch.setattr(request.node, 'runtest', lambda: None)\n\n\n"
    )
    others = {f"test_{name}.py": GREEN for name in "abcdefgh"}
    seen = run(tmp_path, {**others, "test_speed.py": swallow + RED})
    assert (seen.could_say_no, seen.is_green) == (False, False)


def test_the_key_is_gone_when_the_project_is_run(tmp_path: Path) -> None:
    look = "import os, stat\nassert stat.S_ISCHR(os.fstat(0).st_mode)\n"
    assert run(tmp_path, {"test_a.py": look + GREEN}, "--capture=no").is_green


def test_the_first_failure_does_not_end_it(tmp_path: Path) -> None:
    seen = run(tmp_path, {"test_a.py": RED + GREEN}, "--exitfirst")
    assert (seen.passed, seen.failed, seen.could_say_no) == (2, 1, True)


def test_the_projects_plugins_options_hold(tmp_path: Path) -> None:
    seen = run(tmp_path, {"test_a.py": GREEN + RED}, "-k", "one")
    assert (seen.is_green, seen.passed) == (True, 1)


def test_lint_finds_fault_or_not(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import os\n"})
    tmp_path.chmod(0o755)
    assert not CHECKS.lint(tmp_path, OURS, Deadline.after(30)).passed
    write(tmp_path, {"a.py": "import os\n\nprint(os)\n"})
    assert CHECKS.lint(tmp_path, OURS, Deadline.after(30)).passed


@pytest.mark.parametrize(
    ("commands", "passes"),
    [
        (["ruff check ."], True),
        (["ruff check . && ruff format --check .", "test -f a.py"], True),
        (["ruff check .", "false"], False),
        (["false", "true"], False),
        (["true # )"], True),
        (["no-such-command"], False),
    ],
)
def test_commands_of_the_repository_lint_by_their_status(
    tmp_path: Path, commands: list[str], passes: bool
) -> None:
    write(tmp_path, {"a.py": "print()\n"})
    tmp_path.chmod(0o755)
    assert CHECKS.lint(tmp_path, OURS, Deadline.after(30), commands).passed is passes
