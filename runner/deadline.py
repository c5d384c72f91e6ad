"""The wall clock of one job."""

import time
from dataclasses import dataclass

from runner.failure import Failure


@dataclass(frozen=True)
class Deadline:
    """When a job must have ended; every step asks how long it may still take."""

    started: float
    ends: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """A deadline that many seconds from now."""
        now = time.monotonic()
        return cls(now, now + seconds)

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds since the job was taken."""
        return round((time.monotonic() - self.started) * 1000)

    def remaining(self, at_most: float) -> float:
        """Seconds that a step may take.

        Raises:
            Failure: `timed_out`, nothing is left.
        """
        self.check()
        return max(min(self.ends - time.monotonic(), at_most), 0.001)

    def check(self) -> None:
        """Go on only if there is time left.

        Raises:
            Failure: `timed_out`.
        """
        if time.monotonic() >= self.ends:
            raise Failure("timed_out", "The job took longer than it may; ask for a smaller step.")
