"""Where nothing comes of Veo: an honest clip that says so, or none of garbage."""

import json

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from services.report import veo
from services.report.slideshow import MOST_BYTES, UnusableScreenshot
from tests.unit.report.films import png, seconds


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
