"""What the gates saw, judged: status, report and counts must agree."""

from dataclasses import replace

import pytest

from runner.report import GateReport, LintRun, PytestRun, fold

CLEAN = LintRun(passed=True)
BASE = PytestRun(exit_status=0, passed=27)
GREEN = PytestRun(exit_status=0, passed=30)
RED = PytestRun(1, passed=26, failed=1, failing_files=frozenset({"tests/test_a.py"}), tail="oh")
EMPTY = PytestRun(exit_status=5)
HUNG = PytestRun(exit_status=None)
FORGED = PytestRun(exit_status=0, failed=1)

TAMPERED = replace(GREEN, could_say_no=False)


def judge(
    own: PytestRun = GREEN,
    base_tests: PytestRun = BASE,
    base: PytestRun = BASE,
    lint: LintRun = CLEAN,
    altered: frozenset[str] = frozenset(),
) -> GateReport:
    return fold(lint, base, base_tests, own, altered)


@pytest.mark.parametrize(
    ("runs", "passed", "reason"),
    [
        ({}, True, None),
        ({"own": RED}, False, "tests_failed"),
        ({"base_tests": RED}, False, "tests_failed"),
        ({"own": EMPTY, "base_tests": EMPTY, "base": EMPTY}, False, "no_tests"),
        ({"base_tests": EMPTY, "base": EMPTY}, True, None),
        ({"base_tests": EMPTY}, False, "no_tests"),
        ({"own": HUNG}, False, "tests_timed_out"),
        ({"own": FORGED}, False, "tests_failed"),
        ({"own": TAMPERED}, False, "gate_tampered"),
        ({"base_tests": TAMPERED}, False, "gate_tampered"),
        ({"own": RED, "base_tests": TAMPERED}, False, "gate_tampered"),
        ({"own": PytestRun(exit_status=0)}, False, "tests_failed"),
        ({"own": PytestRun(exit_status=1, passed=30)}, False, "tests_failed"),
        ({"own": PytestRun(exit_status=0, skipped=30)}, False, "tests_failed"),
    ],
)
def test_tests_pass_only_if_everything_agrees(
    runs: dict[str, PytestRun], passed: bool, reason: str | None
) -> None:
    report = judge(**runs)
    assert (report.tests_passed, report.tests_reason) == (passed, reason)


@pytest.mark.parametrize(
    ("altered", "passed"),
    [(set(), False), ({"tests/test_b.py"}, False), ({"tests/test_a.py", "other"}, True)],
)
def test_a_base_test_that_the_change_means_to_alter_may_fail(
    altered: set[str], passed: bool
) -> None:
    assert judge(base_tests=RED, altered=frozenset(altered)).tests_passed is passed


def test_tests_that_vanish_are_counted() -> None:
    assert judge(base_tests=replace(BASE, passed=20)).collected == 20
    assert judge(own=replace(GREEN, passed=25)).collected == 25


def test_a_file_whose_tests_vanish_is_not_made_up_for_by_another() -> None:
    base = replace(BASE, found={"tests/test_a.py": 20, "tests/test_b.py": 7})
    there = replace(BASE, found={"tests/test_a.py": 27})
    assert judge(base=base, base_tests=there).collected == 20
    assert (
        judge(base=base, base_tests=there, altered=frozenset({"tests/test_b.py"})).collected == 27
    )


def test_lint_and_failing_tests_are_quoted() -> None:
    report = judge(own=RED, lint=LintRun(passed=False, tail="F401"))
    assert report.output == "F401\noh"
    assert judge().output == ""


def test_facts_bring_back_the_report() -> None:
    report = judge(own=RED)
    assert GateReport.of(report.facts() | {"something": "newer"}) == report
