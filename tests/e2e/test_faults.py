"""Every process is killed at the worst moment, and still: one commit, one push, one outcome."""

import json
import os
import signal

from tests.e2e.system import LocalSystem, Person, Repository, eventually

SLOW_TEST = """import time


def test_takes_its_time():
    time.sleep(3)
"""


def pid_of(system: LocalSystem, name: str) -> int:
    """The process id of a child of the local system."""
    [pid] = [
        child["pid"]
        for child in json.loads(system.cli("status", "--json"))["processes"]
        if child["name"] == name
    ]
    return int(pid)


def has_slow_tests(repository: Repository) -> None:
    """Give the project a suite that is long enough to be killed in."""
    repository.log()
    repository.git("checkout", "--quiet", "-B", "main", "refs/remote/heads/main")
    (repository.clone / "tests/test_slow.py").write_text(SLOW_TEST)
    repository.git("add", "tests/test_slow.py")
    repository.git(
        *("-c", "user.name=Ada", "-c", "user.email=ada@example.com"),
        *("commit", "--quiet", "-m", "test: take time"),
    )
    repository.git("push", "--quiet", "origin", "main")


def test_a_runner_that_is_killed_in_a_job_costs_nothing(
    ada: Person, repository: Repository, system: LocalSystem
) -> None:
    has_slow_tests(repository)
    before = repository.log()
    job_id = ada.says("add-stdin")
    eventually(lambda: ada.task(job_id).get("phase") == "test", "its tests run")

    os.kill(pid_of(system, "runner"), signal.SIGKILL)
    system.cli("up", "--json")
    task = ada.sees(job_id, "auto_merged", "pr_opened", "fail")

    assert task["status"] == "auto_merged", task
    assert repository.log() == [task["commit_sha"], *before]
    assert ada.is_pushed(job_id)["title"].startswith("✅")
    settled = system.sql("select body from private.outbox where body->>'job_id' = %s", job_id)
    assert len(settled) == len(ada.pushes(job_id)) == 1


def test_uploads_are_accepted_while_the_database_is_down(
    ada: Person, repository: Repository, system: LocalSystem
) -> None:
    before = repository.log()
    system.cli("stop", "postgres")
    try:
        job_id = ada.says("add-version")
    finally:
        system.cli("up", "--json")
    task = ada.sees(job_id, "auto_merged", "fail")
    assert task["status"] == "auto_merged"
    assert repository.log() == [task["commit_sha"], *before]
