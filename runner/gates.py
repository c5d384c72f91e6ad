"""Lint and tests, run in a box on exactly the tree that would be delivered."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from runner.change import Change, is_test
from runner.checkout import Checkout
from runner.checks import Checks
from runner.deadline import Deadline
from runner.policy import is_configuration
from runner.report import GateReport, PytestRun, fold
from runner.sandbox.sandbox import Sandbox


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
            files = checkout.files_of(own)
            lint = side_by_side.submit(self._checks.lint, files, deadline)
            return fold(
                lint.result(),
                base=runs[checkout.base_tree].result(),
                base_tests=runs[by_base].result(),
                own=runs[own].result(),
                altered=altered,
            )

    @property
    def _checks(self) -> Checks:
        return Checks(self.sandbox, self.test_seconds, self.lint_seconds)

    def measure_base(self, checkout: Checkout, deadline: Deadline) -> PytestRun:
        """Run the base's tests on the base, ahead of the job that will ask."""
        return self._test(checkout, checkout.base_tree, deadline)

    def _test(self, checkout: Checkout, tree: str, deadline: Deadline) -> PytestRun:
        known = checkout.measured(tree)
        if known:
            return known
        run = self._checks.test(checkout.files_of(tree), deadline)
        if run.is_green:  # a red one may be a flaky one
            checkout.remember(tree, run)
        return run
