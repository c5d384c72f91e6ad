"""The message in Expo's format."""

import json
from uuid import uuid4

import pytest

from services.notify.expo import push_for
from tests.unit.notify.settled import COMMIT, REPO, TOKEN, settled

MOST_BYTES = 4096
"""What Apple and Google take: https://docs.expo.dev/push-notifications/sending-notifications/"""


@pytest.mark.parametrize(
    ("status", "needs_approval", "category", "sound"),
    [
        ("pr_opened", True, "task_approval", "default"),
        ("pr_opened", False, "task_done", None),
        ("auto_merged", False, "task_done", None),
        ("ok", False, "task_done", None),
        ("fail", False, "task_failed", None),
    ],
)
def test_the_category_brings_the_actions(status, needs_approval, category, sound):
    push = push_for(settled(status=status, needs_approval=needs_approval), TOKEN)
    assert push["categoryId"] == push["data"]["categoryId"] == category
    assert push["sound"] == sound


def test_the_app_finds_the_task_and_the_commit_in_it():
    event = settled()
    push = push_for(event, TOKEN)
    assert push["to"] == TOKEN
    assert push["data"] | {"categoryId": ""} == {
        "job_id": str(event.job_id),
        "commit_sha": COMMIT,
        "repo": REPO,
        "url": f"/tasks/{event.job_id}",
        "categoryId": "",
    }


def test_a_later_version_takes_the_place_of_an_earlier_one_and_of_no_other_task():
    job_id = uuid4()
    first, second, other = (
        push_for(event, TOKEN)
        for event in (
            settled(job_id=job_id, version=1),
            settled(job_id=job_id, version=2),
            settled(version=1),
        )
    )
    for key in ("collapseId", "tag"):
        assert first[key] == second[key] != other[key]
        assert len(first[key].encode()) <= 64  # Apple's limit


def test_the_longest_message_still_fits():
    longest = settled(
        summary="👩" * 500,
        repo=f"git@github.com:{'o' * 39}/{'p' * 100}.git",
        files_touched=["f" * 200] * 10_000,
        loc_delta=2**31,
        duration_ms=2**31,
        cost_usd=123_456.789,
    )
    push = push_for(longest, f"ExponentPushToken[{'t' * 230}]")
    assert len(json.dumps(push, ensure_ascii=False).encode()) <= MOST_BYTES
