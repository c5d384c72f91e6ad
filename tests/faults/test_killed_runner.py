"""Runners die in the middle of jobs, and still: one commit, one outcome."""

import json
from collections.abc import Callable
from uuid import UUID

from contracts.bus import Queue
from contracts.identity import new_event
from contracts.message import Message
from contracts.models import (
    RunnerStatusReported,
    TaskProgressed,
    TaskUploaded,
    TaskUploadedData,
)
from tests.faults.processes import RunnerProcess, eventually
from tests.integration.runner.world import REPO, RISKY, World, decided, job

NewRunner = Callable[..., RunnerProcess]

# Long enough to be killed in.
SLOW = "import time\n\n\ndef test_takes_its_time():\n    time.sleep(3)\n"


class Ear:
    """Hears what runners say, and remembers it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._events: list[RunnerStatusReported | TaskProgressed] = []

    def statuses(self) -> list[RunnerStatusReported]:
        self._events += self._world.cloud.heard()
        return [event for event in self._events if isinstance(event, RunnerStatusReported)]

    def phases(self) -> list[str]:
        self._events += self._world.cloud.heard()
        return [event.data.phase for event in self._events if isinstance(event, TaskProgressed)]


def send(world: World, message: Message, queue: str = "jobs") -> None:
    Queue(world.cloud.queue(queue), world.cloud.clients["sqs"]).send(message)


def waiting(world: World, queue: str) -> int:
    """How many messages a queue has, visible or not."""
    counts = world.cloud.clients["sqs"].get_queue_attributes(
        QueueUrl=world.cloud.queue(queue), AttributeNames=["All"]
    )["Attributes"]
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    return sum(int(counts[name]) for name in names)


def test_a_job_of_a_killed_runner_is_finished_by_another(
    world: World, new_runner: NewRunner
) -> None:
    world.commit({"tests/test_slow.py": SLOW}, "test: take time")
    ear, change = Ear(world), job()
    doomed = new_runner()
    send(world, change)
    eventually(lambda: "test" in ear.phases(), "its tests run")
    doomed.kill()
    assert len(world.log()) == 2
    new_runner()
    [ended] = eventually(ear.statuses, "the job ends")
    assert ended.data.status == "auto_merged"
    assert ended.data.commit_sha == world.head()
    assert len(world.log()) == 3
    eventually(lambda: waiting(world, "jobs") == 0, "the message is gone")


def test_a_runner_killed_right_after_the_push_has_not_merged_in_vain(
    world: World, new_runner: NewRunner
) -> None:
    ear, change, base = Ear(world), job(), world.head()
    doomed = new_runner()
    send(world, change)
    eventually(lambda: world.head() != base, "the branch moves")
    doomed.kill()
    new_runner()
    eventually(lambda: waiting(world, "jobs") == 0, "the message is gone")
    endings = eventually(ear.statuses, "the job ends")
    # If the first one had still said it, the second said the same: one event by its id.
    assert {ended.id for ended in endings} == {endings[0].id}
    assert {(ended.data.status, ended.data.commit_sha) for ended in endings} == {
        ("auto_merged", world.head())
    }
    assert len(world.log()) == 2


def test_a_runner_that_is_asked_to_end_gives_its_job_back_at_once(
    world: World, new_runner: NewRunner
) -> None:
    world.commit({"tests/test_slow.py": SLOW}, "test: take time")
    ear = Ear(world)
    leaving = new_runner(visibility_seconds=60)
    send(world, job())
    eventually(lambda: "test" in ear.phases(), "its tests run")
    assert leaving.terminate() == 0
    sqs = world.cloud.clients["sqs"]
    # Long before the visibility timeout would bring it.
    given_back = sqs.receive_message(QueueUrl=world.cloud.queue("jobs"), WaitTimeSeconds=3)
    assert len(given_back["Messages"]) == 1
    assert len(world.log()) == 2


def test_two_runners_share_the_work_and_the_history_stays_linear(
    world: World, new_runner: NewRunner
) -> None:
    tasks = ("Show the version number of the tool.", "Explain the exit status in the README.")
    ear = Ear(world)
    for _ in range(2):
        new_runner()
    jobs = {change.job_id: change for change in map(job, tasks)}
    for change in jobs.values():
        send(world, change)
    eventually(lambda: len(ear.statuses()) == len(jobs), "both end")
    endings = {ended.job_id: ended.data for ended in ear.statuses()}
    assert {status.status for status in endings.values()} == {"auto_merged"}
    assert world.repository.git("rev-list", "--merges", "main") == ""
    assert len(world.log()) == 1 + len(jobs)


def test_an_approval_does_not_wait_behind_a_long_change(
    world: World, new_runner: NewRunner
) -> None:
    ear, risky = Ear(world), job(RISKY)
    shown = str(world.do(risky).commit_sha)
    world.commit({"tests/test_slow.py": SLOW.replace("3", "20")}, "test: take time")
    new_runner()
    send(world, job())
    eventually(lambda: "test" in ear.phases(), "its tests run")
    send(world, decided(risky, "close", shown), "control")
    [closed] = eventually(ear.statuses, "the request is closed")
    assert closed.job_id == risky.job_id


def test_a_cue_warms_the_mirror_and_tells_what_users_may_say(
    world: World, new_runner: NewRunner
) -> None:
    new_runner()
    data = TaskUploadedData(
        producer="ingest",
        audio_key="recordings/a/b.wav",
        audio_ms=1000,
        email="ada@example.com",
        repo=REPO,
    )
    user = UUID(int=1)
    send(world, new_event(TaskUploaded, UUID(int=2), user, data), "control")
    s3 = world.cloud.clients["s3"]
    key = "vocabulary/acme/wordcount.json"
    eventually(
        lambda: s3.list_objects_v2(Bucket=world.cloud.name, Prefix=key).get("Contents"),
        "the vocabulary is there",
    )
    vocabulary = json.loads(world.cloud.stored(key))
    assert vocabulary["repo"] == REPO
    assert {"wordcount", "Counts", "check_readable", "--no-header"} <= set(vocabulary["words"])
