"""How a device is told: loudly, silently within its quiet hours, or not at all. Pure: no I/O."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

Loudness = Literal["loud", "silent", "skipped"]


@dataclass(frozen=True)
class QuietHours:
    """From when until when, by the clock on the wall of a place; past midnight if need be."""

    begin: time
    end: time
    zone: ZoneInfo

    @classmethod
    def of(cls, said: dict[str, str]) -> "QuietHours":
        """Read what the app said: `{"from": "22:00", "to": "07:00", "time_zone": …}`."""
        begin, end = time.fromisoformat(said["from"]), time.fromisoformat(said["to"])
        return cls(begin, end, ZoneInfo(said["time_zone"]))

    def include(self, now: datetime) -> bool:
        """Whether a moment lies within them; the last minute no longer does."""
        wall = now.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= wall < self.end
        return wall >= self.begin or wall < self.end


def decide(
    is_needed: bool, only_when_needed: bool, quiet: QuietHours | None, now: datetime
) -> Loudness:
    """How to tell a device. Quiet hours hold nothing back: a push then comes without a sound.

    Args:
        is_needed: whether something is asked of the person.
        only_when_needed: whether the person wants to hear of nothing else.
        quiet: the device's quiet hours, if it has some.
        now: with its time zone.
    """
    if only_when_needed and not is_needed:
        return "skipped"
    return "silent" if quiet and quiet.include(now) else "loud"
