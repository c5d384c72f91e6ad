"""An accepted request is stored once, said once, and never lost."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from botocore.stub import Stubber

from contracts import identity
from contracts.http import Problem
from contracts.models import TaskTranscribed, TaskUploaded
from services.ingest import repository
from tests.unit.ingest.door import USER, problem
from tests.unit.ingest.sound import extensible, riff, tone, wav

KEYED = {"idempotency_key": "6f2c"}


def job_of(answer) -> UUID:
    assert answer["statusCode"] == 202, answer["body"]
    return UUID(json.loads(answer["body"])["job_id"])


def test_a_recording_is_stored_and_said(door):
    job_id = job_of(door.send(audio=wav(), repo="ada/engine"))
    key = f"recordings/{USER}/{job_id}.wav"
    [event] = door.cloud.said()
    assert isinstance(event, TaskUploaded)
    assert (event.job_id, event.user_id) == (job_id, USER)
    assert event.data.model_dump() == {
        "producer": "ingest",
        "audio_key": key,
        "audio_ms": 1000,
        "email": "ada@example.org",
        "repo": "git@github.com:ada/engine.git",
    }
    assert door.cloud.objects() == {key: wav()}


@pytest.mark.parametrize(
    "file",
    [
        riff((b"fmt ", extensible()), (b"data", tone())),
        riff((b"LIST", b"INFOIART\3\0\0\0Ada"), (b"fmt ", wav()[20:36]), (b"data", tone())),
        riff((b"fmt ", wav()[20:36]), (b"data", tone()), (b"id3 ", b"home, 51.5 N 0.1 W")),
    ],
    ids=["extensible", "names before", "places after"],
)
def test_only_the_sound_of_a_recording_is_kept(door, file):
    job_of(door.send(audio=file))
    assert list(door.cloud.objects().values()) == [wav()]


@pytest.mark.parametrize("seconds", [0.1, 60])
def test_the_shortest_and_the_longest_recording_are_accepted(door, seconds):
    job_of(door.send(audio=wav(tone(seconds))))
    [event] = door.cloud.said()
    assert event.data.audio_ms == seconds * 1000


def test_a_typed_request_needs_no_listening(door):
    job_id = job_of(door.send(text="  Add a flag.\r\nAnd a test.\0 ", repo=""))
    [event] = door.cloud.said()
    assert isinstance(event, TaskTranscribed)
    assert event.job_id == job_id
    assert event.data.model_dump() == {
        "producer": "ingest",
        "text": "Add a flag.\nAnd a test.",
        "confidence": 1,
        "source": "typed",
        "email": "ada@example.org",
        "repo": None,
    }
    assert door.cloud.objects() == {}


def test_requests_without_a_key_are_different_tasks(door):
    assert job_of(door.send(text="add a flag")) != job_of(door.send(text="add a flag"))


def test_the_same_key_is_the_same_task_and_the_same_event(door):
    first, again = (job_of(door.send(KEYED, audio=wav())) for _ in range(2))
    assert first == again == identity.job_id_for(USER, "6f2c")
    assert len({event.id for event in door.cloud.said()}) == 1
    assert len(door.cloud.objects()) == 1


@pytest.mark.parametrize(
    "other",
    [{"audio": wav(tone(2))}, {"text": "add a flag"}, {"audio": wav(), "repo": "ada/engine"}],
    ids=["recording", "text", "repository"],
)
def test_a_key_stands_for_one_request(door, other):
    job_of(door.send(KEYED, audio=wav()))
    kept, _ = door.cloud.objects(), door.cloud.said()
    assert problem(door.send(KEYED, **other)) == (422, "idempotency-key-reused")
    assert door.cloud.objects() == kept
    assert door.cloud.said() == []


def test_a_try_that_died_before_it_was_said_is_completed_by_the_next(door):
    """Stored, but not published: the client saw an error and sends again."""
    with Stubber(door.intake.topic.sns) as down:
        down.add_client_error("publish", "ServiceUnavailable", http_status_code=503)
        assert door.send(KEYED, audio=wav())["statusCode"] == 500
    assert len(door.cloud.objects()) == 1
    assert door.cloud.said() == []
    job_id = job_of(door.send(KEYED, audio=wav()))
    assert [event.job_id for event in door.cloud.said()] == [job_id]


def test_nothing_is_said_of_what_could_not_be_stored(door):
    lost = replace(door.intake, media=replace(door.intake.media, bucket="gone"))
    assert replace(door, intake=lost).send(audio=wav())["statusCode"] == 500
    assert door.cloud.said() == []


def test_a_user_has_a_share_of_each_minute(door):
    at = [0.0]
    admission = replace(door.intake.admission, tasks_per_minute=2, clock=lambda: at[0])
    slow = replace(door, intake=replace(door.intake, admission=admission))
    statuses = [slow.send(text="add a flag")["statusCode"] for _ in range(2)]
    at[0] = 45.0
    refused = slow.send(text="add a flag")
    assert [*statuses, refused["statusCode"]] == [202, 202, 429]
    assert refused["headers"]["Retry-After"] == "15"
    assert len(door.cloud.said()) == 2
    at[0] = 60.0
    assert slow.send(text="add a flag")["statusCode"] == 202


@pytest.mark.parametrize(
    "written",
    [
        "ada/engine",
        " ada/engine ",
        "ada/engine.git",
        "https://github.com/ada/engine",
        "https://github.com/ada/engine/",
        "https://github.com/ada/engine.git",
        "ssh://git@github.com/ada/engine.git",
        "git@github.com:ada/engine.git",
        "git@github.com:ada/engine",
    ],
)
def test_a_repository_has_one_name(written):
    assert repository.ssh_address(written) == "git@github.com:ada/engine.git"


@pytest.mark.parametrize(
    "written",
    [
        "engine",
        "ada/engine/tree/main",
        "--upload-pack=x/y",
        "ada/../engine",
        "ada/.git",
        "ada/en gine",
        "http://github.com/ada/engine",
        "https://github.com.evil.test/ada/engine",
        "git@gitlab.com:ada/engine.git",
        "ada/engine\nx",
        "ada/" + "e" * 101,
    ],
)
def test_what_names_no_repository_is_refused(written):
    with pytest.raises(Problem) as refusal:
        repository.ssh_address(written)
    assert (refusal.value.status, refusal.value.kind) == (400, "bad-repo")


def test_nothing_secret_is_logged(door, caplog):
    with caplog.at_level("DEBUG"):
        job_of(door.send(text="the secret plan"))
        problem(door.send(audio=b"the secret plan"))
    logged = str([record.__dict__ for record in caplog.records if "boto" not in record.name])
    assert "task accepted" in logged
    assert "not-a-wav" in logged
    for secret in ("secret plan", "Bearer", "ada@example.org"):
        assert secret not in logged
