"""Many jobs on one repository at once: each has one outcome, and no commit was not proven."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contracts.models import RunnerJob
from runner.outcome import Outcome
from tests.integration.runner.world import Edits, ThenDo, World, git, job

JOBS = 10


def change(number: int) -> Edits:
    """A module that nobody else touches, and its test."""
    return Edits({
        f"wordcount/part_{number}.py": f'"""Part {number}."""\n\nNUMBER = {number}\n',
        f"tests/test_part_{number}.py": f"from wordcount.part_{number} import NUMBER\n\n\n"
        f"def test_part_{number}():\n    assert NUMBER == {number}\n",
    })  # fmt: skip


def rival(number: int) -> Edits:
    """The same line of the same file as everybody else."""
    return Edits({"docs/winner.md": f"The winner is {number}.\n"})


def at_once(world: World, agents: list[Edits]) -> list[tuple[RunnerJob, Outcome]]:
    """Do a job for each agent, by two runners that share mirrors."""
    jobs = [job(f"Do {number}.", max_seconds=300) for number in range(len(agents))]
    runners = [world.runner(agent) for agent in agents]
    with ThreadPoolExecutor(max_workers=4) as pool:
        ended = pool.map(lambda runner, mine: runner.do(mine), runners, jobs)
        return list(zip(jobs, ended, strict=True))


def passes(world: World, commit: str, folder: Path) -> bool:
    """Whether a commit's tests pass, outside all that this is about."""
    git(world.work_dir, "clone", "--quiet", str(world.repository.path), str(folder))
    git(folder, "checkout", "--quiet", commit)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_ten_jobs_at_once_are_ten_proven_commits_in_a_line(world: World, tmp_path: Path) -> None:
    first = world.head()
    ended = at_once(world, [change(number) for number in range(JOBS)])
    outcomes = [outcome.ending for _, outcome in ended]
    said = {status.job_id: status.status for status in world.cloud.statuses()}
    assert [said[each.job_id] for each, _ in ended] == outcomes
    assert outcomes == ["auto_merged"] * JOBS
    commits = world.repository.git("rev-list", "--reverse", f"{first}..main").splitlines()
    assert len(commits) == JOBS
    parents = world.repository.git("rev-list", "--reverse", "--parents", f"{first}..main")
    assert [line.split() for line in parents.splitlines()] == [
        [commit, parent] for commit, parent in zip(commits, [first, *commits], strict=False)
    ]
    made_by = {world.trailers(commit)["Sayso-Job"] for commit in commits}
    assert made_by == {str(each.job_id) for each, _ in ended}
    for commit in commits:
        assert passes(world, commit, tmp_path / commit)


def test_of_rivals_one_is_merged_and_the_others_ask(world: World) -> None:
    ended = at_once(world, [rival(number) for number in range(4)])
    endings = sorted(outcome.ending for _, outcome in ended)
    assert endings == ["auto_merged", *["pr_opened"] * 3]
    assert {outcome.reason for _, outcome in ended} == {None, "base_moved"}
    assert len(world.log()) == 2


def test_a_base_that_moves_while_it_is_tested_is_tested_again(world: World) -> None:
    def moves() -> None:
        world.commit({"docs/other.md": "Somebody else.\n"})

    change_of_base = job("Do 1.")
    status = world.do(change_of_base, ThenDo(change(1), moves))
    assert status.status == "auto_merged"
    assert world.log()[:2] == ["chore: edit (tests included)", "chore: something else"]


def test_a_base_that_breaks_the_change_is_not_merged_onto(world: World) -> None:
    def moves() -> None:
        world.commit({
            "tests/test_no_parts.py": "from pathlib import Path\n\n\ndef test_there_are_none():\n"
            '    assert not list(Path("wordcount").glob("part_*.py"))\n',
        })  # fmt: skip

    status = world.do(job("Do 1."), ThenDo(change(1), moves))
    assert (status.status, status.reason) == ("pr_opened", "tests_failed")
    assert world.log()[0] == "chore: something else"
