"""What is told of an outcome or a clip, and whether the person is needed."""

import pytest

from services.notify import news
from tests.unit.notify.settled import COMMIT, REPO, asking, clip, settled


@pytest.mark.parametrize(
    ("changes", "category", "is_needed", "has_sound"),
    [
        (asking(), "task_approval", True, True),
        (asking(needs_approval=False), "task_done", False, False),
        ({}, "task_done", False, False),
        ({"status": "ok"}, "task_done", False, False),
        ({"status": "fail", "reason": "declined"}, "task_failed", True, False),
        ({"status": "fail", "reason": "cancelled"}, "task_failed", False, False),
        ({"status": "fail", "reason": "rejected"}, "task_failed", False, False),
    ],
)
def test_the_category_brings_the_actions(changes, category, is_needed, has_sound):
    told = news.of_task(settled(**changes))
    push = told.push_to("the phone", "loud")
    assert push.category == push.data["categoryId"] == category
    assert told.is_needed == is_needed
    assert (push.is_loud, push.has_sound) == (True, has_sound)


def test_within_quiet_hours_even_a_question_has_no_sound():
    push = news.of_task(settled(**asking())).push_to("the phone", "silent")
    assert (push.is_loud, push.has_sound) == (False, False)


def test_the_app_finds_the_task_and_the_commit_in_it():
    event = settled()
    push = news.of_task(event).push_to("the phone", "loud")
    assert push.to == "the phone"
    assert push.collapse_id == str(event.job_id)
    assert push.data == {
        "job_id": str(event.job_id),
        "commit_sha": COMMIT,
        "repo": REPO,
        "url": f"/tasks/{event.job_id}",
        "categoryId": "task_done",
    }


def test_a_clip_comes_with_its_link_and_asks_for_nothing():
    event = clip()
    told = news.of_clip(event, "https://media.example/clip?signed")
    assert (told.subject_id, told.user_id, told.version) == (event.demo_id, event.user_id, 1)
    assert told.is_needed is False
    assert told.push_to("the phone", "loud").data == {
        "url": "https://media.example/clip?signed",
        "categoryId": "demo_ready",
    }
