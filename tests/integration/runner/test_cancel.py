"""A cancelled job ends at once, wherever it is, and never reaches the branch."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from contracts.models import RunnerJob, RunnerStatus
from runner.agents.agent import Agent, Brief, Proposal
from runner.deadline import Deadline
from tests.integration.runner.world import RISKY, Edits, ThenDo, World, decided, job

HANGS = "import time\n\n\ndef test_hangs():\n    time.sleep(600)\n"
BEAT_SECONDS = 0.2


@dataclass(frozen=True)
class Stuck:
    """An agent that ends only when its job does."""

    reached: Callable[[], object]
    ended: list[bool] = field(default_factory=list)
    name: str = "stuck"

    def propose(self, _brief: Brief, _work_tree: Path, deadline: Deadline) -> Proposal:
        """See `Agent.propose`."""
        released = threading.Event()
        with deadline.ending(released.set):
            self.reached()
            self.ended.append(released.wait(timeout=60))
        deadline.check()
        raise AssertionError("nobody ended it")


def cancel(world: World, change: RunnerJob) -> None:
    """What status writes into the table."""
    item = {"job_id": {"S": str(change.job_id)}, "state": {"S": "cancelled"}}
    world.cloud.clients["dynamodb"].put_item(TableName=world.cloud.name, Item=item)


def do(world: World, change: RunnerJob, *agents: Agent) -> RunnerStatus:
    """Do a job with a heart that beats fast."""
    replace(world.runner(*agents), heartbeat_seconds=BEAT_SECONDS).do(change)
    [status] = world.cloud.statuses()
    return status


def is_cancelled(world: World, change: RunnerJob, status: RunnerStatus) -> bool:
    return (
        (status.status, status.reason) == ("fail", "cancelled")
        and world.log() == ["feat: count words"]
        and world.repository.resolve(f"refs/sayso/{change.job_id}") is None
    )


@pytest.mark.parametrize("kind", ["change", "revert"])
def test_a_job_cancelled_before_it_began_is_not_begun(world: World, kind: str) -> None:
    change, asked = job(kind=kind), list[object]()
    cancel(world, change)
    status = do(world, change, ThenDo(world.agent, lambda: asked.append(1)))
    assert is_cancelled(world, change, status)
    assert asked == []


def test_a_stuck_agent_is_ended(world: World) -> None:
    change = job()
    stuck = Stuck(reached=lambda: cancel(world, change))
    assert is_cancelled(world, change, do(world, change, stuck))
    assert stuck.ended == [True]


def test_tests_that_hang_are_ended(world: World) -> None:
    change = job(max_seconds=300)
    agent = Edits({"tests/test_hangs.py": HANGS})
    status = do(world, change, ThenDo(agent, lambda: cancel(world, change)))
    assert is_cancelled(world, change, status)
    assert status.duration_ms < 60_000


def test_at_the_last_moment_the_table_decides(world: World) -> None:
    """No heartbeat has seen it yet: delivery itself looks."""
    change, runner = job(), world.runner()
    prove = runner.tools.gates.judge

    class CancelsAtLast:
        def judge(self, *args: object) -> object:
            report = prove(*args)  # type: ignore[arg-type]
            cancel(world, change)
            return report

    replace(runner, tools=replace(runner.tools, gates=CancelsAtLast()), heartbeat_seconds=3600).do(
        change
    )
    [status] = world.cloud.statuses()
    assert is_cancelled(world, change, status)


def test_a_cancelled_job_that_the_queue_brings_again_ends_the_same(world: World) -> None:
    change = job()
    cancel(world, change)
    assert is_cancelled(world, change, do(world, change))
    assert is_cancelled(world, change, do(world, change))


def test_cancelled_after_its_approval_it_is_not_merged_but_closed(world: World) -> None:
    change, base = job(RISKY), world.head()
    shown = str(do(world, change).commit_sha)
    cancel(world, change)
    refused = do(world, decided(change, "merge", shown))
    assert (refused.status, refused.reason) == ("fail", "cancelled")
    closed = do(world, decided(change, "close", shown))
    assert closed.status == "fail"
    assert [pull.state for pull in world.pulls()] == ["closed"]
    assert world.head() == base
    assert world.cloud.control_state(change.job_id) == "cancelled"


def test_what_was_merged_before_is_told_whatever_the_table_says(world: World) -> None:
    change = job()
    merged = do(world, change)
    cancel(world, change)
    told = do(world, decided(change, "inspect", str(merged.commit_sha)))
    assert (told.status, told.commit_sha) == ("auto_merged", world.head())


def test_without_the_table_nothing_is_delivered_and_the_job_is_tried_again(world: World) -> None:
    runner = world.runner()
    gone = replace(runner.tools.courier.control, table="gone")
    courier = replace(runner.tools.courier, control=gone)
    with pytest.raises(gone.dynamodb.exceptions.ResourceNotFoundException):
        replace(runner, tools=replace(runner.tools, courier=courier)).do(job())
    assert world.log() == ["feat: count words"]
