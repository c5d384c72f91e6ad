"""Where the time of a job went: spans, noted by whoever watches the functions that take it."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Span:
    """Something that took time; seconds of the wall clock."""

    what: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


@dataclass
class Stopwatch:
    """Notes spans, from any thread."""

    spans: list[Span] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, began: float, ended: float) -> None:
        """Add a span."""
        with self._lock:
            self.spans.append(Span(what, began, ended))

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        """Note how long the block takes."""
        began = time.time()
        try:
            yield
        finally:
            self.note(what, began, time.time())

    @contextmanager
    def watching(self, calls: Sequence[tuple[type, str, Callable[..., str]]]) -> Iterator[None]:
        """Note every call of these methods, under the name that the third makes of its arguments.

        It looks from outside, as a profiler does: the runner has no code for being measured.
        """
        with ExitStack() as stack:
            for owner, method, name in calls:
                watched = self._watched(getattr(owner, method), name)
                stack.enter_context(patch.object(owner, method, watched))
            yield

    def _watched(self, method: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        @wraps(method)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.timing(name(*args, **kwargs)):
                return method(*args, **kwargs)

        return watched


def covered(spans: Iterable[Span]) -> float:
    """Seconds in which at least one of the spans ran: what goes side by side counts once."""
    total, until = 0.0, float("-inf")
    for span in sorted(spans, key=lambda span: span.began):
        total += max(0.0, span.ended - max(span.began, until))
        until = max(until, span.ended)
    return total
