"""What SPEC §9 promises, and whether a day kept it; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.report.digest import Digest
from services.report.wording import Unit, measured


@dataclass(frozen=True)
class Level:
    """One promise.

    Attributes:
        name: for a person.
        value: of the day; None where there was nothing to measure.
        promised: what the value has to stay below, or above.
        unit: of both.
        at_least: whether `promised` is a floor, not a ceiling.
    """

    name: str
    value: float | None
    promised: float
    unit: Unit
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the day kept it; a day without a value broke nothing."""
        if self.value is None:
            return True
        return self.value > self.promised if self.at_least else self.value < self.promised

    @property
    def promise(self) -> str:
        """`under 4.0 s`."""
        return f"{'over' if self.at_least else 'under'} {measured(self.promised, self.unit)}"


def levels(digest: Digest) -> Iterator[Level]:
    """The promises that a day's tasks can keep or break.

    A share is of the tasks that have an outcome. Merged is what needed no repair by a person: by
    itself, on approval, or because nothing had to be changed.
    """
    by_status = {total.status: total.tasks for total in digest.totals.by_status}
    tasks = digest.totals.all.tasks
    ended = tasks - by_status.get("pending", 0)
    merged = by_status.get("auto_merged", 0) + by_status.get("ok", 0)
    yield Level("Voice to merge, half of them", digest.speed.p50_ms, 4_000, "ms")
    yield Level("Voice to merge, 95 of 100", digest.speed.p95_ms, 8_000, "ms")
    yield Level("Merged without repair", _ratio(merged, ended), 0.85, "share", at_least=True)
    yield Level("Failed", _ratio(by_status.get("fail", 0), ended), 0.05, "share")
    yield Level("Cost of a task", _ratio(digest.totals.all.cost_usd, tasks), 0.03, "usd")


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None
