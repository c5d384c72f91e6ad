"""What the gates saw, judged: status, report and counts must agree."""

from dataclasses import replace

import pytest

from runner.gates import read_report
from runner.report import GateReport, LintRun, PytestRun, fold

CLEAN = LintRun(passed=True)
BASE = PytestRun(exit_status=0, passed=27)
GREEN = PytestRun(exit_status=0, passed=30)
RED = PytestRun(1, passed=26, failed=1, failing_files=frozenset({"tests/test_a.py"}), tail="oh")
EMPTY = PytestRun(exit_status=5)
HUNG = PytestRun(exit_status=None)
FORGED = PytestRun(exit_status=0, failed=1)

CASE = '<testcase classname="tests.test_a" name="test_x" file="tests/test_a.py">{}</testcase>'


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


def test_lint_and_failing_tests_are_quoted() -> None:
    report = judge(own=RED, lint=LintRun(passed=False, tail="F401"))
    assert report.output == "F401\noh"
    assert judge().output == ""


def test_facts_bring_back_the_report() -> None:
    report = judge(own=RED)
    assert GateReport.of(report.facts() | {"something": "newer"}) == report


@pytest.mark.parametrize(
    ("cases", "passed", "failed", "skipped"),
    [
        ([""], 1, 0, 0),
        (["", "<failure/>", "<error/>", "<skipped/>"], 1, 2, 1),
        (["<skipped/><error/>"], 0, 1, 0),
        ([], 0, 0, 0),
    ],
)
def test_a_report_is_counted_case_by_case(
    cases: list[str], passed: int, failed: int, skipped: int
) -> None:
    # The totals in the attributes are not believed.
    inner = "".join(CASE.format(case) for case in cases)
    xml = f'<testsuites><testsuite tests="99" failures="0">{inner}</testsuite></testsuites>'
    run = read_report(xml.encode(), 0)
    assert (run.passed, run.failed, run.skipped) == (passed, failed, skipped)
    assert run.failing_files == ({"tests/test_a.py"} if failed else set())


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuites>&a;</testsuites>'


@pytest.mark.parametrize("xml", [b"", b"<testsuites>", b"not xml", b"\xff\xfe", BOMB])
def test_a_report_that_is_none_counts_as_a_failure(xml: bytes) -> None:
    assert not read_report(xml, 0).is_green
