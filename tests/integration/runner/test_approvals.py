"""What a person decided: exactly what was shown is merged, once; or nothing."""

import pytest

from cdk.local.standins.github.pulls import PullRequests as GitHubPulls
from runner.deadline import Deadline
from tests.integration.runner.world import (
    FAILING_TESTS,
    RISKY,
    STDIN,
    World,
    decided,
    job,
)

SUBJECT = "feat(security): allow hidden files with --hidden (tests included)"


def test_an_approved_commit_is_merged_as_it_was_shown(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    status = world.do(decided(change, "merge", shown))
    assert (status.status, status.commit_sha) == ("ok", shown)
    assert world.head() == shown
    [pull] = world.pulls()
    assert pull.merged_at is not None
    assert status.pr_url == f"{world.github_url}/acme/wordcount/pull/1"
    assert world.head(f"sayso/{change.job_id}") is None
    assert world.cloud.control_state(change.job_id) == "delivered"


def test_approving_twice_merges_once(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    approved = decided(change, "merge", shown)
    first, again = world.do(approved), world.do(approved)
    assert (first.status, again.status, again.commit_sha) == ("ok", "ok", shown)
    assert world.log() == [SUBJECT, "feat: count words"]


def test_a_base_that_moved_elsewhere_is_built_upon(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    world.commit({"NEWS.md": "News\n"}, "docs: news")
    status = world.do(decided(change, "merge", shown))
    assert status.status == "ok", status.notes
    assert world.log() == [SUBJECT, "docs: news", "feat: count words"]
    assert status.commit_sha == world.head() != shown
    assert world.pulls()[0].merged_at is not None


def test_a_change_that_comes_out_different_is_asked_again(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    # Somebody else has written a part of it: what is left is another patch.
    readme = world.repository.git("show", f"{shown}:README.md") + "\n"
    world.commit({"README.md": readme}, "docs: ahead of the code")
    status = world.do(decided(change, "merge", shown))
    assert (status.status, status.reason) == ("pr_opened", "base_moved")
    assert world.log()[0] == "docs: ahead of the code"
    assert status.commit_sha == world.head(f"sayso/{change.job_id}") != shown
    assert "README.md" not in status.files_touched
    assert world.do(decided(change, "merge", shown)).reason == "commit_changed"
    assert world.do(decided(change, "merge", str(status.commit_sha))).status == "ok"


def test_a_change_that_breaks_on_the_new_base_is_asked_again(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    world.commit({"tests/test_help.py": NO_HIDDEN})
    status = world.do(decided(change, "merge", shown))
    assert status.status == "pr_opened"
    assert not status.tests_passed
    assert world.log()[0] == "chore: something else"


NO_HIDDEN = """from wordcount.cli import build_parser


def test_there_is_no_hidden():
    assert "--hidden" not in build_parser().format_help()
"""


def test_a_conflict_fails_and_says_what_to_do(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    world.commit({"security/paths.py": "def check_readable(path):\n    return None\n"})
    status = world.do(decided(change, "merge", shown))
    assert (status.status, status.reason) == ("fail", "merge_conflict")


@pytest.mark.parametrize(("override", "outcome"), [(False, "pr_opened"), (True, "ok")])
def test_what_is_not_proven_needs_insistence(world: World, override: bool, outcome: str) -> None:
    change = job(FAILING_TESTS)
    shown = str(world.do(change).commit_sha)
    status = world.do(decided(change, "merge", shown, override=override))
    assert status.status == outcome
    assert (world.head() == shown) is override


def test_another_commit_than_the_one_shown_is_not_merged(world: World) -> None:
    change, base = job(RISKY), str(world.head())
    world.do(change)
    status = world.do(decided(change, "merge", base))
    assert (status.status, status.reason) == ("pr_opened", "commit_changed")
    assert world.head() == base


def test_a_protected_branch_is_merged_into_by_github(world: World) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    world.repository.protect("main", on=True)
    approved = decided(change, "merge", shown)
    assert [world.do(approved).status, world.do(approved).status] == ["ok", "ok"]
    assert world.repository.is_ancestor(shown, str(world.head()))
    assert len(world.log()) == 3


def test_a_rejected_change_is_closed_and_stays_so(world: World) -> None:
    change, base = job(RISKY), world.head()
    shown = str(world.do(change).commit_sha)
    rejected = decided(change, "close", shown)
    for status in (world.do(rejected), world.do(rejected), world.do(change)):
        assert (status.status, status.reason) == ("fail", "rejected")
    [pull] = world.pulls()
    assert (pull.state, pull.merged_at) == ("closed", None)
    assert world.head(f"sayso/{change.job_id}") is None
    assert world.head() == base


def test_a_change_that_never_was_cannot_be_approved(world: World) -> None:
    status = world.do(decided(job(), "merge", str(world.head())))
    assert (status.status, status.reason) == ("fail", "request_gone")


@pytest.mark.parametrize(("task", "outcome"), [(STDIN, "auto_merged"), (RISKY, "pr_opened")])
def test_inspection_tells_what_a_dead_job_delivered(world: World, task: str, outcome: str) -> None:
    change = job(task)
    delivered = world.do(change)
    status = world.do(decided(change, "inspect", str(delivered.commit_sha)))
    assert (status.status, status.commit_sha) == (outcome, delivered.commit_sha)


def test_inspection_tells_that_nothing_was_delivered(world: World) -> None:
    status = world.do(job(kind="inspect"))
    assert (status.status, status.reason) == ("fail", "internal_error")


@pytest.mark.parametrize("kind", ["inspect", "change", "merge", "close"])
def test_what_was_squashed_by_hand_is_found_by_everybody(world: World, kind: str) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    GitHubPulls(world.repository).merge(1, None, "squash", "Squashed", "")
    status = world.do(decided(change, kind, shown))
    assert (status.status, status.commit_sha) == ("ok", world.head())


@pytest.mark.parametrize("kind", ["inspect", "change", "merge"])
def test_what_was_closed_by_hand_stays_closed(world: World, kind: str) -> None:
    change = job(RISKY)
    shown = str(world.do(change).commit_sha)
    world.pull_requests(change.repo, Deadline.after(60)).close(1, "No.")
    status = world.do(decided(change, kind, shown))
    assert (status.status, status.reason) == ("fail", "rejected")
    assert [pull.state for pull in world.pulls()] == ["closed"]
