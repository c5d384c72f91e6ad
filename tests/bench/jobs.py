"""What a job costs besides the model, lint, tests and the network, on a project of 5,000 files.

One runner with a warm mirror does jobs through the real code: git over HTTP, boxes, the quick
lane with a scripted model. What a tool takes is measured inside its box, so that everything
that is done to get it there counts as ours.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
from botocore.client import BaseClient
from moto import mock_aws
from werkzeug.serving import make_server

from cdk.local.standins.github.repository import Repository
from cdk.local.standins.github.rest import github
from runner.agents.messages import Messages, Model
from runner.agents.quick_edit import QuickEdit
from runner.deadline import Deadline
from runner.git import Git
from runner.pull_requests import PullRequests
from runner.sandbox.bubblewrap import Bubblewrap
from runner.sandbox.sandbox import Box, Finished, Mount
from runner.spending import Prices
from runner.warmup import WarmUp
from runner.workspace import Workspace
from tests.bench import big_repository
from tests.bench.stopwatch import Span, Stopwatch, covered
from tests.integration.runner.messages_api import Reply, messages_api
from tests.integration.runner.world import REPO, TOKEN, Cloud, World, git, job

THEIRS = ("model", "lint", "tests", "network")
"""What the half second does not count."""

_CLOCK = "/clock"
_CLOCKED = f'date +%s.%N >{_CLOCK}; "$@"; status=$?; date +%s.%N >>{_CLOCK}; exit $status'


class ClockedBoxes(Bubblewrap):
    """Boxes in which the command notes when it began and ended."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        """Boxes whose commands are noted as `lint` or `tests`."""
        self._stopwatch: Stopwatch | None = None
        super().__init__()
        self._stopwatch = stopwatch

    def run(self, command: Sequence[str], box: Box, deadline: Deadline) -> Finished:
        """See `Sandbox.run`."""
        if self._stopwatch is None:
            return super().run(command, box, deadline)
        with tempfile.NamedTemporaryFile() as clock, self._stopwatch.timing("boxes"):
            Path(clock.name).chmod(0o666)
            mounts = (*box.mounts, Mount(Path(clock.name), _CLOCK, is_writable=True))
            clocked = ["sh", "-c", _CLOCKED, "sh", *command]
            finished = super().run(clocked, replace(box, mounts=mounts), deadline)
            began, ended = map(float, clock.read().split())
        self._stopwatch.note("lint" if "ruff" in " ".join(command) else "tests", began, ended)
        return finished


def jobs(how_many: int) -> list[dict[str, float]]:
    """Milliseconds of each part of each job; the parts of one job may overlap."""
    stopwatch = Stopwatch()
    with _project() as world, messages_api() as api:
        model = Model("a-model", Prices(0.1, 0.125, 0.01, 0.5), silence_seconds=5)
        agent = QuickEdit(Messages(model, "a-key", api.url), 32_000, 16_000)
        runner = world.runner(agent)
        tools = replace(
            runner.tools, gates=replace(runner.tools.gates, sandbox=ClockedBoxes(stopwatch))
        )
        runner = replace(runner, tools=tools)
        WarmUp(tools.workspace, tools.gates, runner.reporter).prepare(REPO)
        measured = []
        for number in range(how_many + 1):
            stopwatch.spans.clear()
            api.replies = [_reply(number)]
            # As the cue does while the words are being recognised.
            WarmUp(tools.workspace, tools.gates, runner.reporter).prepare(REPO)
            stopwatch.spans.clear()
            with stopwatch.watching(_WATCHED):
                began = time.time()
                outcome = runner.do(_request(number))
                ended = time.time()
            assert outcome.ending == "auto_merged", outcome.notes
            measured.append(_parts(stopwatch.spans, ended - began))
        return measured[1:]  # the first one loads what the others have


def _parts(spans: list[Span], total: float) -> dict[str, float]:
    theirs = [span for span in spans if span.what in THEIRS]
    parts = {what: covered(span for span in spans if span.what == what) for what in THEIRS}
    ours = sorted({span.what for span in spans} - {*THEIRS, "boxes"})
    parts |= {what: covered(span for span in spans if span.what == what) for what in ours}
    boxes = sum(span.seconds for span in spans if span.what == "boxes")
    inside = sum(span.seconds for span in spans if span.what in ("lint", "tests"))
    parts["boxes, beside what runs in them (sum)"] = boxes - inside
    parts["everything else"] = total - covered(theirs)
    parts["whole job"] = total
    return {what: seconds * 1000 for what, seconds in parts.items()}


def _request(number: int) -> Any:
    package, module = f"part_{number:03}", f"module_{number % 10:02}"
    return job(
        f"Let the docstring of project/{package}/{module}.py say that it is measured.",
        max_seconds=300,
        max_usd=1,
    )


def _reply(number: int) -> Reply:
    part, module = number, number % 10
    head = f'"""Part {part}, module {module}."""\n'
    test = f"tests/part_{part:03}/test_measured_{part:03}.py"
    return Reply(
        "Subject: docs(project): say what is measured\nRationale: It was asked for.\n\n"
        f"project/part_{part:03}/module_{module:02}.py\n<<<<<<< SEARCH\n{head}=======\n"
        f'"""Part {part}, module {module}: measured."""\n>>>>>>> REPLACE\n\n'
        f"{test}\n<<<<<<< SEARCH\n=======\n"
        f"from project.part_{part:03} import module_{module:02}\n\n\n"
        "def test_it_is_measured() -> None:\n"
        f'    assert "measured" in str(module_{module:02}.__doc__)\n>>>>>>> REPLACE\n'
    )


def _git_name(_self: Git, command: str, *_args: str, online: bool = False, **_: Any) -> str:
    return "network" if online else f"git {command}"


_WATCHED = (
    (Git, "run", _git_name),
    (Messages, "ask", lambda *_: "model"),
    (BaseClient, "_make_api_call", lambda *_: "network"),
    (PullRequests, "find", lambda *_: "network"),
    (Workspace, "checkout", lambda *_: "checkout"),
)


@contextmanager
def _project() -> Iterator[World]:
    """The project on GitHub's stand-in, and a cloud."""
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as made, mock_aws():
        folder = Path(made)
        repository = Repository(folder / "github", "acme", "wordcount")
        repository.create()
        seed = folder / "seed"
        big_repository.write(seed)
        git(seed, "init", "--quiet", "--initial-branch=main")
        git(seed, "add", "--all")
        git(seed, "commit", "--quiet", "--message", "feat: begin")
        git(seed, "push", "--quiet", str(repository.path), "main")
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server("127.0.0.1", 0, github(folder / "github", TOKEN), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        session = boto3.Session("test", "test", region_name="eu-west-1")
        names = ("sqs", "sns", "s3", "dynamodb")
        clients = {name: session.client(name) for name in names}
        work = folder / "work"
        work.mkdir()
        yield World(f"http://127.0.0.1:{server.port}", repository, Cloud(clients).create(), work)
        server.shutdown()
