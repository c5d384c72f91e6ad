"""Lint and tests, each in a box of its own, on the files of one tree."""

import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.deadline import Deadline
from runner.report import LintRun, PytestRun
from runner.sandbox.sandbox import Box, Limits, Mount, Sandbox
from runner.verdicts import read_verdict

LONGEST_REPORT_BYTES = 16 << 20
NO_FAULT_FOUND = 99

_VERDICT = Path(__file__).parent / "inside" / "verdict.py"
_PLACE_OF_VERDICT = "/verdict.py"
_REPORT = "/report.json"

# First what is known to be wrong: a linter that finds no fault with it proves nothing.
_LINT = f"""
printf 'import os\\n' | "$@" check --isolated --select F401 --quiet - >/dev/null
[ $? = 1 ] || {{ echo 'ruff finds no fault with an unused import'; exit {NO_FAULT_FOUND}; }}
exec "$@" check --no-cache --quiet .
"""


@dataclass(frozen=True)
class Checks:
    """ruff and pytest, as they are run on every tree."""

    sandbox: Sandbox
    test_seconds: float = 300
    lint_seconds: float = 60

    def lint(self, files: Path, deadline: Deadline) -> LintRun:
        """Lint a folder with the configuration that is in it."""
        command = ["sh", "-c", _LINT, "sh", self.sandbox.python, "-P", "-m", "ruff"]
        box = Box(Limits(seconds=self.lint_seconds), tree=files)
        ended = self.sandbox.run(command, box, deadline)
        return LintRun(ended.exit_status == 0, ended.tail)

    def test(self, files: Path, deadline: Deadline, arguments: Sequence[str] = ()) -> PytestRun:
        """Run pytest in a folder, with the configuration that is in it, and these arguments."""
        command = [self.sandbox.python, "-P", _PLACE_OF_VERDICT, _REPORT]
        command += ["-q", "-o", "cache_dir=/tmp/pytest", *arguments]
        key = secrets.token_bytes()
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            Path(report.name).chmod(0o666)
            box = Box(
                Limits(seconds=self.test_seconds),
                tree=files,
                mounts=(
                    Mount(_VERDICT, _PLACE_OF_VERDICT),
                    Mount(Path(report.name), _REPORT, is_writable=True),
                ),
                # The plugins installed here are the runner's own, not the project's.
                environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
                stdin=key,
            )
            began = time.monotonic()
            ended = self.sandbox.run(command, box, deadline)
            seconds = time.monotonic() - began
            written = report.read(LONGEST_REPORT_BYTES)
        return read_verdict(written, key, ended.exit_status, ended.tail, seconds)
