"""A runner's status over HTTP: POST /callback/runner-status."""

from collections.abc import Callable
from typing import Any

import pytest

from services.status.history import History
from tests.integration.status.client import Ask, call_back, seen
from tests.unit.status.story import Story

Said = Callable[[], list[Any]]


def test_it_is_recorded_once(history: History, ask: Ask, said: Said) -> None:
    task = Story()
    history.hear(task.uploaded())
    body = task.status("auto_merged").data.model_dump_json()
    for _ in range(2):
        assert call_back(ask, body)[0] == 204
    assert seen(ask, task)["status"] == "auto_merged"
    assert [news.data.status for news in said()] == ["auto_merged"]


def test_over_http_and_over_the_topic_it_is_the_same_status(history: History, ask: Ask) -> None:
    task = Story()
    status = task.status("auto_merged")
    history.hear(task.uploaded())
    history.hear(status)
    assert call_back(ask, status.data.model_dump_json())[0] == 204
    assert len(seen(ask, task)["timeline"]) == 2


@pytest.mark.parametrize(("body", "expected"), [("", 400), ("{}", 400), ("[1]", 400)])
def test_what_is_no_status_is_refused(ask: Ask, body: str, expected: int) -> None:
    assert call_back(ask, body)[0] == expected


def test_who_can_not_have_sent_it_is_refused(history: History, ask: Ask) -> None:
    task = Story()
    history.hear(task.uploaded())
    body = task.status("auto_merged").data.model_dump_json()
    assert call_back(ask, body, key="another key")[0] == 401
    assert call_back(ask, body, age=301)[0] == 401
    assert call_back(ask, task.status("ok", job_token="f" * 64).data.model_dump_json())[0] == 401
    assert ask("POST /callback/runner-status", body=body)[0] == 401
    assert seen(ask, task)["status"] == "pending"
