"""A verdict is believed only under its seal, and only if all of it fits together."""

import hmac
import json
from typing import Any

import pytest

from runner.verdicts import read_verdict

KEY = b"k" * 32
TESTS = [
    ["tests/test_a.py::test_x", "tests/test_a.py", "passed"],
    ["tests/test_a.py::test_y", "tests/test_a.py", "skipped"],
    ["tests/test_b.py::test_x", "tests/test_b.py", "passed"],
]
RED = ["tests/test_c.py::test_x", "tests/test_c.py", "failed"]
CANARIES = [["failed", "failed"], ["error", "error"], ["failed", "failed"], ["error", "error"]]


def sealed(key: bytes = KEY, **fields: Any) -> bytes:
    document = {"status": 0, "tests": TESTS, "canaries": CANARIES} | fields
    body = json.dumps(document).encode()
    return hmac.new(key, body, "sha256").hexdigest().encode() + b"\n" + body


def test_tests_are_counted_by_file_and_outcome() -> None:
    run = read_verdict(sealed(status=1, tests=[*TESTS, RED]), KEY, 1)
    assert (run.passed, run.skipped, run.failed) == (2, 1, 1)
    assert run.failing_files == {"tests/test_c.py"}
    assert run.found == {"tests/test_a.py": 2, "tests/test_b.py": 1, "tests/test_c.py": 1}


@pytest.mark.parametrize("outcome", ["failed", "error", "not run", "unfinished", "not asked"])
def test_whatever_did_not_pass_failed(outcome: str) -> None:
    run = read_verdict(sealed(status=1, tests=[["n", "f.py", outcome]]), KEY, 1)
    assert (run.passed, run.failed) == (0, 1)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\n",
        b"{}",
        sealed(key=b"another"),
        sealed() + b" ",
        sealed().replace(b"passed", b"Passed"),
        sealed()[65:],
        sealed(tests=[["n", "f.py", "well done"]]),
        sealed(tests="all"),
        b"\xff" * 64 + sealed()[64:],
    ],
)
def test_what_is_not_sealed_or_no_verdict_is_a_failure(written: bytes) -> None:
    run = read_verdict(written, KEY, 0, tail="oh")
    assert (run.passed, run.failed, run.is_green, run.tail) == (0, 1, False, "oh")


def test_a_run_that_was_killed_is_a_failure_whatever_it_wrote() -> None:
    assert not read_verdict(sealed(), KEY, None).is_green


@pytest.mark.parametrize(
    ("fields", "exit_status", "could_say_no", "is_green"),
    [
        ({}, 0, True, True),
        ({}, 1, False, False),
        ({"status": 1}, 0, False, False),
        ({"status": 1}, 1, True, False),
        ({"tests": [*TESTS, RED]}, 0, False, False),
        ({"tests": [*TESTS, RED], "status": 1}, 1, True, False),
        ({"tests": [], "canaries": []}, 0, False, False),
        ({"tests": [], "canaries": [], "status": 5}, 5, True, False),
    ],
)
def test_document_and_exit_status_must_agree(
    fields: dict[str, Any], exit_status: int, could_say_no: bool, is_green: bool
) -> None:
    run = read_verdict(sealed(**fields), KEY, exit_status)
    assert (run.could_say_no, run.is_green) == (could_say_no, is_green)


@pytest.mark.parametrize(
    ("canaries", "could_say_no"),
    [
        (CANARIES, True),
        ([["failed", "error"], *CANARIES[1:]], True),
        ([["failed", "not asked"], *CANARIES[1:]], True),
        ([["failed", "passed"], *CANARIES[1:]], False),
        ([["failed", "skipped"], *CANARIES[1:]], False),
        ([*CANARIES[:3], ["failed", "not run"]], False),
        ([["error", "failed"], *CANARIES[1:]], False),
        (CANARIES[1:], False),
        ([["failed", "not asked"]] * 4, False),
        ([], False),
    ],
)
def test_a_canary_that_does_not_fail_is_noticed(
    canaries: list[list[str]], could_say_no: bool
) -> None:
    run = read_verdict(sealed(canaries=canaries), KEY, 0)
    assert (run.could_say_no, run.is_green) == (could_say_no, could_say_no)
