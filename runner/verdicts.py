"""Reads what `inside/verdict.py` wrote down about a run of pytest. No I/O."""

import hmac
from collections import Counter
from typing import Literal

from pydantic import BaseModel, ValidationError

from runner.report import PytestRun

MORE_CANARIES = 2
"""Tests that can't pass are slipped in after each file with tests, and so many besides."""

_Seen = Literal["passed", "failed", "error", "skipped", "not run", "unfinished", "not asked"]


class Verdict(BaseModel):
    """The document that was under the seal."""

    status: int
    """pytest's exit status, before it ended."""
    tests: list[tuple[str, str, _Seen]]
    """Node id, file relative to the project, outcome."""
    canaries: list[tuple[Literal["failed", "error"], _Seen]]
    """What each must come to, and came to; `not asked` if its whole file was skipped."""


def read_verdict(
    written: bytes, key: bytes, exit_status: int | None, tail: str = "", seconds: float = 0
) -> PytestRun:
    """What a run of pytest came to.

    A run without a document, or with one that was not sealed with `key`, counts as one failure.
    One whose canaries did not fail, or whose document and exit status differ, could not say no.

    Args:
        written: the seal, a newline, the document.
        key: what only the runner and, before the project's code ran, the box knew.
        exit_status: of the box.
        tail: the end of what was printed.
        seconds: how long it took.
    """
    unread = PytestRun(exit_status, failed=1, tail=tail, seconds=seconds)
    seal, _, document = written.partition(b"\n")
    sealed = hmac.new(key, document, "sha256").hexdigest().encode()
    if exit_status is None or not hmac.compare_digest(seal, sealed):
        return unread
    try:
        verdict = Verdict.model_validate_json(document)
    except ValidationError:
        return unread
    outcomes = Counter(outcome for _, _, outcome in verdict.tests)
    passed, skipped = outcomes["passed"], outcomes["skipped"]
    failed = len(verdict.tests) - passed - skipped
    is_fine = bool(verdict.tests) and failed == 0
    agrees = verdict.status == exit_status and (exit_status != 0 or is_fine)
    return PytestRun(
        exit_status,
        passed=passed,
        failed=failed,
        skipped=skipped,
        failing_files=frozenset(
            file for _, file, outcome in verdict.tests if outcome not in ("passed", "skipped")
        ),
        tail=tail,
        found=dict(Counter(file for _, file, _ in verdict.tests)),
        could_say_no=agrees and _said_no(verdict),
        seconds=seconds,
    )


def _said_no(verdict: Verdict) -> bool:
    """Whether every canary that was asked failed in the way it must, and enough of them were."""
    asked = [(must, came) for must, came in verdict.canaries if came != "not asked"]
    fell = all(came in {must, "error"} for must, came in asked)
    with_passes = {file for _, file, outcome in verdict.tests if outcome == "passed"}
    are_enough = len(verdict.canaries) >= len(with_passes) + MORE_CANARIES
    return fell and (not with_passes or (bool(asked) and are_enough))
