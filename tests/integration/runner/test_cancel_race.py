"""A hundred times somebody cancels while the change is being delivered: one of the two wins."""

import threading
from dataclasses import dataclass, replace

from contracts.models import Phase, RunnerJob
from runner.deadline import Deadline
from runner.failure import Failure
from runner.gates import Gates
from runner.job import Run, change
from runner.outcome import Outcome
from runner.report import GateReport
from services.status.control import JobControl, TooLate
from tests.integration.runner.world import Edits, World, job

RACES = 100
GREEN = GateReport(True, True, None, 1, 1, 0, 1, 0)


class AlwaysGreen(Gates):
    """Nothing is proven here: this is about who comes first."""

    def judge(self, *_: object) -> GateReport:
        return GREEN


@dataclass
class Canceller:
    """Somebody who presses Cancel about when the delivery begins."""

    world: World
    job: RunnerJob
    was_too_late: bool | None = None

    def press(self) -> None:
        """Cancel, as the service does."""
        control = JobControl(self.world.cloud.name, self.world.cloud.clients["dynamodb"])
        try:
            control.cancel(self.job.job_id)
            self.was_too_late = False
        except TooLate:
            self.was_too_late = True


def race(world: World, number: int, seconds: float) -> tuple[bool, Outcome]:
    """One race: whether Cancel, pressed so long after the proof, came too late; how it ended."""
    raced = job(f"Write file {number}.")
    canceller = Canceller(world, raced)
    pressed = threading.Timer(seconds, canceller.press)

    def progress(phase: Phase) -> None:
        if phase == "test":
            pressed.start()

    tools = world.runner(Edits({f"docs/{number}.md": f"{number}\n"})).tools
    deadline = Deadline.after(60)
    tools = replace(
        tools, gates=AlwaysGreen(tools.gates.sandbox), courier=tools.courier.within(deadline)
    )
    try:
        outcome = change(Run(raced, tools, deadline, progress))
    except Failure as failure:
        outcome = Outcome.failed(failure)
    pressed.join()
    assert canceller.was_too_late is not None
    return canceller.was_too_late, outcome


def test_either_it_is_cancelled_and_never_merged_or_merged_and_too_late(world: World) -> None:
    merged, seconds = 0, 0.0
    for number in range(RACES):
        before = world.head()
        was_too_late, outcome = race(world, number, seconds)
        if was_too_late:
            assert outcome.ending == "auto_merged"
            assert world.repository.resolve("refs/heads/main^") == before
            merged += 1
            seconds /= 2  # the next one is pressed earlier, and so they come close to each other
        else:
            assert (outcome.ending, outcome.reason) == ("fail", "cancelled")
            assert world.head() == before
            seconds += 0.005
    assert len(world.log()) == 1 + merged
    assert 0 < merged < RACES, "they never came close to each other"
