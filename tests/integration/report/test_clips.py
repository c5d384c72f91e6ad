"""A clip from request to link, by a Veo that answers over HTTP, and by FFmpeg without one."""

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from moto import mock_aws
from pydantic import SecretStr

from cdk.local.standins.veo import VeoService
from contracts.bus import BrokenContract, Topic, receive
from contracts.identity import event_id_for, new_event
from contracts.media import Media
from contracts.models import (
    DemoReady,
    DemoRequested,
    DemoRequestedData,
    DemoSubmitted,
)
from services.report import handler, veo
from services.report.clips import Clips
from services.report.memory import Memory
from services.report.settings import ClipSettings
from services.report.slideshow import MOST_BYTES, UnusableScreenshot
from tests.integration.invocation import CONTEXT, batch_of
from tests.integration.local.conftest import serving
from tests.unit.cloud import Cloud
from tests.unit.report.films import png, seconds

ADA = uuid4()
LATER = 30_000
NOW = 0
"""Milliseconds until a call's deadline: one that was killed blocks the next until then."""


class Killed(BaseException):
    """Nothing of ours catches it, as nothing of ours runs on after SIGKILL."""


@dataclass(frozen=True)
class Vertex:
    """The stand-in, and the key of a service account that it knows."""

    url: str
    key: str

    def next_is(self, outcome: str, looks: int = 0) -> None:
        said = {"outcome": outcome, "looks": looks}
        requests.post(f"{self.url}/control/next", json=said, timeout=5).raise_for_status()

    def operations(self) -> list[str]:
        found: list[str] = requests.get(f"{self.url}/control/films", timeout=5).json()["operations"]
        return found


