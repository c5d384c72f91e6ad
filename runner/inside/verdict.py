"""Runs pytest in a box, and writes down what became of each test.

`python verdict.py REPORT [pytest's arguments]`, a key on standard input. The key is read, and the
input closed, before a line of the project's is run; REPORT then gets a JSON document that is
sealed with it (HMAC-SHA256). Whatever ends the process otherwise leaves no valid document.

Among the project's tests there are canaries, one in each file and two more: tests that can't
pass. They go the same way as the others, up to the point where an outcome would be shown or
counted. A gate in which they do not fail can't say no.
"""

import hmac
import json
import os
import re
import sys
from collections.abc import Generator
from pathlib import Path
from secrets import choice, randbelow
from types import FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

LONGEST_KEY = 1024


class Record:
    """A plugin of pytest's that notes the outcome of each test, and of each canary."""

    def __init__(self, project: Path) -> None:
        """Note paths relative to a project."""
        self._project = project
        self._rootdir = project
        self._outcomes: dict[pytest.Item, str] = {}
        self._uncollected: dict[str, str] = {}
        """Outcome of what could not be collected, by node id."""
        self._shown_as_failing: set[str] = set()
        self._canaries: dict[pytest.Item, tuple[str, pytest.Item]] = {}
        """What a canary must come to, and the test that it stands beside."""

    def document(self, status: int) -> dict[str, Any]:
        """All that was seen, after pytest ended."""
        tests = [
            [item.nodeid, self._file_of(item.path), outcome]
            for item, outcome in self._outcomes.items()
            if item not in self._canaries
        ]
        failing = self._shown_as_failing
        tests = [
            [node, file, "failed" if outcome == "passed" and node in failing else outcome]
            for node, file, outcome in tests
        ]
        tests += [
            [node, self._file_of(self._rootdir / node.partition("::")[0]), outcome]
            for node, outcome in self._uncollected.items()
        ]
        canaries = [
            [expected, self._seen(canary, neighbour)]
            for canary, (expected, neighbour) in self._canaries.items()
        ]
        return {"status": status, "tests": tests, "canaries": canaries}

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Run everything, and in this process, whatever the project's own options are."""
        self._rootdir = config.rootpath
        ours = {"maxfail": 0, "continue_on_collection_errors": True, "usepdb": False}
        xdist = {"numprocesses": 0, "dist": "no", "tx": []}
        for name, value in {**ours, **xdist}.items():
            if hasattr(config.option, name):
                setattr(config.option, name, value)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that could not be collected."""
        if not report.passed:
            self._uncollected[report.nodeid] = "error" if report.failed else "skipped"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Put the canaries in, after everybody had a chance to choose among the tests."""
        tests = list(session.items)
        self._outcomes = dict.fromkeys(tests, "not run")
        if not tests or session.config.option.collectonly:
            return
        words = sorted({word for test in tests for word in _words(test)}) or ["works"]
        for place, expected in _places(tests):
            neighbour = tests[max(place - 1, 0)]
            canary = _canary(neighbour, expected, words)
            self._canaries[canary] = (expected, neighbour)
            session.items.insert(place + len(self._canaries) - 1, canary)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Any:
        """Run a canary like any test, but show and count nothing of it."""
        if item not in self._canaries:
            return None
        _, neighbour = self._canaries[item]
        for report in runtestprotocol(item, log=False, nextitem=nextitem):
            if report.when == "teardown" and report.failed:
                # What was set up for the tests before went wrong, not the canary.
                report.nodeid, report.location = neighbour.nodeid, neighbour.location
                item.ihook.pytest_runtest_logreport(report=report)
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what became of a step of a test; a test that is run again starts anew."""
        report = yield
        if report.when == "setup" and report.passed:
            self._outcomes[item] = "unfinished"
        elif report.when == "setup":
            self._outcomes[item] = "skipped" if report.skipped else "error"
        elif report.when == "call":
            known = report.outcome in ("passed", "failed", "skipped")
            self._outcomes[item] = report.outcome if known else "unfinished"
        elif report.failed and item not in self._canaries:
            self._outcomes[item] = "error"
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure that is shown, wherever it comes from: a subtest, a teardown."""
        if report.failed:
            self._shown_as_failing.add(report.nodeid)

    def _seen(self, canary: pytest.Item, neighbour: pytest.Item) -> str:
        """What became of a canary; one that is skipped together with its whole file is no sign."""
        outcome = self._outcomes.get(canary, "not run")
        beside = {
            seen
            for item, seen in self._outcomes.items()
            if item.path == neighbour.path and item not in self._canaries
        }
        return "not asked" if outcome == "skipped" and beside == {"skipped"} else outcome

    def _file_of(self, path: Path) -> str:
        return os.path.relpath(path, self._project)


