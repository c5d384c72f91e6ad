"""What touches security/ asks; exactly the tested commit is merged, and once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.system import LocalSystem, Person, Repository, eventually


@pytest.fixture
def asked(ada: Person) -> dict[str, Any]:
    """A risky task that waits for Ada."""
    job_id = ada.says("risky")
    task = ada.sees(job_id, "pr_opened", "auto_merged", "fail")
    assert task["status"] == "pr_opened", task
    return task


def test_a_risky_change_asks_and_stays_off_main(
    ada: Person, repository: Repository, asked: dict[str, Any]
) -> None:
    assert asked["needs_approval"]
    assert asked["commit_sha"] not in repository.log()
    [pull] = repository.pull_requests()
    assert pull["head"]["sha"] == asked["commit_sha"]
    assert pull["html_url"] == asked["pr_url"]
    assert "security/" in pull["body"]
    assert pull["draft"] is False
    push = ada.is_pushed(asked["job_id"])
    assert push["title"].startswith("⚠️")
    assert push["categoryId"] == "task_approval"
    assert push["data"]["commit_sha"] == asked["commit_sha"]


def test_approving_many_times_merges_the_tested_commit_once(
    ada: Person, repository: Repository, asked: dict[str, Any]
) -> None:
    before = repository.log()
    with ThreadPoolExecutor() as phones:
        answers = list(phones.map(lambda _: ada.decides("approve", asked), range(4)))
    assert {answer.status_code for answer in answers} == {202}

    task = ada.sees(asked["job_id"], "ok", "fail")

    assert task["status"] == "ok"
    assert repository.log() == [asked["commit_sha"], *before]
    assert ada.decides("approve", asked).status_code == 202
    assert ada.is_pushed(asked["job_id"], times=2)["title"].startswith("✅")
    eventually(lambda: not repository.pull_requests(), "the pull request is closed")
    assert repository.log() == [asked["commit_sha"], *before]


def test_rejecting_closes_the_pull_request(
    ada: Person, repository: Repository, asked: dict[str, Any]
) -> None:
    before = repository.log()
    assert ada.decides("reject", asked).status_code == 202
    task = ada.sees(asked["job_id"], "fail")
    assert task["reason"] == "rejected"
    assert repository.pull_requests() == []
    assert repository.log() == before
    assert ada.decides("approve", asked).status_code == 409


def test_a_commit_that_was_not_tested_cannot_be_approved(
    ada: Person, asked: dict[str, Any]
) -> None:
    stale = ada.decides("approve", asked, commit_sha="0" * 40)
    assert stale.status_code == 409
    assert ada.task(asked["job_id"])["status"] == "pr_opened"


def test_somebody_else_can_neither_see_nor_decide(
    system: LocalSystem, asked: dict[str, Any]
) -> None:
    mallory = system.new_person()
    assert mallory.request("GET", f"/tasks/{asked['job_id']}").status_code == 403
    assert mallory.decides("approve", asked).status_code == 403
    assert mallory.decides("reject", asked).status_code == 403
    assert mallory.request("GET", "/tasks").json() == {"tasks": [], "next": None}


def test_when_main_moved_meanwhile_the_same_change_is_put_on_top(
    ada: Person, repository: Repository, asked: dict[str, Any]
) -> None:
    moved = ada.sees(ada.types("Show the version number of the tool."), "auto_merged")
    assert ada.decides("approve", asked).status_code == 202
    task = ada.sees(asked["job_id"], "ok", "fail")
    assert task["status"] == "ok", task
    on_top, below, *_ = repository.log()
    assert below == moved["commit_sha"]
    assert on_top == task["commit_sha"] != asked["commit_sha"]
    message = repository.git("show", "--no-patch", "--format=%B", on_top)
    assert f"Sayso-Job: {asked['job_id']}" in message


@pytest.mark.parametrize("text", ["Sort the files by name.", "Count lines the way wc does."])
def test_an_unproven_change_is_a_draft_that_only_insistence_merges(
    ada: Person, repository: Repository, text: str
) -> None:
    before = repository.log()
    task = ada.sees(ada.types(text), "pr_opened")
    assert not (task["lint_passed"] and task["tests_passed"])
    [pull] = repository.pull_requests()
    assert pull["draft"] is True

    refused = ada.decides("approve", task)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("not_proven")
    assert repository.log() == before

    assert ada.decides("approve", task, override=True).status_code == 202
    ada.sees(task["job_id"], "ok")
    assert repository.log() == [task["commit_sha"], *before]
