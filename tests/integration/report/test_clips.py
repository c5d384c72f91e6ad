"""A clip from request to link: once, whatever comes twice or is killed."""

from uuid import uuid4

import pytest
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError

from contracts.bus import BrokenContract, Topic
from contracts.identity import event_id_for
from contracts.media import Media
from services.report import handler
from tests.integration.invocation import CONTEXT, batch_of
from tests.integration.report.filming import ADA, NOW
from tests.unit.report.films import png, seconds


class Killed(BaseException):
    """Nothing of ours catches it, as nothing of ours runs on after SIGKILL."""


def test_veo_is_asked_looked_at_and_its_film_stored_and_told(world, vertex):
    asked = world.asks(png())
    assert world.runs(world.clips(), asked) == 1 + 3  # two looks find it unfinished
    event = world.ready()
    assert (event.demo_id, event.user_id, event.data.tag) == (asked.demo_id, ADA, "weekly-48")
    assert event.id == event_id_for(asked.demo_id, "demo.ready", event.data)
    assert event.data.clip_key == f"clips/{asked.demo_id}.mp4"
    assert event.data.seconds == seconds(world.clip(asked.demo_id)) == pytest.approx(8, abs=0.05)
    assert event.data.notes == (
        "Filmed by veo-3.1-generate-001 from the first screenshot: 8 s for $1.60."
    )
    assert len(vertex.operations()) == 1


def test_a_look_that_comes_too_early_is_followed_by_another_one_later(world, vertex):
    clips = world.clips(veo_look_seconds=900)
    clips.on_message(world.asks(png()))
    assert world.waiting() == []  # nobody sees it for fifteen minutes
    world.clips().on_message(world.asks(png()))
    [first] = world.waiting()
    world.clips().on_message(first)
    [second] = world.waiting()
    assert (first.data.look, second.data.look) == (1, 2)
    assert first.data.operation == second.data.operation


def test_a_tag_that_is_pushed_twice_is_one_film_and_one_clip(world, vertex):
    asked = world.asks(png())
    world.runs(world.clips(), asked)
    again = asked.model_copy(update={"id": uuid4()})
    world.runs(world.clips(), asked, again)
    world.ready()
    assert len(vertex.operations()) == len(world.films()) == 1


def test_every_message_twice_is_one_film_and_one_clip(world, vertex):
    world.runs(world.clips(), world.asks(png()), times=2)
    world.ready()
    assert len(vertex.operations()) == len(world.films()) == 1


def test_two_calls_at_once_make_one_clip(world, monkeypatch):
    asked = world.asks(png(), maker="ffmpeg")
    store = Media.store

    def meanwhile(media, *what):
        with pytest.raises(IdempotencyAlreadyInProgressError):
            world.clips().on_message(asked)
        store(media, *what)

    monkeypatch.setattr(Media, "store", meanwhile)
    world.clips().on_message(asked)
    world.ready()


@pytest.mark.parametrize("before", ["store", "publish", "send"])
def test_killed_at_any_step_the_next_try_goes_on(world, vertex, monkeypatch, before):
    steps = {
        "store": "contracts.media.Media.store",
        "publish": "contracts.bus.Topic.publish",
        "send": "contracts.bus.Queue.send",
    }
    asked = world.asks(png())

    def kill(*_args, **_more):
        raise Killed

    with monkeypatch.context() as broken, pytest.raises(Killed):
        broken.setattr(steps[before], kill)
        world.runs(world.clips(deadline=NOW), asked)
    world.runs(world.clips(), asked)  # SQS brings it again
    assert seconds(world.clip(asked.demo_id)) == pytest.approx(8, abs=0.05)
    world.ready()
    assert len(vertex.operations()) == 1


def test_killed_just_after_it_was_told_it_is_told_again_as_the_same(world, monkeypatch):
    asked = world.asks(png(), maker="ffmpeg")
    really = Topic.publish

    def killed_after(topic, event):
        really(topic, event)
        raise Killed

    with monkeypatch.context() as broken, pytest.raises(Killed):
        broken.setattr("contracts.bus.Topic.publish", killed_after)
        world.clips(deadline=NOW).on_message(asked)
    world.clips().on_message(asked)
    first, second = world.cloud.said()
    assert first.id == second.id


@pytest.fixture
def deployed(world, monkeypatch):
    for name in ("media_bucket", "task_events_topic_arn", "report_queue_url"):
        monkeypatch.setenv(name.upper(), getattr(world.settings, name))
    monkeypatch.setenv("IDEMPOTENCY_TABLE", world.cloud.name)
    caches = (handler._memory, handler._clips)
    for each in caches:
        each.cache_clear()
    yield handler.handler
    for each in caches:
        each.cache_clear()


def test_lambda_brings_it_a_batch_and_hears_what_failed(world, deployed):
    """Without the secret, as on a new stage."""
    assert deployed(batch_of(world.asks(png()), "report"), CONTEXT) == {"batchItemFailures": []}
    assert world.ready().data.notes == "Made by FFmpeg from 1 screenshot, without Veo."
    failed = deployed(batch_of(world.asks(b"<html>"), "report"), CONTEXT)
    assert failed == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_a_message_about_no_clip_is_refused(world):
    asked = world.asks(png(), maker="ffmpeg")
    world.clips().on_message(asked)
    with pytest.raises(BrokenContract, match="DemoReady"):
        world.clips().on_message(world.ready())
