"""A message is deleted when its job was reported, and comes back when it was not."""

from collections.abc import Callable
from queue import SimpleQueue

import pytest

from contracts.bus import Queue
from contracts.models import RunnerJob
from runner.health import Health, health_file
from runner.outcome import Outcome
from runner.tracing import Tracing
from runner.warmup import WarmUp
from runner.worker import Inbox, Worker
from tests.integration.runner.world import World, job


class Jobs:
    """Does jobs as it is told."""

    def __init__(self, do: Callable[[RunnerJob], object]) -> None:
        self.done: list[RunnerJob] = []
        self._do = do

    def do(self, job: RunnerJob) -> Outcome:
        self.done.append(job)
        self._do(job)
        return Outcome.nothing_to_do("It is as it was.")


def worker(world: World, jobs: Jobs, visibility_seconds: int = 30) -> Worker:
    real = world.runner()
    inboxes = (
        Inbox(world.cloud.queue(name), world.cloud.clients["sqs"], visibility_seconds)
        for name in ("jobs", "control")
    )
    warm_up = WarmUp(real.tools.workspace, real.tools.gates, real.reporter)
    health = Health(health_file(world.work_dir))
    return Worker(jobs, warm_up, *inboxes, health=health, tracing=Tracing(""))


def counts(world: World) -> tuple[int, int]:
    """How many messages are waiting, and how many are held or will be back later."""
    attributes = world.cloud.clients["sqs"].get_queue_attributes(
        QueueUrl=world.cloud.queue("jobs"), AttributeNames=["All"]
    )["Attributes"]
    return (
        int(attributes["ApproximateNumberOfMessages"]),
        int(attributes["ApproximateNumberOfMessagesNotVisible"]),
    )


@pytest.fixture
def queue(world: World) -> Queue:
    return Queue(world.cloud.queue("jobs"), world.cloud.clients["sqs"])


def test_a_message_is_held_while_its_job_runs_and_gone_afterwards(
    world: World, queue: Queue
) -> None:
    change, seen = job(), []
    jobs = Jobs(lambda _: seen.append(counts(world)))
    queue.send(change)
    worker(world, jobs).run_once()
    assert jobs.done == [change]
    assert seen == [(0, 1)]
    assert counts(world) == (0, 0)


def test_a_job_that_breaks_is_tried_again_later(world: World, queue: Queue) -> None:
    def breaks(_job: RunnerJob) -> None:
        raise ConnectionError("GitHub is down")

    change = job()
    jobs = Jobs(breaks)
    queue.send(change)
    worker(world, jobs).run_once()
    assert set(map(str, jobs.done)) == {str(change)}
    assert sum(counts(world)) == 1


def test_what_is_no_job_is_left_to_the_dead_letter_queue(world: World) -> None:
    jobs = Jobs(lambda _: None)
    world.cloud.clients["sqs"].send_message(QueueUrl=world.cloud.queue("jobs"), MessageBody="{}")
    worker(world, jobs).run_once()
    assert jobs.done == []
    assert sum(counts(world)) == 1


def test_a_heartbeat_hides_the_message_of_a_long_job_anew(world: World, queue: Queue) -> None:
    sqs, change = world.cloud.clients["sqs"], job()
    hidden: SimpleQueue[int] = SimpleQueue()
    beats: list[int] = []
    sqs.meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: hidden.put(params["VisibilityTimeout"]),
    )
    # The job lasts four beats, which is longer than the message was hidden for at first.
    jobs = Jobs(lambda _: beats.extend(hidden.get(timeout=60) for _ in range(4)))
    queue.send(change)
    worker(world, jobs, visibility_seconds=2).run_once()
    assert beats == [2, 2, 2, 2]
    assert counts(world) == (0, 0)
