"""Which trees of a change are linted and tested, and by whose rules."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from runner.change import REGULAR, Change, is_test
from runner.checkout import Checkout
from runner.checks import Checks
from runner.deadline import Deadline
from runner.environment import Environment, Environments, SetupFailed
from runner.policy import is_configuration
from runner.report import GateReport, LintRun, PytestRun, fold
from runner.repository_rules import RULE_FILE, RepositoryRules, RulesUnreadable, read_rules
from runner.sandbox.sandbox import Sandbox

SLOW_SECONDS = 5
"""Tests that take longer on the base are preceded by those that the change touches."""

_TEST_FILES = ("test_*.py", "*_test.py")
_MEASURED_HOW = "1"
"""Grows when runs that were measured before would come out differently now."""


@dataclass(frozen=True)
class Gates:
    """Judges changes by the rules of their base."""

    sandbox: Sandbox
    test_seconds: float = 300
    lint_seconds: float = 60
    environments: Environments | None = None
    """Where what projects depend on is installed; without, there is what the sandbox has."""

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
        rules = rules_of(checkout)
        try:
            environment = self._environment(checkout, rules, deadline)
        except SetupFailed as failed:
            bare = Environment.of_the_box(self.sandbox)
            return _Judging(self._checks, checkout, rules, bare, deadline).lint_only(tree, failed)
        return _Judging(self._checks, checkout, rules, environment, deadline).judge(change, tree)

    def measure_base(self, checkout: Checkout, deadline: Deadline) -> None:
        """Install what the base needs and run its tests, ahead of the job that will ask."""
        rules = rules_of(checkout)
        try:
            environment = self._environment(checkout, rules, deadline)
        except SetupFailed:
            return  # a job meets the same trouble, and reports it
        judging = _Judging(self._checks, checkout, rules, environment, deadline)
        judging.test(checkout.base_tree)

    def _environment(
        self, checkout: Checkout, rules: RepositoryRules, deadline: Deadline
    ) -> Environment:
        if self.environments is None:
            return Environment.of_the_box(self.sandbox)
        return self.environments.of(checkout, rules.setup, deadline)

    @property
    def _checks(self) -> Checks:
        return Checks(self.sandbox, self.test_seconds, self.lint_seconds)


@dataclass(frozen=True)
class _Judging:
    """One change being judged."""

    checks: Checks
    checkout: Checkout
    rules: RepositoryRules
    environment: Environment
    deadline: Deadline

    def judge(self, change: Change, tree: str) -> GateReport:
        checkout = self.checkout
        own = checkout.overlay(tree, self._is_of_base)
        by_base = checkout.overlay(tree, lambda path: self._is_of_base(path) or is_test(path))
        altered = frozenset(file.old_path for file in change.files if file.says_less)
        with ThreadPoolExecutor(max_workers=4) as side_by_side:
            lint = side_by_side.submit(self.lint, own)
            touched = self._touched_tests(change)
            if touched:
                first = self.test(own, touched)
                if not first.is_green:
                    return fold(lint.result(), first, first, first, altered=frozenset())
            runs = {
                name: side_by_side.submit(self.test, name)
                for name in {own, by_base, checkout.base_tree}
            }
            return fold(
                lint.result(),
                base=runs[checkout.base_tree].result(),
                base_tests=runs[by_base].result(),
                own=runs[own].result(),
                altered=altered,
            )

    def lint_only(self, tree: str, failed: SetupFailed) -> GateReport:
        """What can be said where tests can't run."""
        run = PytestRun(None, failed=1, tail=failed.tail)
        lint = self.lint(self.checkout.overlay(tree, self._is_of_base))
        return replace(fold(lint, run, run, run, frozenset()), tests_reason="setup_failed")

    def lint(self, tree: str) -> LintRun:
        with self.checkout.files_of(tree) as files:
            return self.checks.lint(files, self.environment, self.deadline, self.rules.lint)

    def test(self, tree: str, only: Sequence[str] = ()) -> PytestRun:
        """Run the tests of a tree, or only some files of them."""
        measured = self._measured_as(tree)
        known = None if only else self.checkout.measured(measured)
        if known:
            return known
        arguments = only or self.rules.test_arguments
        with self.checkout.files_of(tree) as files:
            run = self.checks.test(files, self.environment, self.deadline, arguments)
        if run.is_green and not only:  # a red one may be a flaky one
            self.checkout.remember(measured, run)
        return run

    def _is_of_base(self, path: str) -> bool:
        return is_configuration(path) or self.rules.decides(path)

    def _touched_tests(self, change: Change) -> list[str]:
        """What to run first: tests of the change that the base's command would find, if slow."""
        base = self.checkout.measured(self._measured_as(self.checkout.base_tree))
        if base is None or base.seconds < SLOW_SECONDS:
            return []
        folders = {PurePosixPath(path).parent for path in base.found}
        there = (PurePosixPath(file.path) for file in change.files if file.new_mode == REGULAR)
        return [
            str(path)
            for path in there
            if path.parent in folders and any(map(path.match, _TEST_FILES))
        ]

    def _measured_as(self, tree: str) -> str:
        how = "\0".join((_MEASURED_HOW, self.environment.name, *self.rules.test_arguments))
        return f"{tree}-{hashlib.sha256(how.encode()).hexdigest()[:16]}"


def rules_of(checkout: Checkout) -> RepositoryRules:
    """What the base says of its gates; the usual, if that can't be read: the policy asks then."""
    try:
        return read_rules(checkout.text_of(RULE_FILE))
    except RulesUnreadable:
        return RepositoryRules()
