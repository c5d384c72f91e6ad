"""A merged change is taken back through the gates, as a new commit; or a person is asked."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.models import RunnerJob, RunnerStatus
from runner.kinds import Jobs
from tests.integration.runner.world import RISKY, STDIN, Edits, World, decided, job

STDIN_SUBJECT = "feat(cli): add --stdin flag (tests included)"
UNDONE = f"revert: {STDIN_SUBJECT}"


def undo_of(commit: str, **fields: Any) -> RunnerJob:
    return job(f"Undo: {STDIN}", kind="revert", commit_sha=commit, **fields)


@pytest.fixture
def merged(world: World) -> RunnerStatus:
    """A change with tests of its own, on main."""
    status = world.do(job())
    assert status.status == "auto_merged"
    return status


def commit_of(status: RunnerStatus) -> str:
    assert status.commit_sha
    return status.commit_sha


def test_an_undo_is_a_new_commit_that_takes_its_tests_along(
    world: World, merged: RunnerStatus
) -> None:
    before = world.repository.git("rev-parse", "main~1^{tree}")
    undo = undo_of(commit_of(merged))
    status = world.do(undo)
    assert (status.status, status.reason) == ("auto_merged", None), status.notes
    assert (status.kind, status.commit_sha) == ("revert", world.head())
    assert world.log() == [UNDONE, STDIN_SUBJECT, "feat: count words"]
    assert world.repository.git("rev-parse", "main^{tree}") == before
    assert world.trailers("main")["Sayso-Job"] == str(undo.job_id)
    assert commit_of(merged) in world.repository.git("log", "-1", "--format=%B", "main")
    assert status.lint_passed
    assert status.tests_passed
    assert (status.tok_in, status.cost_usd) == (0, 0)


def test_the_phases_of_an_undo_are_those_of_a_change(world: World, merged: RunnerStatus) -> None:
    world.runner().do(undo_of(commit_of(merged)))
    *phases, _ = [event.data for event in world.cloud.heard()]
    assert [data.phase for data in phases] == ["checkout", "propose", "lint", "test", "deliver"]


def test_an_undo_done_again_reports_the_same(world: World, merged: RunnerStatus) -> None:
    undo = undo_of(commit_of(merged))
    first, again = world.do(undo), world.do(undo)
    ignored = {"duration_ms"}
    assert again.model_dump(exclude=ignored) == first.model_dump(exclude=ignored)
    assert len(world.log()) == 3


def test_undone_by_another_job_there_is_nothing_left_to_undo(
    world: World, merged: RunnerStatus
) -> None:
    world.do(undo_of(commit_of(merged)))
    status = world.do(undo_of(commit_of(merged)))
    assert (status.status, status.reason) == ("ok", "nothing_to_do")
    assert len(world.log()) == 3


def test_an_undo_can_be_undone(world: World, merged: RunnerStatus) -> None:
    undone = world.do(undo_of(commit_of(merged)))
    status = world.do(undo_of(commit_of(undone)))
    assert status.status == "auto_merged", status.notes
    assert world.log()[0] == f"revert: {UNDONE}"


def test_what_came_later_stays(world: World, merged: RunnerStatus) -> None:
    world.commit({"NEWS.md": "News\n"}, "docs: news")
    assert world.do(undo_of(commit_of(merged))).status == "auto_merged"
    assert world.log()[:2] == [UNDONE, "docs: news"]
    assert world.repository.git("show", "main:NEWS.md") == "News"


def test_a_base_that_moves_meanwhile_is_built_upon(world: World, merged: RunnerStatus) -> None:
    runner = world.runner()
    judge, moved = runner.tools.gates.judge, []

    class MovesOnce:
        def judge(self, *args: Any) -> Any:
            if not moved:
                moved.append(world.commit({"NEWS.md": "News\n"}, "docs: news"))
            return judge(*args)

    status = do_with(world, runner, MovesOnce(), undo_of(commit_of(merged)))
    assert status.status == "auto_merged", status.notes
    assert world.log()[:2] == [UNDONE, "docs: news"]


def do_with(world: World, runner: Jobs, gates: Any, undo: RunnerJob) -> RunnerStatus:
    replace(runner, tools=replace(runner.tools, gates=gates)).do(undo)
    [status] = world.cloud.statuses()
    return status


def test_later_changes_that_build_on_it_are_a_conflict(world: World, merged: RunnerStatus) -> None:
    cli = world.repository.git("show", "main:wordcount/cli.py") + "\n"
    world.commit({"wordcount/cli.py": cli.replace("--stdin", "--pipe")}, "feat: call it pipe")
    head = world.head()
    status = world.do(undo_of(commit_of(merged)))
    assert (status.status, status.reason) == ("fail", "undo_conflict")
    assert "undo those first" in status.notes
    assert world.head() == head


def test_what_turns_out_different_asks(world: World, merged: RunnerStatus) -> None:
    # A part of it was taken back by hand: what is left is another patch.
    readme = world.repository.git("show", "main~1:README.md") + "\n"
    world.commit({"README.md": readme}, "docs: do not tell")
    status = world.do(undo_of(commit_of(merged)))
    assert status.status == "pr_opened"
    assert "the files have changed since: it is not the plain reverse" in (status.asks or [])
    assert any("no longer says" in ask for ask in status.asks or [])
    assert world.log()[0] == "docs: do not tell"


def test_an_undo_that_breaks_what_came_later_asks_as_a_draft(
    world: World, merged: RunnerStatus
) -> None:
    needs_it = (
        "from wordcount.cli import build_parser\n\n\n"
        "def test_help():\n"
        '    assert "--stdin" in build_parser().format_help()\n'
    )
    world.commit({"tests/test_help.py": needs_it}, "test: help")
    status = world.do(undo_of(commit_of(merged)))
    assert (status.status, status.reason) == ("pr_opened", "tests_failed"), status.notes
    assert not status.tests_passed
    assert [pull.draft for pull in world.pulls()] == [True]


def limits(**changes: Any) -> dict[str, Any]:
    return {"auto_merge_loc_limit": 500, "blocked_paths": []} | changes


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"confidence": 0.4}, "low_confidence"),
        ({"heuristics": {"auto_merge_loc_limit": 5, "blocked_paths": []}}, "too_large"),
        (
            {"heuristics": {"auto_merge_loc_limit": 500, "blocked_paths": ["tests/"]}},
            "blocked_path",
        ),
    ],
)
def test_the_rest_of_the_merge_rule_holds(
    world: World, merged: RunnerStatus, fields: dict[str, Any], reason: str
) -> None:
    status = world.do(undo_of(commit_of(merged), **fields))
    assert (status.status, status.reason, status.asks and len(status.asks)) == (
        "pr_opened",
        reason,
        1,
    )


def test_an_undo_that_asked_is_approved_like_any_change(world: World) -> None:
    change = job(RISKY)
    shown = commit_of(world.do(change))
    assert world.do(decided(change, "merge", shown)).status == "ok"
    undo = undo_of(shown)
    asked = world.do(undo)
    assert (asked.status, asked.reason) == ("pr_opened", "blocked_path")
    world.commit({"NEWS.md": "News\n"}, "docs: news")
    status = world.do(decided(undo, "merge", commit_of(asked)))
    assert status.status == "ok", status.notes
    assert world.log()[0].startswith("revert: feat(security)")


def test_a_merge_commit_is_undone_as_a_whole(world: World) -> None:
    world.repository.protect("main", on=True)
    status = world.do(job())
    assert status.status == "auto_merged"
    world.repository.protect("main", on=False)
    merge_commit = str(world.head())
    assert len(world.repository.git("rev-list", "--parents", "-1", merge_commit).split()) == 3
    undone = world.do(undo_of(merge_commit))
    assert undone.status == "auto_merged", undone.notes
    assert "stdin" not in world.repository.git("show", "main:wordcount/cli.py")


@pytest.mark.parametrize("where", ["nowhere", "another branch", "the first commit", "unnamed"])
def test_only_what_is_on_the_branch_can_be_undone(world: World, where: str) -> None:
    head = str(world.head())
    commit = {
        "nowhere": "1" * 40,
        "another branch": commit_of(world.do(job(RISKY))),
        "the first commit": head,
        "unnamed": None,
    }[where]
    status = world.do(job("Undo: it", kind="revert", commit_sha=commit))
    assert (status.status, status.reason) == ("fail", "not_merged")
    assert world.head() == head


def test_a_commit_may_not_be_undone_by_more_than_its_inverse(world: World) -> None:
    """The way to lose tests without asking is open to an undo alone, not to an agent's words."""
    agent = Edits({"tests/test_table.py": "def test_nothing():\n    pass\n"})
    status = world.do(job("Undo that."), agent)
    assert (status.status, status.reason) == ("pr_opened", "tests_changed")
