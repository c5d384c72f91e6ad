"""The Messages API stand-in: the runner's client takes its answers, and they are the patches."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from cdk.local.standins.messages.api import MessagesService
from cdk.local.standins.messages.changes import Change, choose, read_all
from runner.agents.agent import Brief, Proposal
from runner.agents.messages import Messages, Model
from runner.agents.quick_edit import QuickEdit
from runner.deadline import Deadline
from runner.failure import Failure
from runner.spending import Prices

TESTS = Path(__file__).parents[2]
SAMPLE = TESTS / "fixtures/sample-repo"
PATCHES = TESTS / "mocks/patches"
KEY = "a-key"
ADD_STDIN = "Add a --stdin flag so the tool can read from standard input."
BRIEF = "Project: wordcount\nTask: {}\nRepository map (top-level): README.md"


@dataclass
class Api:
    """The stand-in, and the quick lane that asks it."""

    url: str
    log: Path

    def quick_edit(
        self, work_tree: Path, task: str, evidence: str = "", key: str = KEY
    ) -> Proposal:
        model = Model("a-model", Prices(1, 1, 1, 1), silence_seconds=5)
        agent = QuickEdit(Messages(model, key, self.url), 32_000, 16_000)
        brief = Brief("wordcount", task, "PEP8", 1.0, evidence)
        return agent.propose(brief, work_tree, Deadline.after(30))

    def asks(self, **body: Any) -> requests.Response:
        headers = {"x-api-key": KEY}
        return requests.post(f"{self.url}/v1/messages", json=body, headers=headers, timeout=5)

    def acts(self, act: str) -> None:
        body = {"act": act}
        requests.post(f"{self.url}/control/next", json=body, timeout=5).raise_for_status()

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def api(tmp_path: Path, serve: Callable[[Any], str]) -> Api:
    log = tmp_path / "messages.jsonl"
    return Api(serve(MessagesService(read_all(PATCHES), log, KEY).app()), log)


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "work"))


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def patched(tmp_path: Path, patch: Path) -> dict[str, str]:
    """The sample project after `git apply`."""
    tree = Path(shutil.copytree(SAMPLE, tmp_path / "patched"))
    subprocess.run(["git", "apply", "--allow-empty", str(patch)], cwd=tree, check=True)
    return files(tree)


@pytest.mark.parametrize("patch", sorted(PATCHES.glob("*.diff")), ids=lambda path: path.stem)
def test_the_quick_lane_writes_exactly_what_the_patch_would(
    api: Api, work_tree: Path, tmp_path: Path, patch: Path
) -> None:
    change = Change.read(patch)
    proposal = api.quick_edit(work_tree, change.asked_as[0])
    assert files(work_tree) == patched(tmp_path, patch)
    assert (proposal.subject, proposal.rationale) == (change.subject, change.rationale)


def test_what_is_there_already_is_not_written_again(api: Api, work_tree: Path) -> None:
    api.quick_edit(work_tree, ADD_STDIN)
    before = files(work_tree)
    api.quick_edit(work_tree, ADD_STDIN)
    assert files(work_tree) == before


def test_code_that_it_does_not_know_is_declined(api: Api, work_tree: Path) -> None:
    (work_tree / "wordcount/cli.py").write_text("# Add a flag --stdin for standard input here.\n")
    with pytest.raises(Failure, match="not as the prepared answer knows it"):
        api.quick_edit(work_tree, ADD_STDIN)


@pytest.mark.parametrize(
    ("task", "subject"),
    [
        ("add a stand-in flag, so the tool can read from standard input", "add --stdin flag"),
        ("Please add a dash dash stdin flag", "add --stdin flag"),
        ("Print accounts as JSON.", "add --json flag"),
        ("Count only the lines that end with a newline.", "count lines as wc does"),
        ("Sing me the Marseillaise.", None),
        ("Add a --verbose flag.", None),
        ("Add a flag.", None),
    ],
)
def test_a_request_is_recognised_however_it_is_heard(task: str, subject: str | None) -> None:
    change = choose(read_all(PATCHES), task)
    assert (subject in change.subject) if change and subject else change is subject


def test_an_unknown_request_is_declined_and_has_its_price(api: Api, work_tree: Path) -> None:
    with pytest.raises(Failure) as failed:
        api.quick_edit(work_tree, "Sing me the Marseillaise.")
    assert failed.value.reason == "declined"
    assert failed.value.spent.tok_in > failed.value.spent.tok_out > 0
    assert files(work_tree) == files(SAMPLE)


def test_an_agent_that_asks_for_the_unknown_is_told_so_without_a_tool(api: Api) -> None:
    said = [{"role": "user", "content": BRIEF.format("Sing me the Marseillaise.")}]
    answer = api.asks(model="m", max_tokens=9, messages=said, tools=[{"name": "Bash"}]).json()
    assert (answer["stop_reason"], len(answer["content"])) == ("end_turn", 1)
    assert answer["content"][0]["text"].startswith("DECLINE: ")


def test_a_wrong_key_is_refused(api: Api, work_tree: Path) -> None:
    with pytest.raises(Failure, match="401"):
        api.quick_edit(work_tree, ADD_STDIN, key="another")
    assert not api.log.exists()


def test_every_call_is_remembered_with_what_was_reported(api: Api, work_tree: Path) -> None:
    first = api.quick_edit(work_tree, ADD_STDIN).spent
    second = api.quick_edit(work_tree, ADD_STDIN).spent
    lines = api.logged()
    assert [(line["agent"], line["task"]) for line in lines] == [("quick_edit", ADD_STDIN)] * 2
    usages = [line["usage"] for line in lines]
    assert [usage["output_tokens"] for usage in usages] == [first.tok_out, second.tok_out]
    written, read = (
        [usage[f"cache_{kind}_input_tokens"] for usage in usages] for kind in ("creation", "read")
    )
    assert written == read[::-1] == [first.tok_in - usages[0]["input_tokens"], 0]


def test_a_busy_api_says_when_to_come_again(api: Api, work_tree: Path) -> None:
    api.acts("is_busy")
    said = [{"role": "user", "content": BRIEF.format(ADD_STDIN)}]
    refused = api.asks(model="m", max_tokens=9, messages=said)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert api.asks(model="m", max_tokens=9, messages=said).ok


def test_a_model_may_decline_once(api: Api, work_tree: Path) -> None:
    api.acts("declines")
    with pytest.raises(Failure, match="tried out"):
        api.quick_edit(work_tree, ADD_STDIN)
    assert api.quick_edit(work_tree, ADD_STDIN).subject == "feat(cli): add --stdin flag"


def test_what_was_forgotten_is_written_when_asked_again(
    api: Api, work_tree: Path, tmp_path: Path
) -> None:
    api.acts("forgets_the_code")
    api.quick_edit(work_tree, ADD_STDIN)
    changed = {path for path, text in files(work_tree).items() if files(SAMPLE)[path] != text}
    assert changed == {"tests/test_cli.py"}
    api.quick_edit(work_tree, ADD_STDIN, evidence="1 failed")
    assert files(work_tree) == patched(tmp_path, PATCHES / "add-stdin.diff")


@pytest.mark.parametrize("missing", ["model", "max_tokens", "messages"])
def test_a_request_without_what_it_needs_is_refused(api: Api, missing: str) -> None:
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
    assert api.asks(**body).json()["content"][0]["text"].startswith("I am a script")
    del body[missing]
    refused = api.asks(**body)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")
    assert missing in refused.json()["error"]["message"]


def test_an_act_that_nobody_knows_is_refused(api: Api) -> None:
    answer = requests.post(f"{api.url}/control/next", json={"act": "sings"}, timeout=5)
    assert answer.status_code == 400