@pytest.fixture(scope="module")
def service_account() -> tuple[str, str]:
    """A private key and its public one, PEM: making them takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), public.decode()


@pytest.fixture
def vertex(service_account):
    private, public = service_account
    with serving(VeoService(public, looks=2).app()) as url:
        key = {
            "type": "service_account",
            "project_id": "sayso",
            "private_key": private,
            "client_email": "sayso@sayso.iam.gserviceaccount.com",
            "token_uri": f"{url}/token",
        }
        yield Vertex(url, json.dumps(key))


@dataclass
class World:
    """Everything around `report`, and its queue."""

    cloud: Cloud
    queue_url: str
    settings: ClipSettings

    def clips(self, deadline: int = LATER, **changes: Any) -> Clips:
        """A function that has just started, with so many milliseconds to go."""
        memory = Memory.of(self.cloud.name)
        memory.at_work(SimpleNamespace(get_remaining_time_in_millis=lambda: deadline))
        settings = self.settings.model_copy(update=changes)
        return Clips.of(settings, self.cloud.aws.sns, self.cloud.aws.sqs, memory)

    def asks(self, *screenshots: bytes, tag: str = "weekly-48", **more: Any) -> DemoRequested:
        """What the weekly workflow leaves and says."""
        demo_id = uuid4()
        keys = [f"clips/{demo_id}/screens/{number}.png" for number in range(len(screenshots))]
        for key, content in zip(keys, screenshots, strict=True):
            self.cloud.aws.s3.put_object(Bucket=self.cloud.name, Key=key, Body=content)
        data = DemoRequestedData(tag=tag, prompt="A calm walk.", screenshots=keys, **more)
        return new_event(DemoRequested, demo_id, ADA, data)

    def waiting(self) -> list[DemoSubmitted]:
        """What `report` told itself; taken off the queue."""
        found = []
        while got := self.cloud.aws.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for each in got:
                kind = each["MessageAttributes"]["type"]["StringValue"]
                found.append(receive(each["Body"], kind, DemoSubmitted))
                self.cloud.aws.sqs.delete_message(
                    QueueUrl=self.queue_url, ReceiptHandle=each["ReceiptHandle"]
                )
        return found

    def runs(self, clips: Clips, *messages: Any, times: int = 1) -> int:
        """Bring messages, and what comes of them, each so many times; how many there were."""
        heard = 0
        todo = list(messages)
        while todo:
            message = todo.pop(0)
            heard += 1
            for _ in range(times):
                clips.on_message(message)
            todo += self.waiting()
        return heard

    def ready(self) -> DemoReady:
        """The one clip that was told since this was last asked."""
        [event] = self.cloud.said()
        assert isinstance(event, DemoReady)
        return event

    def clip(self, demo_id: UUID) -> bytes:
        """What lies where clips do."""
        return self.cloud.objects()[f"clips/{demo_id}.mp4"]

    def films(self) -> list[str]:
        """Every clip that is stored."""
        return [key for key in self.cloud.objects() if key.endswith(".mp4")]


@pytest.fixture
def world(monkeypatch, vertex):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr(veo, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(veo, "LONGEST_WAIT_SECONDS", 0.02)
    with mock_aws():
        names = ("s3", "sns", "sqs", "dynamodb")
        cloud = Cloud.of(SimpleNamespace(**{name: boto3.client(name) for name in names}))
        queue_url = cloud.aws.sqs.create_queue(QueueName="report")["QueueUrl"]
        settings = ClipSettings(
            media_bucket=cloud.name,
            task_events_topic_arn=cloud.topic.arn,
            report_queue_url=queue_url,
            vertex_credentials=SecretStr(vertex.key),
            veo_base_url=vertex.url,
            veo_look_seconds=0,
            veo_looks=5,
        )
        yield World(cloud, queue_url, settings)


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


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        ("refusal", "Veo refused the prompt: The prompt goes against the usage guidelines."),
        ("nothing", "Veo ended without a film"),
        ("noise", "no mp4"),
        ("failure", "Veo failed: An internal error has occurred."),
        ("never", "Veo was not done after 0 minutes"),
    ],
)
def test_where_nothing_comes_of_veo_ffmpeg_makes_the_clip_and_says_so(world, vertex, outcome, why):
    vertex.next_is(outcome)
    asked = world.asks(png(), png(colour="red"))
    world.runs(world.clips(), asked)
    event = world.ready()
    assert event.data.notes.startswith("Made by FFmpeg from 2 screenshots, without Veo: ")
    assert why in event.data.notes
    assert seconds(world.clip(asked.demo_id)) == pytest.approx(8, abs=0.05)


def test_a_veo_that_is_busy_for_a_moment_is_asked_again_at_once(world, vertex):
    vertex.next_is("busy")
    world.runs(world.clips(), world.asks(png()))
    assert "Filmed by veo" in world.ready().data.notes


def test_a_veo_that_stays_busy_films_nothing_and_is_not_asked_twice(world, vertex):
    for _ in range(veo.TRIES):
        vertex.next_is("busy")
    asked = world.asks(png())
    world.runs(world.clips(), asked)
    world.runs(world.clips(), asked)
    assert "Veo said no: Quota exceeded" in world.ready().data.notes
    assert vertex.operations() == []


def test_an_operation_that_veo_forgot_is_given_up(world):
    asked = world.asks(png())
    world.clips().on_message(asked)
    [submitted] = world.waiting()
    gone = submitted.data.model_copy(update={"operation": f"{submitted.data.operation}0"})
    world.clips().on_message(submitted.model_copy(update={"data": gone}))
    assert "No such operation" in world.ready().data.notes


def test_a_vertex_that_is_away_while_it_films_is_looked_at_again(world, vertex):
    asked = world.asks(png())
    world.clips().on_message(asked)
    [submitted] = world.waiting()
    world.clips(veo_base_url="http://127.0.0.1:1").on_message(submitted)
    world.runs(world.clips(), *world.waiting())
    assert "Filmed by veo" in world.ready().data.notes


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("not JSON", "the secret vertex-credentials is no service account's key"),
        ("[]", "the secret vertex-credentials is no service account's key"),
        ("{}", "the secret vertex-credentials is no service account's key"),
        ("a stranger's", "Vertex AI can't be reached, or refuses our key"),
    ],
)
def test_credentials_that_are_none_make_an_honest_clip(world, vertex, key, why):
    if key == "a stranger's":
        stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = stranger.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key = json.dumps(json.loads(vertex.key) | {"private_key": pem.decode()})
    world.runs(world.clips(vertex_credentials=SecretStr(key)), world.asks(png()))
    assert world.ready().data.notes.endswith(f"without Veo: {why}.")
    assert vertex.operations() == []


@pytest.mark.parametrize(
    ("settings", "request_"),
    [({"vertex_credentials": None}, {}), ({}, {"maker": "ffmpeg"})],
)
def test_without_veo_the_clip_is_made_of_screenshots_and_says_so(world, vertex, settings, request_):
    asked = world.asks(png(), **request_)
    assert world.runs(world.clips(**settings), asked) == 1
    event = world.ready()
    assert event.data.notes == "Made by FFmpeg from 1 screenshot, without Veo."
    assert event.data.seconds == seconds(world.clip(asked.demo_id)) == pytest.approx(8, abs=0.05)
    assert vertex.operations() == []


@pytest.mark.parametrize("maker", ["veo", "ffmpeg"])
@pytest.mark.parametrize(
    "screenshots",
    [
        pytest.param([], id="none"),
        pytest.param([png(), b"<html>"], id="a page"),
        pytest.param([png() + bytes(MOST_BYTES)], id="megabytes"),
        pytest.param([png(), png(5000, 100)], id="too wide"),
    ],
)
def test_garbage_is_refused_before_anything_is_paid_for(world, vertex, maker, screenshots):
    asked = world.asks(*screenshots, maker=maker)
    for _ in range(2):
        with pytest.raises(UnusableScreenshot):
            world.clips().on_message(asked)
    assert (world.waiting(), world.cloud.said(), world.films()) == ([], [], [])
    assert vertex.operations() == []


def test_a_screenshot_that_is_not_there_fails(world):
    asked = world.asks(png())
    world.cloud.aws.s3.delete_object(Bucket=world.cloud.name, Key=asked.data.screenshots[0])
    with pytest.raises(ClientError):
        world.clips().on_message(asked)
    assert (world.cloud.said(), world.films()) == ([], [])


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
