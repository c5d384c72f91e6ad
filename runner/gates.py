"""Lint and tests, run in a box on exactly the tree that would be delivered."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from runner.change import Change, is_test
from runner.checkout import Checkout
from runner.deadline import Deadline
from runner.policy import is_configuration
from runner.report import GateReport, LintRun, PytestRun, fold
from runner.sandbox.sandbox import PROJECT, Box, Limits, Mount, Sandbox

LONGEST_REPORT_BYTES = 16 << 20
_REPORT = "/report.xml"

# pytest is imported before the project can be: a module of the project's that is named like a
# library comes last on the path, and shadows nothing. The plugins installed here are the
# runner's own, not the project's.
_PYTEST = f"import sys, pytest; sys.path.append({PROJECT!r}); sys.exit(pytest.main(sys.argv[1:]))"


@dataclass(frozen=True)
class Gates:
    """Runs ruff and pytest."""

    sandbox: Sandbox
    test_seconds: float = 300
    lint_seconds: float = 60

    def judge(
        self, checkout: Checkout, change: Change, tree: str, deadline: Deadline
    ) -> GateReport:
        """Judge a change by the base's rules: lint, the base's tests, then its own.

        The four runs do not depend on each other and go side by side; what was measured of the
        same tree before is not measured again.

        Args:
            checkout: where the base is known.
            change: what differs between base and tree.
            tree: the git tree to judge.
            deadline: when the job must have ended.
        """
        own = checkout.overlay(tree, is_configuration)
        by_base = checkout.overlay(tree, lambda path: is_configuration(path) or is_test(path))
        altered = frozenset(file.old_path for file in change.files if file.says_less)
        with ThreadPoolExecutor(max_workers=4) as side_by_side:
            runs = {
                name: side_by_side.submit(self._test, checkout, name, deadline)
                for name in {own, by_base, checkout.base_tree}
            }
            lint = side_by_side.submit(self._lint, checkout, own, deadline)
            return fold(
                lint.result(),
                base=runs[checkout.base_tree].result(),
                base_tests=runs[by_base].result(),
                own=runs[own].result(),
                altered=altered,
            )

    def measure_base(self, checkout: Checkout, deadline: Deadline) -> PytestRun:
        """Run the base's tests on the base, ahead of the job that will ask."""
        return self._test(checkout, checkout.base_tree, deadline)

    def _lint(self, checkout: Checkout, tree: str, deadline: Deadline) -> LintRun:
        command = [self.sandbox.python, "-P", "-m", "ruff", "check", "--no-cache", "--quiet", "."]
        box = Box(Limits(seconds=self.lint_seconds), tree=checkout.files_of(tree))
        ended = self.sandbox.run(command, box, deadline)
        return LintRun(ended.exit_status == 0, ended.tail)

    def _test(self, checkout: Checkout, tree: str, deadline: Deadline) -> PytestRun:
        known = checkout.measured(tree)
        if known:
            return known
        command = [
            "env",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1",
            self.sandbox.python,
            "-P",
            "-c",
            _PYTEST,
        ]
        command += ["-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
        command += [f"--junit-xml={_REPORT}"]
        with tempfile.NamedTemporaryFile(suffix=".xml") as report:
            Path(report.name).chmod(0o666)
            box = Box(
                Limits(seconds=self.test_seconds),
                tree=checkout.files_of(tree),
                mounts=(Mount(Path(report.name), _REPORT, is_writable=True),),
                environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            )
            ended = self.sandbox.run(command, box, deadline)
            run = read_report(report.read(LONGEST_REPORT_BYTES), ended.exit_status, ended.tail)
        if run.is_green:  # a red one may be a flaky one
            checkout.remember(tree, run)
        return run


def read_report(xml: bytes, exit_status: int | None, tail: str = "") -> PytestRun:
    """What a JUnit report, written under the eyes of untrusted code, says about a run of pytest.

    A report that is missing, broken or not pytest's counts as one failure.
    """
    try:
        cases = list(fromstring(xml, forbid_dtd=True).iter("testcase"))
    except (ParseError, DefusedXmlException):
        return PytestRun(exit_status, failed=1, tail=tail)
    failing = [case for case in cases if _has(case, "failure", "error")]
    skipped = [case for case in cases if _has(case, "skipped") and case not in failing]
    return PytestRun(
        exit_status,
        passed=len(cases) - len(failing) - len(skipped),
        failed=len(failing),
        skipped=len(skipped),
        failing_files=frozenset(
            case.get("file") or f"{case.get('name', '').replace('.', '/')}.py" for case in failing
        ),
        tail=tail,
    )


def _has(case: Element, *verdicts: str) -> bool:
    return any(case.find(verdict) is not None for verdict in verdicts)
