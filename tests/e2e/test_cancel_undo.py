"""What was merged is taken back; what is not merged yet can be stopped."""

from typing import Any

from tests.e2e.system import Person, Repository

ADD_STDIN = "Add a --stdin flag so the tool can read from standard input."


def presses(person: Person, what: str, job_id: str) -> tuple[int, Any]:
    """Cancel, or Undo: the status and the answer."""
    answer = person.request("POST", f"/tasks/{job_id}/{what}")
    return answer.status_code, answer.json()


def readme(repository: Repository) -> str:
    """What main's README says."""
    return repository.git("show", f"{repository.log()[0]}:README.md")


def test_what_was_merged_is_taken_back_through_the_gates(
    ada: Person, repository: Repository
) -> None:
    before, text = repository.log(), readme(repository)
    merged = ada.types(ADD_STDIN)
    assert ada.sees(merged, "auto_merged", "fail")["status"] == "auto_merged"
    assert "--stdin" in readme(repository)
    assert presses(ada, "cancel", merged)[0] == 409

    status, undone = presses(ada, "undo", merged)

    task = ada.sees(undone["job_id"], "auto_merged", "pr_opened", "fail")
    assert (status, task["status"], task["undoes"]) == (202, "auto_merged", merged), task
    assert repository.log()[2:] == before
    assert readme(repository) == text
    assert presses(ada, "undo", merged) == (202, undone)


def test_who_says_undo_that_has_the_last_change_taken_back(
    ada: Person, repository: Repository
) -> None:
    text = readme(repository)
    ada.sees(ada.types(ADD_STDIN), "auto_merged")
    task = ada.sees(ada.types("Undo that."), "auto_merged", "pr_opened", "fail")
    assert task["status"] == "auto_merged", task
    assert readme(repository) == text


def test_what_waits_for_a_person_can_be_cancelled(ada: Person, repository: Repository) -> None:
    before = repository.log()
    asked = ada.sees(ada.says("risky"), "pr_opened")["job_id"]
    assert presses(ada, "cancel", asked) == (202, {"job_id": asked, "status": "fail"})
    assert ada.task(asked)["reason"] == "cancelled"
    assert ada.decides("approve", ada.task(asked) | {"commit_sha": "a" * 40}).status_code == 409
    assert repository.log() == before
