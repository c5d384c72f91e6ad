"""Say it, and it is on main: the whole road over real HTTP."""

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.system import LocalSystem, Person, Repository, eventually


def test_a_spoken_request_becomes_a_commit_on_main(ada: Person, repository: Repository) -> None:
    before = repository.log()
    job_id = ada.says("add-stdin")

    task = ada.sees(job_id, "auto_merged", "pr_opened", "fail")

    assert task["status"] == "auto_merged", task
    assert "standard in" in task["transcript"].lower()
    after = repository.log()
    assert after == [task["commit_sha"], *before]
    message = repository.git("show", "--no-patch", "--format=%B", after[0])
    assert message.startswith("feat(cli): add --stdin flag (tests included)\n")
    assert f"Sayso-Job: {job_id}" in message
    assert "--stdin" in repository.git("show", f"{after[0]}:README.md")
    assert task["loc_delta"] > 0 and task["lint_passed"] and task["tests_passed"]

    push = ada.is_pushed(job_id)
    assert push["title"].startswith("✅")
    assert push["categoryId"] == "task_done"


def test_the_timeline_tells_each_step_in_order(ada: Person) -> None:
    job_id = ada.says("add-json")
    ada.sees(job_id, "auto_merged")
    wanted = {"task.uploaded", "task.transcribed", "task.dispatched", "lint", "test", "deliver"}

    def told() -> list[dict[str, Any]] | None:
        """The timeline once it is whole: a phase may be heard of after the outcome."""
        timeline: list[dict[str, Any]] = ada.task(job_id)["timeline"]
        return timeline if wanted <= {each["phase"] or each["type"] for each in timeline} else None

    timeline = eventually(told, "the timeline is whole")
    steps = [entry["phase"] or entry["type"] for entry in timeline]
    assert steps.index("task.uploaded") < steps.index("task.transcribed") < steps.index("deliver")
    elapsed = [entry["elapsed_ms"] for entry in timeline]
    assert elapsed == sorted(elapsed)


def test_a_typed_request_takes_the_same_road(ada: Person, repository: Repository) -> None:
    task = ada.sees(ada.types("Show the version number of the tool."), "auto_merged")
    assert repository.log()[0] == task["commit_sha"]


def test_a_repeated_upload_is_one_task(ada: Person, repository: Repository) -> None:
    before = repository.log()
    job_ids = {ada.says("add-version", key="from-the-train") for _ in range(3)}
    assert len(job_ids) == 1
    ada.sees(*job_ids, "auto_merged")
    assert len(repository.log()) == len(before) + 1
    listed = ada.request("GET", "/tasks").json()["tasks"]
    assert [task["job_id"] for task in listed] == list(job_ids)


def test_what_is_there_already_is_ok_and_changes_nothing(
    ada: Person, repository: Repository
) -> None:
    before = repository.log()
    task = ada.sees(ada.types("Add a --words flag that shows only the word count."), "ok")
    assert task["reason"] == "nothing_to_do"
    assert repository.log() == before


def test_a_request_that_nothing_understands_fails_with_a_sentence(ada: Person) -> None:
    job_id = ada.types("Sing me the Marseillaise.")
    task = ada.sees(job_id, "fail")
    assert task["reason"] == "declined"
    assert ada.is_pushed(job_id)["title"].startswith("❌")


@pytest.mark.parametrize("sound", ["noise", "tone", "music"])
def test_sounds_that_are_no_speech_say_so(ada: Person, sound: str) -> None:
    job_id = ada.says(sound)
    task = ada.sees(job_id, "fail")
    assert task["reason"] == "no_speech"
    assert ada.is_pushed(job_id)["body"] == f"Didn't work: {task['summary']}"


def test_a_foreign_repository_settles_as_a_failure(
    ada: Person, system: LocalSystem, repository: Repository
) -> None:
    stranger = system.new_person()
    stranger.registers_phone()
    before = repository.log()
    task = stranger.sees(stranger.says("add-stdin", repo=repository.name), "fail")
    assert task["reason"] == "repo_not_allowed"
    assert repository.log() == before


def test_the_door_of_the_readme_opens_for_curl(ada: Person, system: LocalSystem) -> None:
    done = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--fail-with-body"),
            *("-F", "audio=@tests/fixtures/speech/add-stdin.wav"),
            *("-H", f"Authorization: Bearer {ada.token}"),
            system.cli("api").strip() + "/task",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    ada.sees(json.loads(done.stdout)["job_id"], "auto_merged")


def test_repositories_are_listed(ada: Person, repository: Repository) -> None:
    listed = ada.request("GET", "/repos").json()["repos"]
    assert [(repo["repo"], repo["is_default"]) for repo in listed] == [(repository.ssh_url, True)]


def test_an_unchanged_task_is_not_sent_again(ada: Person) -> None:
    job_id = ada.types("Sing me the Marseillaise.")
    ada.sees(job_id, "fail")
    ada.is_pushed(job_id)

    def settled_etag() -> str | None:
        first, second = (ada.request("GET", f"/tasks/{job_id}").headers["ETag"] for _ in "ab")
        return first if first == second else None

    etag = eventually(settled_etag, "the task stays as it is")
    again = ada.request("GET", f"/tasks/{job_id}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
