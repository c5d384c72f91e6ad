"""What was asked, what is registered, and the job or sentence that comes of both."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from botocore.exceptions import ClientError

from contracts.bus import BrokenContract, Queue
from contracts.database import Database
from contracts.identity import new_event
from contracts.models import (
    TaskDispatched,
    TaskFailed,
    TaskFailedData,
    TaskUploaded,
    TaskUploadedData,
)
from services.dispatch.registry import Registry
from tests.unit.dispatch.asked import COMMIT, REPO, approved, rejected, transcribed, undo

OTHER = "git@github.com:sayso/other.git"


@pytest.fixture
def ada(people):
    """A user with one repository."""
    user_id = people.user()
    people.repo(user_id, REPO, is_default=True)
    return user_id


def test_words_become_a_queued_change_and_an_event_that_says_so(desk, ada):
    asked = transcribed(ada)
    desk.dispatcher.on_message(asked)
    [job] = desk.jobs()
    [event] = desk.said()
    assert (job.kind, job.job_id, job.repo, job.branch) == ("change", asked.job_id, REPO, "main")
    assert isinstance(event, TaskDispatched)
    assert (event.data.kind, event.data.run, event.data.repo) == ("change", job.run, REPO)


def test_everybodys_limits_meet_in_the_job(desk, people):
    user_id = people.user(notify_threshold_loc=80)
    people.repo(
        user_id,
        REPO,
        auto_merge_loc_limit=120,
        blocked_paths=["deploy/"],
        max_usd="0.02",
        style_guide="tabs",
        branch="trunk",
    )
    desk.dispatcher.on_message(transcribed(user_id, repo=REPO))
    [job] = desk.jobs()
    assert job.heuristics.auto_merge_loc_limit == 80
    assert job.heuristics.blocked_paths == ["security/", "deploy/"]
    assert (job.max_usd, job.style_guide, job.branch) == (0.02, "tabs", "trunk")


def test_jobs_of_one_user_share_a_message_group(desk, ada):
    desk.dispatcher.on_message(transcribed(ada))
    queue = desk.dispatcher.jobs
    [item] = queue.sqs.receive_message(QueueUrl=queue.url, AttributeNames=["All"])["Messages"]
    assert item["Attributes"]["MessageGroupId"] == str(ada)


@pytest.mark.parametrize(
    ("ask", "kind", "queue"),
    [(approved, "merge", "controls"), (rejected, "close", "controls"), (undo, "revert", "jobs")],
)
def test_short_jobs_never_wait_behind_those_that_write_code(desk, ada, ask, kind, queue):
    desk.dispatcher.on_message(ask(ada))
    sent = {"controls": desk.controls(), "jobs": desk.jobs()}
    [job] = sent.pop(queue)
    assert (job.kind, job.commit_sha, job.branch) == (kind, COMMIT, "release/2")
    assert [*sent.values()] == [[]]


@pytest.mark.parametrize("ask", [transcribed, approved, rejected, undo])
def test_another_users_repository_is_refused_whatever_is_asked(desk, people, ada, ask):
    mallory = people.user()
    people.repo(mallory, OTHER, is_default=True)
    changes = {"repo": REPO} if ask is transcribed else {}
    desk.dispatcher.on_message(ask(mallory, **changes))
    [event] = desk.said()
    assert isinstance(event, TaskFailed)
    assert (event.data.producer, event.data.reason) == ("dispatch", "repo_not_allowed")
    assert "sayso/wordcount" in event.data.message
    assert desk.jobs() == desk.controls() == []


def test_a_stranger_without_repositories_is_told_what_to_do(desk):
    desk.dispatcher.on_message(transcribed(uuid4()))
    [event] = desk.said()
    assert event.data.reason == "no_repo"
    assert "administrator" in event.data.message


def test_a_request_that_comes_again_is_the_same_job_and_the_same_event(desk, ada):
    asked = transcribed(ada)
    desk.dispatcher.on_message(asked)
    desk.dispatcher.on_message(asked)
    assert len({job.run for job in desk.jobs()}) == 1
    assert len({event.id for event in desk.said()}) == 1


def test_killed_between_saying_and_queueing_it_is_made_good(desk, ada):
    asked = transcribed(ada)
    nowhere = Queue(desk.dispatcher.jobs.url + "-gone", desk.dispatcher.jobs.sqs)
    with pytest.raises(ClientError):
        replace(desk.dispatcher, jobs=nowhere).on_message(asked)
    desk.dispatcher.on_message(asked)
    [job] = desk.jobs()
    first, second = desk.said()
    assert first.id == second.id
    assert first.data.run == job.run


def test_the_sixth_task_in_flight_is_refused_with_a_sentence(desk, people, ada):
    asked = transcribed(ada)
    people.tasks(ada, 5, before=asked.time)
    desk.dispatcher.on_message(asked)
    [event] = desk.said()
    assert event.data.reason == "too_many_jobs"
    assert "wait for one" in event.data.message
    assert desk.jobs() == []


def test_tasks_that_ended_began_later_or_are_anothers_take_no_place(desk, people, ada):
    asked = transcribed(ada)
    people.tasks(ada, 4, before=asked.time)
    people.tasks(people.user(), 5, before=asked.time)
    for status in ("auto_merged", "pr_opened", "ok", "fail"):
        people.task(ada, asked.time - timedelta(minutes=1), status)
    for _ in range(5):
        people.task(ada, asked.time + timedelta(seconds=1))
    desk.dispatcher.on_message(asked)
    assert len(desk.jobs()) == 1


def test_of_seven_requests_at_once_five_go_ahead(desk, people, ada):
    start = transcribed(ada).time - timedelta(seconds=10)
    tasks = [people.task(ada, start) for _ in range(7)]
    for job_id in tasks:
        desk.dispatcher.on_message(transcribed(ada, job_id))
    assert len(desk.jobs()) == 5


def test_an_approval_goes_ahead_however_many_tasks_are_in_flight(desk, people, ada):
    asked = approved(ada)
    people.tasks(ada, 9, before=asked.time)
    desk.dispatcher.on_message(asked)
    assert [job.kind for job in desk.controls()] == ["merge"]


@pytest.mark.parametrize("ask", [transcribed, approved, rejected, undo])
def test_a_dead_job_is_looked_for_in_git(desk, ada, ask):
    desk.dispatcher.on_message(ask(ada))
    [dead] = desk.jobs() + desk.controls()
    desk.said()
    desk.dispatcher.on_dead_letter(dead)
    [job] = desk.controls()
    [event] = desk.said()
    assert (job.kind, job.job_id) == ("inspect", dead.job_id)
    assert (event.data.kind, event.data.run) == ("inspect", job.run)


def test_an_inspection_that_died_too_fails_the_task(desk, ada):
    desk.dispatcher.on_message(transcribed(ada))
    desk.dispatcher.on_dead_letter(*desk.jobs())
    desk.said()
    [inspection] = desk.controls()
    desk.dispatcher.on_dead_letter(inspection)
    [event] = desk.said()
    assert isinstance(event, TaskFailed)
    assert (event.job_id, event.data.reason) == (inspection.job_id, "internal_error")
    assert desk.controls() == []


def test_a_dead_cue_is_dropped(desk):
    data = TaskUploadedData(
        producer="ingest", audio_key="recordings/a.wav", audio_ms=1, email="a@b", repo=None
    )
    desk.dispatcher.on_dead_letter(new_event(TaskUploaded, uuid4(), uuid4(), data))
    assert desk.said() == desk.jobs() == desk.controls() == []


def test_what_nobody_waits_for_goes_to_the_dead_letters(desk):
    data = TaskFailedData(producer="ingest", reason="some_reason", message="No.")
    failed = new_event(TaskFailed, uuid4(), uuid4(), data)
    for take in (desk.dispatcher.on_message, desk.dispatcher.on_dead_letter):
        with pytest.raises(BrokenContract):
            take(failed)


def test_without_a_database_the_message_comes_back(desk, ada):
    away = Registry(Database("postgresql://127.0.0.1:1/none"))
    with pytest.raises(psycopg.OperationalError):
        replace(desk.dispatcher, registry=away).on_message(transcribed(ada))
    assert desk.said() == desk.jobs() == []


def merged(people, user_id, minutes_ago, repo=REPO, **columns):
    """A task of somebody that was merged; its job_id."""
    start = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    known = {"status": "auto_merged", "branch": "main", "commit_sha": f"{minutes_ago:040x}"}
    return people.task(user_id, start, repo=repo, **known | columns)


def test_undo_that_takes_back_what_was_merged_last(desk, people, ada):
    merged(people, ada, 9)
    newest = merged(people, ada, 5)
    merged(people, people.user(), 1)
    people.task(ada, datetime.now(UTC) - timedelta(minutes=2), "fail", repo=REPO)
    desk.dispatcher.on_message(transcribed(ada, text="Undo that.", confidence=0.4))
    [job] = desk.jobs()
    [event] = desk.said()
    assert (job.kind, job.repo, job.commit_sha) == ("revert", REPO, f"{5:040x}")
    assert job.confidence == 0.4
    assert event.data.undoes == newest


def test_undo_that_means_the_named_repository(desk, people, ada):
    people.repo(ada, OTHER)
    merged(people, ada, 9, repo=OTHER)
    merged(people, ada, 5)
    desk.dispatcher.on_message(transcribed(ada, text="Undo that.", repo=OTHER))
    [job] = desk.jobs()
    assert (job.repo, job.commit_sha) == (OTHER, f"{9:040x}")


def test_undo_that_again_goes_one_further_back(desk, people, ada):
    merged(people, ada, 9)
    undone = merged(people, ada, 5)
    merged(people, ada, 4, undoes=undone)
    desk.dispatcher.on_message(transcribed(ada, text="Undo that."))
    [job] = desk.jobs()
    assert job.commit_sha == f"{9:040x}"


def test_an_undo_that_failed_can_be_said_again(desk, people, ada):
    undone = merged(people, ada, 5)
    merged(people, ada, 4, undoes=undone, status="fail")
    desk.dispatcher.on_message(transcribed(ada, text="Undo that."))
    assert desk.jobs()[0].commit_sha == f"{5:040x}"


def test_the_same_undo_that_comes_late_again_means_the_same(desk, people, ada):
    undone = merged(people, ada, 5)
    asked = transcribed(ada, text="Undo that.")
    people.task(ada, asked.time, "auto_merged", id=asked.job_id, undoes=undone, repo=REPO)
    merged(people, ada, -1, commit_sha="f" * 40)
    desk.dispatcher.on_message(asked)
    assert desk.jobs()[0].commit_sha == f"{5:040x}"


@pytest.mark.parametrize("status", ["pending", "fail", "pr_opened"])
def test_with_nothing_merged_there_is_nothing_to_undo(desk, people, ada, status):
    merged(people, ada, 5, status=status)
    desk.dispatcher.on_message(transcribed(ada, text="Undo that."))
    [event] = desk.said()
    assert event.data.reason == "nothing_to_undo"
    assert desk.jobs() == []


def test_what_may_no_longer_be_changed_is_not_undone(desk, people, ada):
    merged(people, ada, 5, repo=OTHER)
    desk.dispatcher.on_message(transcribed(ada, text="Undo that."))
    assert desk.said()[0].data.reason == "repo_not_allowed"
