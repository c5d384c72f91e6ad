"""Lint and tests, each in a box of its own, on the files of one tree."""

import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.deadline import Deadline
from runner.environment import Environment
from runner.report import LintRun, PytestRun
from runner.sandbox.sandbox import PROJECT, Box, Limits, Mount, Sandbox
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

    def lint(
        self,
        files: Path,
        environment: Environment,
        deadline: Deadline,
        commands: Sequence[str] = (),
    ) -> LintRun:
        """Lint a folder with the configuration that is in it.

        Args:
            files: the folder.
            environment: what the project depends on.
            deadline: the job's.
            commands: of a shell; each must end with status 0. Without any: `ruff check`.
        """
        command = ["sh", "-c", _LINT, "sh", environment.python, "-P", "-m", "ruff"]
        if commands:
            command = ["sh", "-c", " && ".join(f"(\n{command}\n)" for command in commands)]
        box = Box(
            Limits(seconds=self.lint_seconds),
            # ruff writes nothing: it needs no copy of its own.
            tree=files if commands else None,
            mounts=(*environment.mounts, *([] if commands else [Mount(files, PROJECT)])),
            environment=environment.variables,
        )
        ended = self.sandbox.run(command, box, deadline)
        return LintRun(ended.exit_status == 0, ended.tail)

    def test(
        self,
        files: Path,
        environment: Environment,
        deadline: Deadline,
        arguments: Sequence[str] = (),
    ) -> PytestRun:
        """Run pytest in a folder, with the configuration that is in it, and these arguments."""
        command = [environment.python, "-P", _PLACE_OF_VERDICT, _REPORT]
        command += ["-q", "-o", "cache_dir=/tmp/pytest", *arguments]
        key = secrets.token_bytes()
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            Path(report.name).chmod(0o666)
            box = Box(
                Limits(seconds=self.test_seconds),
                tree=files,
                mounts=(
                    *environment.mounts,
                    Mount(_VERDICT, _PLACE_OF_VERDICT),
                    Mount(Path(report.name), _REPORT, is_writable=True),
                ),
                environment=environment.variables,
                stdin=key,
            )
            began = time.monotonic()
            ended = self.sandbox.run(command, box, deadline)
            seconds = time.monotonic() - began
            written = report.read(LONGEST_REPORT_BYTES)
        return read_verdict(written, key, ended.exit_status, ended.tail, seconds)
