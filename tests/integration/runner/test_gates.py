"""By whose rules a change is judged: always the base's; what the change says counts for less."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.environment import Environments
from runner.gates import SLOW_SECONDS, Gates
from runner.policy import MergeRule, decide
from runner.report import GateReport
from runner.repository_rules import RULE_FILE
from runner.sandbox.bubblewrap import Bubblewrap
from tests.integration.runner.projects import FAILS, PASSES, changed, checkout

GATES = Gates(Bubblewrap(), test_seconds=30)
BASE = {"test_a.py": PASSES, "app.py": "def one():\n    return 1\n"}


def judge(base: Checkout, files: dict[str, str | None], gates: Gates = GATES) -> GateReport:
    tree = changed(base, files)
    return gates.judge(base, base.change_to(tree), tree, Deadline.after(90))


def reasons(base: Checkout, files: dict[str, str | None]) -> list[str]:
    tree = changed(base, files)
    change = base.change_to(tree)
    proof = GATES.judge(base, change, tree, Deadline.after(90))
    rule = MergeRule(500, ("security/",)).tightened(base.text_of(RULE_FILE))
    return [reason.code for reason in decide(change, proof, rule).reasons]


def test_an_honest_change_is_merged(tmp_path: Path) -> None:
    base = checkout(tmp_path, BASE)
    tested = "from app import two\n\n\ndef test_two():\n    assert two() == 2\n"
    more = BASE["app.py"] + "\n\ndef two():\n    return 2\n"
    assert reasons(base, {"app.py": more, "test_b.py": tested}) == []


@pytest.mark.parametrize(
    "configuration",
    [
        {"conftest.py": "def pytest_collection_modifyitems(items):\n    items.clear()\n"},
        {"conftest.py": "def pytest_runtest_call(item):\n    item.obj = print\n"},
        {"conftest.py": "collect_ignore = ['test_a.py']\n"},
        {"pytest.ini": "[pytest]\naddopts = --deselect test_a.py\n"},
        {"pytest.ini": "[pytest]\ntestpaths = nowhere\n"},
        {"tox.ini": "[pytest]\naddopts = -k nothing\n"},
        {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p no:python"\n'},
        {"sitecustomize.py": "import os\nos._exit(0)\n"},
        {"usercustomize.py": "import os\nos._exit(0)\n"},
        {"evil.pth": "import os; os._exit(0)\n"},
        {"evil.egg-info/entry_points.txt": "[pytest11]\nevil = evil\n", "evil.py": "x = 1\n"},
        {"ruff.toml": 'exclude = ["*"]\n'},
        {".ignore": "app.py\n"},
        {".sayso.toml": 'test = "pytest test_b.py"\n', "test_b.py": PASSES},
        {".sayso.toml": 'lint = "true"\n'},
    ],
)
def test_configuration_of_the_change_turns_nothing_off(
    tmp_path: Path, configuration: dict[str, str]
) -> None:
    tests = "from app import one\n\n\ndef test_one():\n    assert one() == 1\n"
    base = checkout(tmp_path, {**BASE, "test_a.py": tests})
    broken = "import os\n\n\ndef one():\n    return 2\n"
    proof = judge(base, {**configuration, "app.py": broken})
    assert (proof.lint_passed, proof.tests_passed) == (False, False)
    assert "guarded_file" in reasons(checkout_again(base), dict(configuration))


def checkout_again(base: Checkout) -> Checkout:
    """The same base, for another change."""
    folder = base.folder.with_name("another-job")
    folder.mkdir()
    return replace(base, folder=folder)


def test_tests_that_are_meant_to_change_are_proven_and_ask(tmp_path: Path) -> None:
    tests = "from app import one\n\n\ndef test_one():\n    assert one() == 1\n"
    base = checkout(tmp_path, {**BASE, "test_a.py": tests, "test_b.py": PASSES})
    change: dict[str, str | None] = {
        "app.py": "def uno():\n    return 1\n",
        "test_a.py": tests.replace("one()", "uno()").replace("import one", "import uno"),
    }
    # The base's test_a.py can't even be imported now; all others still have to pass.
    assert reasons(base, change) == ["tests_changed"]


def test_a_meant_change_excuses_no_other_file(tmp_path: Path) -> None:
    tests = "from app import one\n\n\ndef test_one():\n    assert one() == 1\n"
    base = checkout(tmp_path, {**BASE, "test_a.py": tests, "test_b.py": tests})
    change: dict[str, str | None] = {
        "app.py": "def one():\n    return 2\n",
        "test_a.py": tests.replace("== 1", "== 2"),
        "test_b.py": None,
    }
    assert "tests_changed" in reasons(base, change)
    assert not judge(checkout_again(base), {"app.py": change["app.py"]}).tests_passed


def test_the_bases_command_chooses_the_tests(tmp_path: Path) -> None:
    rules = 'test = "python -m pytest -q good"\n'
    base = checkout(tmp_path, {".sayso.toml": rules, "good/test_a.py": PASSES, "test_b.py": FAILS})
    proof = judge(base, {"README.md": "Hello.\n"})
    assert (proof.tests_passed, proof.passed) == (True, 2)


def test_the_bases_command_lints_and_the_change_cannot_alter_it(tmp_path: Path) -> None:
    script = {"lint.sh": "! grep -r forbidden --include=*.py .\n"}
    base = checkout(tmp_path, {**BASE, **script, ".sayso.toml": 'lint = "sh lint.sh"\n'})
    assert judge(base, {"app.py": "import os\n"}).lint_passed
    evil = {"app.py": "x = 'forbidden'\n", "lint.sh": "true\n"}
    assert not judge(checkout_again(base), dict(evil)).lint_passed


def test_rules_that_cannot_be_read_ask_and_the_usual_ones_hold(tmp_path: Path) -> None:
    base = checkout(tmp_path, {**BASE, ".sayso.toml": 'lnt = "true"\n'})
    assert reasons(base, {"app.py": "import os\n"}) == ["lint_failed", "rule_unreadable"]


def test_what_cannot_be_set_up_proves_nothing_and_says_why(tmp_path: Path) -> None:
    base = checkout(tmp_path, {**BASE, "requirements.txt": "not a requirement\n"})
    gates = Gates(Bubblewrap(), environments=Environments(tmp_path / "made", Bubblewrap()))
    proof = judge(base, {"README.md": "Hello.\n"}, gates)
    assert (proof.tests_reason, proof.tests_passed, proof.lint_passed) == (
        "setup_failed",
        False,
        True,
    )
    assert "requirements.txt" in proof.output


def test_where_tests_are_slow_the_touched_ones_say_no_first(tmp_path: Path) -> None:
    base = checkout(tmp_path, BASE)
    GATES.measure_base(base, Deadline.after(60))
    [known] = base.measurements.iterdir()
    measured = json.loads(known.read_text()) | {"seconds": SLOW_SECONDS + 1}
    known.write_text(json.dumps(measured))
    proof = judge(base, {"test_b.py": FAILS})
    assert (proof.tests_reason, proof.collected) == ("tests_failed", 1)


def test_a_measurement_holds_for_its_command_only(tmp_path: Path) -> None:
    base = checkout(tmp_path, BASE)
    tree = changed(base, {".sayso.toml": 'test = "pytest -k one"\n'})
    proof = GATES.judge(base, base.change_to(tree), tree, Deadline.after(60))
    assert proof.passed == 2
    commit = base.git.line(
        "commit-tree", tree, "-p", base.base, "-F", "-", stdin=b"x", author=("Ada", "a@b.c")
    )
    later = checkout_again(base.at(commit))
    assert GATES.judge(later, later.change_to(tree), tree, Deadline.after(60)).passed == 1


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    base = checkout(tmp_path, BASE)
    GATES.measure_base(base, Deadline.after(60))
    [known] = base.measurements.iterdir()
    known.write_text(json.dumps(json.loads(known.read_text()) | {"passed": 77}))
    tree = base.base_tree
    assert GATES.judge(base, base.change_to(tree), tree, Deadline.after(60)).passed == 77