def _places(tests: list[pytest.Item]) -> list[tuple[int, str]]:
    """Where canaries go, in order, and what they must come to: one after each file, and two more.

    Only between files: within one, a canary would end what its class has set up.
    """
    ends = {test.path: place for place, test in enumerate(tests, 1)}
    free = [
        place
        for place in range(len(tests))
        if place == 0 or tests[place - 1].path != tests[place].path
    ]
    last = (len(tests), choice(("failed", "error")))
    after_each = [(place, "failed") for place in ends.values()]
    return [*sorted([(choice(free), "error"), *after_each]), last]


def _canary(neighbour: pytest.Item, expected: str, words: list[str]) -> pytest.Item:
    """A test in the neighbour's file, named like a test, that can't pass."""
    like = "_".join(re.findall(r"\w+", getattr(neighbour, "originalname", "") or neighbour.name))
    name = f"{like}_{choice(words)}_{choice(words)}"
    code = (_wrong if expected == "failed" else _lacking).__code__
    if expected == "error":  # no fixture is named so
        code = code.replace(co_varnames=(f"{choice(words)}_{choice(words)}_{randbelow(900)}",))
    made = FunctionType(
        code.replace(co_name=name, co_qualname=name, co_filename=str(neighbour.path)), {}, name
    )
    if expected == "failed":
        one = randbelow(900)
        made.__defaults__ = (one, one + 1 + randbelow(90))
    module = neighbour.getparent(pytest.Module)
    marks = {mark.name for mark in module.iter_markers()} if module else set()
    is_python = module is not None and "Doctest" not in type(module).__name__
    parent = module if is_python and not marks & {"skip", "skipif", "xfail"} else neighbour.session
    return pytest.Function.from_parent(parent, name=name, callobj=made)


def _wrong(seen: int = 0, expected: int = 0) -> None:
    assert seen == expected  # noqa: S101 - it is a test


def _lacking(fixture: object) -> object:
    return fixture


def _words(test: pytest.Item) -> list[str]:
    return re.findall(r"[a-z]{3,}", test.name.removeprefix("test"))


def _take_key() -> bytes:
    """Read the key, and leave nothing where it was."""
    key = b""
    while len(key) < LONGEST_KEY and (more := os.read(0, LONGEST_KEY)):
        key += more
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return key


def _make_importable(project: Path) -> None:
    """Let tests import the project: after the standard library, before what is installed."""
    roots = [str(root) for root in (project, project / "src") if root.is_dir()]
    installed = [
        i for i, path in enumerate(sys.path) if path.endswith(("site-packages", "dist-packages"))
    ]
    at = min(installed, default=len(sys.path))
    sys.path[at:at] = roots


def main(report: str, *arguments: str) -> int:
    """Run pytest in the working directory; its exit status."""
    seal = hmac.new(_take_key(), digestmod="sha256")
    project = Path.cwd()
    _make_importable(project)
    record = Record(project)
    status = int(pytest.main(list(arguments), plugins=[record]))
    document = json.dumps(record.document(status)).encode()
    seal.update(document)
    Path(report).write_bytes(seal.hexdigest().encode() + b"\n" + document)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
