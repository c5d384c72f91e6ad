"""The canned agent picks the patch that was asked for, or none."""

import shutil
from pathlib import Path

import pytest

from runner.agents.agent import Brief
from runner.agents.canned import CannedAgent
from runner.deadline import Deadline
from runner.failure import Failure

TESTS = Path(__file__).parents[2]
PATCHES, SAMPLE = TESTS / "mocks/patches", TESTS / "fixtures/sample-repo"


@pytest.fixture(scope="module")
def agent() -> CannedAgent:
    return CannedAgent(PATCHES)


@pytest.mark.parametrize(
    ("heard", "subject"),
    [
        ("Add a --stdin flag so the tool can read from standard input.", "add --stdin flag"),
        ("add a stand-in flag, so the tool can read from standard input", "add --stdin flag"),
        ("Please add a dash dash stdin flag", "add --stdin flag"),
        ("Print accounts as JSON.", "add --json flag"),
        ("Add a --json flag", "add --json flag"),
        ("Can you please show the version number?", "add --version flag"),
        ("Let the security check, allow hidden files.", "allow hidden files"),
        ("Count only the lines that end with a newline.", "count lines as wc does"),
        ("Rewrite everything in Rust.", None),
        ("Add a --verbose flag.", None),
        ("Add a flag.", None),
        ("tool", None),
    ],
)
def test_the_patch_most_like_the_request_is_chosen(
    agent: CannedAgent, heard: str, subject: str | None
) -> None:
    patch = agent.choose(heard)
    assert (subject in patch.subject) if patch and subject else patch is subject


def test_a_request_that_is_like_none_fails_and_changes_nothing(
    agent: CannedAgent, tmp_path: Path
) -> None:
    brief = Brief("wordcount", "Make me a sandwich.", "", 0.03)
    with pytest.raises(Failure) as failed:
        agent.propose(brief, tmp_path, Deadline.after(10))
    assert failed.value.reason == "not_understood"
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_and_what_conflicts_is_said(
    agent: CannedAgent, tmp_path: Path
) -> None:
    work_tree = tmp_path / "work"
    shutil.copytree(SAMPLE, work_tree)
    stdin, json = (
        Brief("wordcount", task, "", 0.03)
        for task in ("Add a --stdin flag.", "Print the counts as JSON.")
    )
    agent.propose(stdin, work_tree, Deadline.after(10))
    changed = (work_tree / "wordcount/cli.py").read_text()
    assert "--stdin" in changed

    agent.propose(stdin, work_tree, Deadline.after(10))
    with pytest.raises(Failure) as failed:
        agent.propose(json, work_tree, Deadline.after(10))

    assert failed.value.reason == "patch_does_not_apply"
    assert (work_tree / "wordcount/cli.py").read_text() == changed


def test_a_folder_without_patches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="CANNED_PATCHES"):
        CannedAgent(tmp_path)
