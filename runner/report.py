"""What the gates showed, and how it travels with the commit. Pure: no I/O."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

TestsReason = Literal[
    "tests_failed", "tests_timed_out", "no_tests", "gate_tampered", "setup_failed"
]

_SENTENCES: dict[TestsReason, str] = {
    "tests_failed": "its tests fail",
    "tests_timed_out": "its tests did not end in time",
    "no_tests": "there are no tests that could prove it",
    "setup_failed": "what the project depends on could not be installed; see `setup` in "
    "docs/sayso-toml.md",
    "gate_tampered": "its tests can't be believed: what must fail among them did not, or what "
    "they came to was not what they said",
}


@dataclass(frozen=True)
class PytestRun:
    """One run of pytest, as it was seen from outside."""

    exit_status: int | None
    """pytest's own; None if it was killed at the time limit."""
    passed: int = 0
    failed: int = 0
    """Failures and errors, those of collection included."""
    skipped: int = 0
    failing_files: frozenset[str] = frozenset()
    tail: str = ""
    """The end of what it printed."""
    found: dict[str, int] = field(default_factory=dict)
    """How many tests were found in each file."""
    could_say_no: bool = True
    """Whether the canaries failed, as they must, and all that was seen fits together."""
    seconds: float = 0
    """How long it took."""

    @property
    def collected(self) -> int:
        """How many tests were found."""
        return self.passed + self.failed + self.skipped

    @property
    def is_green(self) -> bool:
        """Whether exit status and counts agree that something passed and nothing failed."""
        counts = self.passed > 0 and self.failed == 0
        return self.could_say_no and self.exit_status == 0 and counts

    @property
    def is_empty(self) -> bool:
        """Whether pytest says, by status 5 and by its report, that there are no tests."""
        return self.exit_status == 5 and self.collected == 0


@dataclass(frozen=True)
class LintRun:
    """One run of ruff."""

    passed: bool
    tail: str = ""


@dataclass(frozen=True)
class GateReport:
    """What lint and tests showed for one tree."""

    lint_passed: bool
    tests_passed: bool
    tests_reason: TestsReason | None
    passed: int
    """Tests of the change that passed."""
    collected: int
    """Tests found with the change: its own, or the base's run against it if those are fewer."""
    skipped: int
    base_collected: int
    """Tests found on the base."""
    base_skipped: int
    output: str = field(default="", compare=False)
    """The end of what the failing tool printed; it stays out of the commit."""

    @property
    def is_green(self) -> bool:
        """Whether lint and tests passed."""
        return self.lint_passed and self.tests_passed

    @property
    def tests_added(self) -> int:
        """How many tests more there are than on the base, failing ones left out; not below 0."""
        return max(self.passed + self.skipped - self.base_collected, 0)

    @property
    def tests_sentence(self) -> str:
        """What is wrong with the tests, as a clause for a person; empty if nothing is."""
        return _SENTENCES[self.tests_reason] if self.tests_reason else ""

    @property
    def summary(self) -> str:
        """The lines of a commit message and a pull request that tell the proof."""
        lint = "ruff is clean" if self.lint_passed else "ruff finds fault"
        if self.tests_reason in ("no_tests", "tests_timed_out", "setup_failed"):
            return f"Tests: {self.tests_sentence}; {lint}."
        failing = self.collected - self.passed - self.skipped
        found = f"{self.passed} passed" + (f", {failing} failed" if failing > 0 else "")
        found += f", {self.skipped} skipped" if self.skipped else ""
        return f"Tests: {found} ({self.base_collected} on the base); {lint}."

    def facts(self) -> dict[str, Any]:
        """What goes along with the commit, so that any runner can later tell what was proved."""
        return {key: value for key, value in asdict(self).items() if key != "output"}

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "GateReport":
        """The report that `facts` came from, without its output."""
        known = {item.name for item in fields(cls)}
        return cls(**{key: value for key, value in facts.items() if key in known})


def fold(
    lint: LintRun, base: PytestRun, base_tests: PytestRun, own: PytestRun, altered: frozenset[str]
) -> GateReport:
    """Judge three runs of pytest and one of ruff.

    Args:
        lint: ruff on the change, with the base's configuration.
        base: the base's tests on the base: how many tests there were.
        base_tests: the base's tests on the change.
        own: the change's own tests on the change.
        altered: the base's test files in which the change takes something back. Where only these
            fail, the change means to alter what is tested: that asks a person, but is proven.
    """
    meant = base_tests.could_say_no and bool(base_tests.failing_files)
    meant = meant and base_tests.failing_files <= altered
    holds = base_tests.is_green or (base.is_empty and base_tests.is_empty) or meant
    doubted = [run for run in (own, base_tests) if not run.could_say_no]
    failing = next((run for run in (*doubted, own) if not run.is_green), base_tests)
    return GateReport(
        lint_passed=lint.passed,
        tests_passed=own.is_green and holds,
        tests_reason=None if own.is_green and holds else _why(failing),
        passed=own.passed,
        collected=_collected(base, base_tests, own, altered, meant),
        skipped=own.skipped,
        base_collected=base.collected,
        base_skipped=base.skipped,
        output="\n".join(
            tail
            for tail in (
                "" if lint.passed else lint.tail,
                "" if own.is_green and holds else failing.tail,
            )
            if tail
        ),
    )


def _collected(
    base: PytestRun, base_tests: PytestRun, own: PytestRun, altered: frozenset[str], meant: bool
) -> int:
    """How many tests there are with the change, in the run that found fewer."""
    lost = sum(
        max(count - base_tests.found.get(file, 0), 0)
        for file, count in base.found.items()
        if file not in altered
    )
    if lost:
        return min(own.collected, base.collected - lost)
    return own.collected if meant else min(own.collected, base_tests.collected) or own.collected


def _why(run: PytestRun) -> TestsReason:
    if not run.could_say_no:
        return "gate_tampered"
    if run.exit_status is None:
        return "tests_timed_out"
    return "no_tests" if run.is_empty else "tests_failed"
