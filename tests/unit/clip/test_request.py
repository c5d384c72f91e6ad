"""What report is left and told; and that a tag is one clip, for ever."""

import json
from uuid import uuid4

import pytest

from cdk.clip.request import Place
from contracts.bus import Queue, receive
from contracts.identity import demo_id_for
from contracts.models import DemoRequested
from tests.unit.cloud import Cloud
from tests.unit.report.films import png

ADA = uuid4()


@pytest.fixture
def cloud(aws):
    return Cloud.of(aws)


@pytest.fixture
def place(cloud):
    return Place(cloud.name, cloud.aws.s3, Queue(cloud.queue_url, cloud.aws.sqs))


def asked(cloud):
    got = cloud.aws.sqs.receive_message(
        QueueUrl=cloud.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    return [
        receive(each["Body"], each["MessageAttributes"]["type"]["StringValue"], DemoRequested)
        for each in got
    ]


def test_screenshots_are_left_under_the_clip_and_named_in_the_request(cloud, place):
    demo_id = place.ask("weekly-48", "A walk.", [png(), png(colour="red")], ADA, "veo")
    [event] = asked(cloud)
    assert (event.demo_id, event.user_id) == (demo_id, ADA)
    assert (event.data.tag, event.data.prompt, event.data.maker) == ("weekly-48", "A walk.", "veo")
    assert event.data.screenshots == [f"clips/{demo_id}/screens/{n}.png" for n in (1, 2)]
    assert cloud.objects() == dict(
        zip(event.data.screenshots, [png(), png(colour="red")], strict=True)
    )


def test_a_tag_that_is_pushed_twice_is_the_same_request(cloud, place):
    for _ in range(2):
        place.ask("weekly-48", "A walk.", [png()], ADA, None)
    first, second = asked(cloud)
    assert (first.id, first.demo_id) == (second.id, second.demo_id)
    assert len(cloud.objects()) == 1


def test_another_tag_is_another_clip():
    assert demo_id_for("weekly-48") != demo_id_for("weekly-49")


def test_nobody_has_to_say_who_makes_it(cloud, place):
    place.ask("weekly-48", "A walk.", [png()], ADA, None)
    [event] = asked(cloud)
    assert event.data.maker is None
    assert json.loads(event.model_dump_json())["data"]["maker"] is None
