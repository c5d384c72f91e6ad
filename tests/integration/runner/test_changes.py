"""A request becomes a commit on the branch, a pull request, or an honest no."""

import re
from pathlib import Path
from threading import Barrier, Thread

import pytest

from runner.agents.agent import Proposal
from runner.control import DeliveredElsewhere
from tests.integration.runner.world import (
    FAILING_LINT,
    FAILING_TESTS,
    NOTHING,
    RISKY,
    VERSION,
    Edits,
    ThenDo,
    World,
    job,
)

STDIN_SUBJECT = "feat(cli): add --stdin flag (tests included)"


def test_a_small_safe_change_is_merged(world: World) -> None:
    change, base = job(), world.head()
    status = world.do(change)
    assert (status.status, status.reason) == ("auto_merged", None), status.notes
    assert world.log() == [STDIN_SUBJECT, "feat: count words"]
    assert (status.commit_sha, status.base_sha) == (world.head(), base)
    assert status.lint_passed
    assert status.tests_passed
    assert status.files_touched == ["README.md", "tests/test_cli.py", "wordcount/cli.py"]
    diff = world.cloud.stored(str(status.diff_key)).decode()
    assert status.loc_delta == len(re.findall(r"^[+-](?![+-]{2} )", diff, re.MULTILINE)) > 0
    assert status.job_token == change.job_token
    assert status.asks == []
    assert world.trailers("main")["Sayso-Job"] == str(change.job_id)
    assert world.repository.resolve(f"refs/sayso/{change.job_id}") == world.head()
    assert world.cloud.control_state(change.job_id) == "delivered"


def test_every_phase_is_told_once_and_in_order(world: World) -> None:
    world.runner().do(job())
    *phases, ended = [event.data for event in world.cloud.heard()]
    assert [data.phase for data in phases] == ["checkout", "propose", "lint", "test", "deliver"]
    assert ended.status == "auto_merged"


@pytest.mark.parametrize(
    ("task", "reason", "is_draft"),
    [
        (RISKY, "blocked_path", False),
        (FAILING_TESTS, "tests_failed", True),
        (FAILING_LINT, "lint_failed", True),
    ],
)
def test_the_rest_asks_in_a_pull_request(
    world: World, task: str, reason: str, is_draft: bool
) -> None:
    change, base = job(task), world.head()
    status = world.do(change)
    assert (status.status, status.reason) == ("pr_opened", reason), status.notes
    assert world.head() == base
    assert status.commit_sha == world.head(f"sayso/{change.job_id}")
    [pull] = world.pulls()
    assert (pull.draft, pull.state) == (is_draft, "open")
    assert status.pr_url == f"{world.github_url}/acme/wordcount/pull/{pull.number}"
    assert f"```text\n{task}\n```" in str(pull.body)
    assert all(f"- {ask}" in str(pull.body) for ask in status.asks or ["?"])
    assert world.cloud.control_state(change.job_id) == "open"


def test_a_failing_test_is_quoted(world: World) -> None:
    assert "no newline at the end" in world.do(job(FAILING_TESTS)).notes


def test_nothing_to_do_is_fine(world: World) -> None:
    status = world.do(job(NOTHING))
    assert (status.status, status.reason) == ("ok", "nothing_to_do")
    assert world.log() == ["feat: count words"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"task_text": "Rewrite it in Rust."}, "not_understood"),
        ({"branch": "no-such-branch"}, "branch_not_found"),
        ({"repo": "git@github.com:acme/no-such-project.git"}, "clone_failed"),
    ],
)
def test_what_cannot_be_done_fails_with_a_sentence(
    world: World, fields: dict[str, str], reason: str
) -> None:
    status = world.do(job(**fields))
    assert (status.status, status.reason) == ("fail", reason)
    assert status.notes.endswith((".", "!"))
    assert status.commit_sha is None


def test_a_patch_that_does_not_fit_fails(world: World) -> None:
    world.commit({"wordcount/cli.py": "print('hello')\n"})
    assert world.do(job()).reason == "patch_does_not_apply"


