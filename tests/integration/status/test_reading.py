"""What users may read of their tasks: GET /tasks, GET /tasks/{job_id}, GET /repos."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
import yaml
from jsonschema import Draft202012Validator

from services.status.history import History
from tests.integration.status.client import Ask, seen
from tests.unit.status.story import REPO, WORDS, Story

OPENAPI = Path(__file__).parents[3] / "contracts" / "openapi.yaml"
FORMATS = Draft202012Validator.FORMAT_CHECKER


def test_a_task_is_shown_with_its_timeline(ask: Ask, asked: Story) -> None:
    body = seen(ask, asked)
    assert body["job_id"] == str(asked.job_id)
    assert body["status"] == "pr_opened"
    assert body["needs_approval"] is True
    assert body["transcript"] == WORDS
    assert body["repo"] == REPO
    assert body["diff_url"] is None
    assert [(step["type"], step["phase"], step["elapsed_ms"]) for step in body["timeline"]] == [
        ("task.uploaded", None, 0),
        ("task.transcribed", None, 1000),
        ("task.dispatched", None, 2000),
        ("task.progressed", "test", 3000),
        ("runner.status", None, 4000),
    ]
    assert body["timeline"][3]["text"] == "Running tests"


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """What contracts/openapi.yaml promises, references resolved in place."""
    document = yaml.safe_load(OPENAPI.read_text())
    return {
        name: {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        for name in document["components"]["schemas"]
    }


def test_tasks_are_what_the_api_promises(
    history: History, ask: Ask, asked: Story, schemas: dict[str, Any]
) -> None:
    pending = Story(user_id=asked.user_id)
    history.hear(pending.uploaded())
    for task in (asked, pending):
        jsonschema.validate(
            seen(ask, task), schemas["TaskDetails"], Draft202012Validator, format_checker=FORMATS
        )
    for shown in ask("GET /tasks", asked.user_id)[1]["tasks"]:
        jsonschema.validate(shown, schemas["Task"], Draft202012Validator, format_checker=FORMATS)
        assert set(shown) == set(schemas["Task"]["components"]["schemas"]["Task"]["properties"])


def test_a_change_comes_with_a_signed_address_of_its_diff(history: History, ask: Ask) -> None:
    task = Story()
    diff = f"diffs/{task.job_id}/{task.run('change')}.diff"
    for event in (task.uploaded(), task.status("auto_merged", diff_key=diff)):
        history.hear(event)
    assert seen(ask, task)["diff_url"] == f"https://media.example/{diff}"


def test_nobody_sees_what_is_not_theirs(ask: Ask, asked: Story) -> None:
    path = {"job_id": str(asked.job_id)}
    assert ask("GET /tasks/{job_id}", uuid4(), path=path)[0] == 403
    assert ask("GET /tasks/{job_id}", path=path)[0] == 401
    assert ask("GET /tasks", uuid4())[1] == {"tasks": [], "next": None}


@pytest.mark.parametrize("job_id", ["never", "00000000-0000-4000-8000-000000000000"])
def test_a_task_that_never_was(ask: Ask, job_id: str) -> None:
    assert ask("GET /tasks/{job_id}", uuid4(), path={"job_id": job_id})[0] == 404


def test_a_task_whose_user_is_not_known_yet_is_nobodys(history: History, ask: Ask) -> None:
    task = Story()
    history.hear(task.dispatched())
    path = {"job_id": str(task.job_id)}
    assert ask("GET /tasks/{job_id}", task.user_id, path=path)[0] == 404


def test_pages_are_newest_first_and_leave_nothing_out(history: History, ask: Ask) -> None:
    user = uuid4()
    tasks = [Story(user_id=user) for _ in range(7)]
    for minute, task in enumerate(tasks):
        # Two and two begin at the same moment: the cursor must tell them apart, too.
        task.now += timedelta(minutes=minute // 2)
        history.hear(task.uploaded())
    shown: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    sizes = []
    while True:
        status, page, _ = ask("GET /tasks", user, query={"limit": "3", **cursor})
        assert status == 200
        sizes.append(len(page["tasks"]))
        shown += page["tasks"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sizes == [3, 3, 1]
    assert {one["job_id"] for one in shown} == {str(task.job_id) for task in tasks}
    begun = [one["created_at"] for one in shown]
    assert begun == sorted(begun, reverse=True)


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"limit": "²"}, {"limit": "9" * 5000}]
    + [
        {"cursor": cursor}
        for cursor in ("x", "e30", "WzEsMl0", "bnVsbA", "é", "WyJ4IiwieCJd", "W1tb" * 2000)
    ],
)
def test_a_page_that_makes_no_sense_is_refused(ask: Ask, query: dict[str, str]) -> None:
    status, problem, headers = ask("GET /tasks", uuid4(), query=query)
    assert status == 400
    assert headers["Content-Type"] == "application/problem+json"
    assert problem["detail"]


@pytest.mark.parametrize("route", ["GET /tasks", "GET /tasks/{job_id}"])
def test_what_the_caller_has_is_not_sent_again(
    history: History, ask: Ask, asked: Story, route: str
) -> None:
    path = {"job_id": str(asked.job_id)}
    etag = ask(route, asked.user_id, path=path)[2]["ETag"]
    for known in (etag, f'"other", W/{etag}'):
        status, body, headers = ask(
            route, asked.user_id, path=path, headers={"If-None-Match": known}
        )
        assert (status, body, headers["ETag"]) == (304, None, etag)

    history.hear(asked.approved())

    status, _, headers = ask(route, asked.user_id, path=path, headers={"If-None-Match": etag})
    assert status == 200
    assert headers["ETag"] != etag


def tell(history: History, task: Story, version: int, state: str) -> None:
    """Remember a push to one more device, as notify does."""
    reason = "gave_up" if state == "undelivered" else None
    with history.database.transaction() as connection:
        connection.execute(
            "insert into private.notifications"
            " (subject_id, version, device_id, user_id, state, reason)"
            " values (%s, %s, gen_random_uuid(), %s, %s, %s)",
            [task.job_id, version, task.user_id, state, reason],
        )


@pytest.mark.parametrize(
    ("told", "undelivered"),
    [
        ([], 0),
        ([(3, "sent"), (3, "delivered"), (3, "skipped"), (3, "unknown")], 0),
        ([(3, "undelivered"), (3, "undelivered"), (3, "delivered")], 2),
        # What the question missed, the answer made good.
        ([(3, "undelivered"), (5, "delivered")], 0),
        ([(3, "delivered"), (5, "undelivered")], 1),
    ],
)
def test_devices_that_could_not_be_told_are_counted(
    history: History, ask: Ask, asked: Story, told: list[tuple[int, str]], undelivered: int
) -> None:
    other = Story(user_id=asked.user_id)
    history.hear(other.uploaded())
    etag = ask("GET /tasks", asked.user_id)[2]["ETag"]
    for version, state in told:
        tell(history, asked, version, state)
    assert seen(ask, asked)["undelivered"] == undelivered
    assert seen(ask, other)["undelivered"] == 0
    status, page, _ = ask("GET /tasks", asked.user_id, headers={"If-None-Match": etag})
    assert status == (200 if undelivered else 304)
    if undelivered:
        counts = {task["job_id"]: task["undelivered"] for task in page["tasks"]}
        assert counts == {str(asked.job_id): undelivered, str(other.job_id): 0}


def test_repositories_are_shown_default_first(history: History, ask: Ask) -> None:
    task = Story()
    history.hear(task.uploaded())
    with history.database.transaction() as connection:
        for repo, is_default in (("a/a", False), ("b/b", True)):
            connection.execute(
                "insert into repos (user_id, repo, is_default) values (%s, %s, %s)",
                [task.user_id, f"git@github.com:{repo}.git", is_default],
            )
    assert ask("GET /repos", task.user_id)[1] == {
        "repos": [
            {"repo": "git@github.com:b/b.git", "branch": "main", "is_default": True},
            {"repo": "git@github.com:a/a.git", "branch": "main", "is_default": False},
        ]
    }
    assert ask("GET /repos", uuid4())[1] == {"repos": []}
