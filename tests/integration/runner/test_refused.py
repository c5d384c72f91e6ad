"""What GitHub does not take is told, and the change is not lost."""

import pytest

from tests.integration.runner.world import Edits, World, job

WORKFLOW = {".github/workflows/ci.yml": "on: push\njobs: {}\n"}
NO_WORKFLOWS = (
    "refusing to allow a Personal Access Token to create or update workflow "
    "`.github/workflows/ci.yml` without `workflow` scope"
)


def refuses(world: World, words: str) -> None:
    """From now on GitHub refuses every push, with these words."""
    hook = world.repository.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{words}\nEND\nexit 1\n")
    hook.chmod(0o755)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (NO_WORKFLOWS, "workflows_not_permitted"),
        (
            NO_WORKFLOWS.replace("a Personal Access Token", "a GitHub App"),
            "workflows_not_permitted",
        ),
        ("Permission to acme/wordcount.git denied to sayso.", "push_refused"),
    ],
)
def test_a_refused_push_fails_with_its_reason_and_the_diff_is_stored(
    world: World, words: str, reason: str
) -> None:
    before = world.head()
    refuses(world, words)
    status = world.do(job("Test every push."), Edits(WORKFLOW))
    assert (status.status, status.reason) == ("fail", reason)
    assert status.files_touched == [".github/workflows/ci.yml"]
    assert status.tests_passed
    assert status.diff_key
    assert b"+on: push" in world.cloud.stored(status.diff_key)
    assert (world.head(), world.pulls()) == (before, [])


def test_a_workflow_asks_a_person(world: World) -> None:
    status = world.do(job("Test every push."), Edits(WORKFLOW))
    assert (status.status, status.reason) == ("pr_opened", "guarded_file")
