"""A command that runs in a box, and how it ends: by itself, at a limit, or with its job."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from runner.deadline import Deadline
from runner.sandbox.sandbox import Finished, Limits

TAIL_BYTES = 4000


class Boxed:
    """A command in a box; whoever starts it must end it."""

    process: subprocess.Popen[bytes]
    """Its client outside; pipes lead to its standard input and from both outputs."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Limits,
        kill: Callable[[], object],
        is_out_of_memory: Callable[[], bool],
    ) -> None:
        """Watch over a command that was just started.

        Args:
            process: see `process`.
            limits: of which that of time is kept here.
            kill: ends everything in the box, and may be called again.
            is_out_of_memory: asked after the end: whether the limit of memory was reached.
        """
        self.process = process
        self._limits = limits
        self._kill = kill
        self._is_out_of_memory = is_out_of_memory
        self._is_out_of_time = threading.Event()
        self._clock = threading.Timer(limits.seconds, self._end_in_time)
        self._clock.daemon = True
        self._clock.start()

    def end(self) -> None:
        """Kill everything in the box; may be called again, and from any thread."""
        self._clock.cancel()
        self._kill()

    def limit(self) -> str | None:
        """After the end: the limit that ended it, in words; None if it ended by itself."""
        if self._is_out_of_time.is_set():
            return f"ended: more than {self._limits.seconds:g} s"
        if self._is_out_of_memory():
            return f"ended: more than {self._limits.memory_bytes >> 20} MiB of memory"
        return None

    def finish(self, output: IO[bytes], deadline: Deadline) -> Finished:
        """Wait until it ends, or end it with its job.

        Args:
            output: the file that it prints to.
            deadline: the job's.

        Raises:
            Failure: `timed_out`, `cancelled`: the job's.
        """
        try:
            with deadline.ending(self.end) as with_its_job:
                exit_status = self.process.wait()
        finally:
            self.end()
        if with_its_job.is_set():
            deadline.check()
        tail, limit = _tail(output.fileno()), self.limit()
        return Finished(None, f"{tail}\n{limit}\n") if limit else Finished(exit_status, tail)

    def _end_in_time(self) -> None:
        self._is_out_of_time.set()
        self.end()


def _tail(output: int) -> str:
    size = os.fstat(output).st_size
    return os.pread(output, TAIL_BYTES, max(0, size - TAIL_BYTES)).decode("utf-8", "replace")


@contextmanager
def inlet(given: bytes) -> Iterator[int]:
    """A file descriptor from which a command reads what it is given, and nobody reads it again."""
    if not given:
        yield subprocess.DEVNULL
        return
    reading, writing = os.pipe()
    try:
        os.write(writing, given)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)
