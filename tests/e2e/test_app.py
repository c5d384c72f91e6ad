"""The app in a browser: press, speak, send; and it is on main."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import app
from tests.e2e.system import Person, Repository, eventually


def test_a_spoken_request_is_merged_before_the_eyes_of_who_said_it(
    ada: Person, repository: Repository
) -> None:
    before = repository.log()
    with app(ada, "add-stdin") as phone:
        phone.opens()
        phone.says("add-stdin")
        phone.sees("Accepted")
        phone.sees(re.compile("standard in", re.IGNORECASE))
        phone.sees("Merged")

        phone.link("Tasks").click()
        phone.link("Merged", re.compile("standard in", re.IGNORECASE)).click()
        [task] = ada.request("GET", "/tasks").json()["tasks"]
        expect(phone.page).to_have_url(re.compile(f"/tasks/{task['job_id']}$"))
        phone.sees("Steps")
        phone.button("Show the change").click()
        phone.sees(re.compile("--stdin"))
    assert task["status"] == "auto_merged"
    assert repository.log() == [task["commit_sha"], *before]


def test_what_is_risky_asks_and_approve_merges_exactly_that_commit(
    ada: Person, repository: Repository
) -> None:
    before = repository.log()
    with app(ada, "risky") as phone:
        phone.opens()
        phone.says("risky")
        phone.link("Needs you").click()
        [task] = ada.request("GET", "/tasks").json()["tasks"]
        assert repository.log() == before

        phone.button("Approve").click()
        phone.sees(re.compile(rf"{task['commit_sha'][:7]}.*{repository.name}"))
        phone.button("Merge it").dblclick()
        phone.sees("Merged")
    assert repository.log() == [task["commit_sha"], *before]


def test_what_is_said_without_a_network_becomes_one_task_when_it_is_back(
    ada: Person, repository: Repository
) -> None:
    with app(ada, "add-version") as phone:
        phone.opens()
        phone.sees("What should change?")
        phone.page.context.set_offline(True)
        phone.says("add-version")
        phone.sees("Waiting for network")
        assert ada.request("GET", "/tasks").json()["tasks"] == []

        phone.page.context.set_offline(False)
        phone.sees("Merged")
        expect(phone.page.get_by_text("Waiting for network")).to_have_count(0)
    [task] = ada.request("GET", "/tasks").json()["tasks"]
    assert task["status"] == "auto_merged"


def test_what_was_said_outlives_the_page(ada: Person, repository: Repository) -> None:
    with app(ada, "add-version") as phone:
        phone.opens()
        phone.page.context.route("**/task", lambda route: route.abort())
        phone.says("add-version")
        phone.sees(re.compile("Waiting for network|Trying again"))
        phone.page.close()

        again = phone.page.context.new_page()
        again.context.unroute("**/task")
        again.goto(ada.system.endpoints["web"])
        eventually(lambda: ada.request("GET", "/tasks").json()["tasks"], "it is sent")
    [task] = ada.request("GET", "/tasks").json()["tasks"]
    assert ada.sees(task["job_id"], "auto_merged")["status"] == "auto_merged"


def test_every_screen_can_be_used_with_a_screen_reader(ada: Person, repository: Repository) -> None:
    ada.sees(job_id := ada.says("risky"), "pr_opened")
    with app(ada, "risky") as phone:
        phone.opens()
        for path, landmark in {
            "/": "What should change?",
            "/tasks": "Needs you",
            f"/tasks/{job_id}": "Steps",
            "/settings": "Signed in as",
        }.items():
            phone.page.goto(f"{ada.system.endpoints['web']}{path}")
            phone.sees(landmark)
            assert phone.faults() == [], path