def test_a_job_ends_when_its_time_is_up(world: World) -> None:
    world.commit({"tests/test_slow.py": "import time\n\ndef test_slow():\n    time.sleep(60)\n"})
    status = world.do(job(max_seconds=3))
    assert (status.status, status.reason) == ("fail", "timed_out")
    assert status.duration_ms < 10_000
    assert len(world.log()) == 2


def test_a_job_done_again_reports_the_same_and_does_nothing(world: World) -> None:
    change = job()
    first = world.do(change)
    again = world.do(change)
    ignored = {"duration_ms"}
    assert again.model_dump(exclude=ignored) == first.model_dump(exclude=ignored)
    assert world.log() == [STDIN_SUBJECT, "feat: count words"]


def test_a_request_asked_again_opens_no_second_pull_request(world: World) -> None:
    change = job(RISKY)
    first, again = world.do(change), world.do(change)
    assert (again.pr_url, again.commit_sha, again.asks) == (
        *(first.pr_url, first.commit_sha),
        first.asks,
    )
    assert len(world.pulls()) == 1


def test_a_pull_request_lost_between_push_and_call_is_opened_later(world: World) -> None:
    change = job(RISKY)
    world.do(change)
    (world.repository.path / "pulls.json").unlink()
    status = world.do(change)
    assert status.status == "pr_opened"
    assert [pull.head for pull in world.pulls()] == [f"sayso/{change.job_id}"]


