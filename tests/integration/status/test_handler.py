"""The Lambda's one door: queues, the minute's sweep and HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.bus import Topic
from contracts.database import Database
from contracts.message import Message
from services.status import handler as door
from services.status import outbox
from tests.integration.invocation import CONTEXT, batch_of
from tests.integration.status.client import CALLBACK_KEY, ISSUER
from tests.unit.status.story import KEY, Story

Said = Callable[[], list[Any]]


@pytest.fixture
def handler(
    postgres_url: str, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Any], Any]]:
    """The handler of a process that has just started."""
    for name, value in {
        "DATABASE_URL": postgres_url,
        "TASK_EVENTS_TOPIC_ARN": topic.arn,
        "CALLBACK_KEY": CALLBACK_KEY,
        "JOB_TOKEN_KEY": KEY,
        "MEDIA_BUCKET": "media",
        "JOB_CONTROL_TABLE": "job-control",
        "SUPABASE_URL": ISSUER,
    }.items():
        monkeypatch.setenv(name, value)
    caches = (door._settings, door._history, door._routes)
    for cached in caches:
        cached.cache_clear()
    yield lambda event: door.handler(event, CONTEXT)
    door._history().database.close()
    for cached in caches:
        cached.cache_clear()


def batch(queue: str, *messages: Message) -> dict[str, Any]:
    """A batch of several messages."""
    records = [batch_of(message, queue)["Records"][0] for message in messages]
    return {"Records": [{**one, "messageId": str(n)} for n, one in enumerate(records)]}


def test_what_fails_comes_back_alone(handler: Callable[[Any], Any], said: Said) -> None:
    task = Story()
    event = batch("status", task.uploaded(), task.dispatched(), task.status("auto_merged"))
    event["Records"][1]["body"] = "{}"
    answer = handler(event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [news.data.status for news in said()] == ["auto_merged"]


def test_a_dead_letter_settles_its_task(handler: Callable[[Any], Any], said: Said) -> None:
    task = Story()
    uploaded = task.uploaded()
    handler(batch("status", uploaded))
    assert handler(batch("transcribe-dead-letters", uploaded)) == {"batchItemFailures": []}
    assert [news.data.reason for news in said()] == ["internal_error"]


def test_the_sweep_says_what_waits(
    handler: Callable[[Any], Any], database: Database, said: Said
) -> None:
    with database.transaction() as connection:
        outbox.put(connection, Story().approved())
    assert handler({"schedule": "sweep-outbox"}) == {"published": 1, "forgotten": 0}
    assert handler({"schedule": "sweep-outbox"}) == {"published": 0, "forgotten": 0}
    assert [event.type for event in said()] == ["task.approved"]


@pytest.mark.parametrize(
    "route",
    [
        "GET /tasks",
        "GET /tasks/{job_id}",
        "GET /repos",
        "POST /tasks/{job_id}/cancel",
        "POST /tasks/{job_id}/undo",
    ],
)
def test_http_wants_a_token(handler: Callable[[Any], Any], route: str) -> None:
    assert handler({"routeKey": route, "headers": {}})["statusCode"] == 401
