"""The wall clock of one job, and the way to end the job before it runs out."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from runner.failure import Failure, cancelled


@dataclass(frozen=True)
class Deadline:
    """When a job must have ended; every step asks how long it may still take."""

    started: float
    ends: float
    _cancelled: threading.Event = field(default_factory=threading.Event, compare=False)
    _endings: dict[object, Callable[[], object]] = field(default_factory=dict, compare=False)
    """What ends the steps that are under way."""

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """A deadline that many seconds from now."""
        now = time.monotonic()
        return cls(now, now + seconds)

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds since the job was taken."""
        return round((time.monotonic() - self.started) * 1000)

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody ended the job before its time."""
        return self._cancelled.is_set()

    def remaining(self, at_most: float) -> float:
        """Seconds that a step may take.

        Raises:
            Failure: `timed_out`, nothing is left; `cancelled`.
        """
        self.check()
        return max(min(self.ends - time.monotonic(), at_most), 0.001)

    def check(self) -> None:
        """Go on only if there is time left.

        Raises:
            Failure: `timed_out`, `cancelled`.
        """
        if self._cancelled.is_set():
            raise cancelled()
        if time.monotonic() >= self.ends:
            raise Failure("timed_out", "The job took longer than it may; ask for a smaller step.")

    @property
    def left(self) -> float:
        """Seconds until the job must have ended; less than 0 after that."""
        return self.ends - time.monotonic()

    def pause(self, seconds: float) -> None:
        """Do nothing for a while.

        Raises:
            Failure: `timed_out`, `cancelled`; the latter at once.
        """
        self._cancelled.wait(min(seconds, max(self.left, 0)))
        self.check()

    def earlier(self, at_most: float) -> "Deadline":
        """The same job's clock for a step that leaves time to what follows it.

        It leaves a tenth of the job's time, and no more than so many seconds.
        """
        return replace(self, ends=self.ends - min((self.ends - self.started) / 10, at_most))

    def cancel(self) -> None:
        """End the steps that are under way, and let no other begin."""
        self._cancelled.set()
        for end in list(self._endings.values()):
            end()

    @contextmanager
    def ending(
        self, end: Callable[[], object], at_most: float = math.inf
    ) -> Iterator[threading.Event]:
        """End a step with its job, however that ends: by time, or because it was cancelled.

        Args:
            end: makes the step stop; called from another thread, possibly more than once.
            at_most: seconds that this step may take itself.

        Returns:
            an event that is set if the step was ended so.

        Raises:
            Failure: it is too late to begin.
        """
        was_ended = threading.Event()

        def end_now() -> None:
            was_ended.set()
            end()

        clock = threading.Timer(self.remaining(at_most), end_now)
        clock.daemon = True
        self._endings[was_ended] = end_now
        clock.start()
        try:
            if self._cancelled.is_set():  # while the lines above were run
                end_now()
            yield was_ended
        finally:
            clock.cancel()
            del self._endings[was_ended]