def test_of_two_runners_on_one_job_one_delivers_and_both_say_the_same(world: World) -> None:
    change = job()
    meet = Barrier(2)

    def work() -> None:
        world.runner(ThenDo(world.agent, meet.wait)).do(change)

    runners = [Thread(target=work) for _ in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert world.log() == [STDIN_SUBJECT, "feat: count words"]
    one, other = world.cloud.statuses()
    assert one.commit_sha == other.commit_sha == world.head()
    assert one.status == other.status == "auto_merged"


def test_a_base_that_moved_is_built_upon_and_gated_again(world: World) -> None:
    moved = ThenDo(world.agent, lambda: world.commit({"NEWS.md": "News\n"}, "docs: news"))
    status = world.do(job(), moved)
    assert status.status == "auto_merged", status.notes
    assert world.log() == [STDIN_SUBJECT, "docs: news", "feat: count words"]
    assert status.commit_sha == world.head()


def test_a_base_that_moved_and_breaks_the_change_asks(world: World) -> None:
    breaking = {"tests/test_parser.py": NO_STDIN}
    moved = ThenDo(world.agent, lambda: world.commit(breaking))
    status = world.do(job(), moved)
    assert (status.status, status.reason) == ("pr_opened", "tests_failed")
    assert len(world.log()) == 2


NO_STDIN = """from wordcount.cli import build_parser


def test_there_is_no_stdin():
    assert "--stdin" not in build_parser().format_help()
"""


def test_a_base_that_conflicts_asks(world: World) -> None:
    conflicting = {"wordcount/cli.py": "def main(argv=None):\n    return 0\n"}
    moved = ThenDo(world.agent, lambda: world.commit(conflicting))
    status = world.do(job(), moved)
    assert (status.status, status.reason) == ("pr_opened", "base_moved")


def test_a_cancelled_job_never_reaches_the_branch(world: World) -> None:
    change = job()

    def cancel() -> None:
        item = {"job_id": {"S": str(change.job_id)}, "state": {"S": "cancelled"}}
        world.cloud.clients["dynamodb"].put_item(TableName=world.cloud.name, Item=item)

    status = world.do(change, ThenDo(world.agent, cancel))
    assert (status.status, status.reason) == ("fail", "cancelled")
    assert world.log() == ["feat: count words"]
    assert world.repository.resolve(f"refs/sayso/{change.job_id}") is None


def test_a_job_that_another_run_delivers_is_tried_later(world: World) -> None:
    change, other = job(), job()
    world.cloud.control().begin(change.job_id, other.run)
    with pytest.raises(DeliveredElsewhere):
        world.runner().do(change)


def test_a_protected_branch_is_merged_into_by_github(world: World) -> None:
    world.repository.protect("main", on=True)
    change = job()
    status = world.do(change)
    assert status.status == "auto_merged", status.notes
    assert world.repository.is_ancestor(str(status.commit_sha), str(world.head()))
    assert [pull.state for pull in world.pulls()] == ["closed"]
    assert world.do(change).status == "auto_merged"


def test_low_confidence_asks(world: World) -> None:
    status = world.do(job(confidence=0.4))
    assert (status.status, status.reason) == ("pr_opened", "low_confidence")


def test_the_base_tightens_the_rule_and_the_patch_cannot_loosen_it(world: World) -> None:
    world.commit({".sayso.toml": 'auto_merge_loc_limit = 5\nblocked_paths = ["wordcount/"]\n'})
    agent = Edits({".sayso.toml": "", "wordcount/table.py": "# nothing\n"})
    status = world.do(job(), agent)
    assert status.status == "pr_opened"
    assert any("under wordcount/" in ask for ask in status.asks or [])
    assert any("the limit is 5" in ask for ask in status.asks or [])
    assert any(".sayso.toml" in ask for ask in status.asks or [])


def test_a_repository_without_tests_asks(world: World) -> None:
    world.repository.git("symbolic-ref", "HEAD", "refs/heads/main")
    world.commit({"README.md": "Bare.\n"}, delete=["tests"])
    status = world.do(job(VERSION), Edits({"notes.md": "Hello.\n"}))
    assert (status.status, status.reason) == ("pr_opened", "no_tests")


def test_a_change_cannot_hide_what_it_breaks_from_the_tests_of_the_base(world: World) -> None:
    counting = world.repository.git("show", "main:wordcount/counting.py") + "\n"
    broken = counting.replace("lines += 1", "lines += 2")
    agent = Edits({"wordcount/counting.py": broken, "tests/conftest.py": BLINDFOLD})
    status = world.do(job(), agent)
    assert (status.status, status.reason) == ("pr_opened", "tests_failed")


BLINDFOLD = """def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if item.path.name == "test_paths.py"]
"""


def test_a_change_cannot_switch_the_gates_off_by_configuration(world: World) -> None:
    agent = Edits(
        {
            "pyproject.toml": '[tool.ruff]\nexclude = ["*"]\n[tool.pytest]\n',
            "pytest.ini": "[pytest]\ntestpaths = nowhere\n",
            "wordcount/table.py": "import os\n",
        }
    )
    status = world.do(job(), agent)
    assert status.status == "pr_opened"
    assert not status.lint_passed
    assert not status.tests_passed


def test_a_commit_message_tells_what_why_and_the_proof(world: World) -> None:
    world.do(job())
    subject, rationale, tests, trailers = world.repository.git(
        "log", "-1", "--format=%B", "main"
    ).split("\n\n")
    assert subject == STDIN_SUBJECT
    assert rationale.startswith("Text can now be piped in;")
    assert re.fullmatch(r"Tests: \d+ passed \(27 on the base\); ruff is clean.", tests)
    assert trailers.startswith("Sayso-Job: ")


def test_the_outcome_tells_how_many_tests_came_with_the_change(world: World) -> None:
    base = sum(text.count("def test_") for text in _tests(world, "main"))
    status = world.do(job())
    assert (
        status.tests_added == sum(text.count("def test_") for text in _tests(world, "main")) - base
    )
    assert status.tests_added > 0


def _tests(world: World, branch: str) -> list[str]:
    """The test files on a branch."""
    files = world.repository.git("ls-tree", "--name-only", branch, "tests/").split()
    return [world.repository.git("show", f"{branch}:{file}") for file in files]


def test_the_agent_sees_no_git_directory(world: World) -> None:
    seen: list[str] = []

    class Looks:
        name = "looks"

        def propose(self, _brief: object, work_tree: Path, _deadline: object) -> Proposal:
            seen.extend(path.name for path in work_tree.iterdir())
            return Proposal("chore: look", "Nothing was done.")

    world.do(job(), Looks())
    assert "README.md" in seen
    assert ".git" not in seen
