"""News is published at least once, and by one process at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from contracts.bus import Topic
from contracts.database import Database
from contracts.message import Message
from services.status import outbox
from services.status.history import History
from services.status.outbox import Outbox
from tests.unit.status.story import KEY, Story

Said = Callable[[], list[Any]]


def waiting(database: Database) -> int:
    with database.transaction() as connection:
        found = connection.execute(
            "select count(*) as n from private.outbox where published_at is null"
        ).fetchone()
    assert found
    return int(found["n"])


def fill(database: Database, tasks: int) -> None:
    """Leave news in the outbox as a process does that dies before it says them."""
    with database.transaction() as connection:
        for _ in range(tasks):
            outbox.put(connection, Story().approved())


class Mute(Topic):
    """A topic that can't be reached."""

    def publish(self, _event: Message) -> None:
        raise EndpointConnectionError(endpoint_url=self.arn)


def test_two_sweeps_at_once_publish_everything_once(
    another_history: Callable[[], History], database: Database, said: Said
) -> None:
    fill(database, outbox.BATCH * 2 + 10)
    sweepers = [another_history().outbox for _ in range(2)]
    start = threading.Barrier(len(sweepers))

    def sweep(one: Outbox) -> int:
        start.wait()
        return one.publish()

    with ThreadPoolExecutor(len(sweepers)) as workers:
        published = list(workers.map(sweep, sweepers))

    ids = [event.id for event in said()]
    assert sum(published) == len(ids) == len(set(ids)) == outbox.BATCH * 2 + 10
    assert waiting(database) == 0


def test_news_survives_a_topic_that_is_away(
    database: Database, topic: Topic, history: History, said: Said
) -> None:
    task = Story()
    mute = History(database, Outbox(database, Mute(topic.arn, topic.sns)), KEY)
    for event in task.asked():
        mute.hear(event)
    assert (said(), waiting(database)) == ([], 1)

    assert history.outbox.publish() == 1

    [news] = said()
    assert news.job_id == task.job_id
    assert history.outbox.publish() == 0


def test_what_was_rolled_back_is_never_said(database: Database, history: History) -> None:
    class Interrupted(Exception):
        pass

    with pytest.raises(Interrupted), database.transaction() as connection:
        outbox.put(connection, Story().approved())
        raise Interrupted
    assert history.outbox.publish() == 0


def test_what_is_said_again_is_published_again(
    database: Database, history: History, said: Said
) -> None:
    approved = Story().approved()
    for _ in range(2):
        with database.transaction() as connection:
            outbox.put(connection, approved)
        history.outbox.publish()
    assert [event.id for event in said()] == [approved.id] * 2


def test_an_outcome_is_measured_when_it_is_told_and_not_before(
    another_history: Callable[[], History],
    database: Database,
    asked: Story,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill_with_outcome = "update private.outbox set published_at = null where body ->> 'job_id' = %s"
    with database.transaction() as connection:
        connection.execute(fill_with_outcome, [str(asked.job_id)])
    capsys.readouterr()
    Outbox(database, Mute("arn:aws:sns:eu-west-1:123456789012:mute", None)).publish()  # type: ignore[arg-type]
    assert '"Settled"' not in capsys.readouterr().out
    another_history().outbox.publish()
    assert capsys.readouterr().out.count('"Settled":[1.0]') == 1


def test_what_was_published_long_ago_is_forgotten_and_nothing_else(
    history: History, database: Database
) -> None:
    fill(database, 3)
    with database.transaction() as connection:
        connection.execute(
            "update private.outbox set published_at = now() - age.days from"
            " (select id, make_interval(days => (row_number() over ())::int * 7) as days"
            "  from private.outbox) as age where age.id = private.outbox.id"
        )
    fill(database, 1)
    assert history.outbox.forget() == 2, "those of 14 and 21 days ago"
    assert history.outbox.forget() == 0
    assert waiting(database) == 1
    assert history.outbox.publish() == 1
