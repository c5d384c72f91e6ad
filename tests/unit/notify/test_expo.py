"""The message in Expo's format."""

from uuid import uuid4

import pytest

from services.notify import news
from services.notify.expo import message_of, size_of
from services.notify.push import MOST_BYTES
from tests.unit.notify.settled import TOKEN, asking, clip, settled


def test_a_loud_message():
    event = settled(**asking())
    message = message_of(news.of_task(event).push_to(TOKEN, "loud"))
    assert message == {
        "to": TOKEN,
        "title": "⚠️ wordcount",
        "body": "Needs you: touches security/keys.py. Approve?",
        "categoryId": "task_approval",
        "collapseId": str(event.job_id),
        "tag": str(event.job_id),
        "priority": "high",
        "ttl": 86_400,
        "sound": "default",
        "data": {
            "job_id": str(event.job_id),
            "commit_sha": event.data.commit_sha,
            "repo": event.data.repo,
            "url": f"/tasks/{event.job_id}",
            "categoryId": "task_approval",
        },
    }


def test_a_silent_message_wakes_nobody():
    message = message_of(news.of_task(settled(**asking())).push_to(TOKEN, "silent"))
    said = {key: message[key] for key in ("priority", "sound", "channelId", "interruptionLevel")}
    assert said == {
        "priority": "normal",
        "sound": None,
        "channelId": "quiet",
        "interruptionLevel": "passive",
    }


def test_a_later_version_takes_the_place_of_an_earlier_one_and_of_no_other_task():
    job_id = uuid4()
    first, second, other = (
        message_of(news.of_task(event).push_to(TOKEN, "loud"))
        for event in (
            settled(job_id=job_id, version=1),
            settled(job_id=job_id, version=2),
            settled(version=1),
        )
    )
    for key in ("collapseId", "tag"):
        assert first[key] == second[key] != other[key]
        assert len(first[key].encode()) <= 64  # Apple's limit


@pytest.mark.parametrize(
    "told",
    [
        news.of_task(
            settled(
                **asking("👩" * 500),
                summary="👩" * 500,
                repo=f"git@github.com:{'o' * 39}/{'p' * 100}.git",
            )
        ),
        # A signed address bears the session of the role that signed it.
        news.of_clip(clip(tag="👩" * 100), f"https://media.example/clip?{'x' * 2500}"),
    ],
    ids=["task", "clip"],
)
def test_the_longest_of_both_fits_uncut(told):
    push = told.push_to(f"ExponentPushToken[{'t' * 230}]", "silent")
    assert size_of(push) <= MOST_BYTES
    assert push.fitting(size_of) == push
