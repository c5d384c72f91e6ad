"""A job's clock: it runs out, it is stopped, and what is under way ends with it."""

import threading
from collections.abc import Callable

import pytest

from runner.deadline import Deadline
from runner.failure import Failure

LONG = 60.0


def ended(deadline: Deadline, at_most: float = LONG) -> bool:
    """Whether a step that would wait for ever was ended."""
    stop = threading.Event()
    with deadline.ending(stop.set, at_most) as was_ended:
        assert stop.wait(10)
    return was_ended.is_set()


def test_a_step_has_the_jobs_time_or_its_own_whichever_is_shorter() -> None:
    deadline = Deadline.after(LONG)
    assert deadline.remaining(at_most=2) == 2
    assert LONG - 5 < deadline.remaining(at_most=1000) <= LONG


def test_no_step_begins_when_the_time_is_over() -> None:
    over = Deadline(started=0, ends=1)
    for step in (over.check, lambda: over.remaining(1), lambda: ended(over)):
        with pytest.raises(Failure) as failed:
            step()
        assert failed.value.reason == "timed_out"


def test_a_step_is_ended_when_its_own_time_is_over() -> None:
    assert ended(Deadline.after(LONG), at_most=0.01)


def test_a_step_is_ended_with_its_job() -> None:
    assert ended(Deadline.after(0.01))


def test_a_step_that_ends_by_itself_is_left_alone() -> None:
    called = threading.Event()
    deadline = Deadline.after(LONG)
    with deadline.ending(called.set) as was_ended:
        pass
    deadline.cancel()
    assert not was_ended.is_set()
    assert not called.is_set()


def test_what_is_cancelled_ends_at_once_and_begins_nothing_new() -> None:
    deadline = Deadline.after(LONG)
    canceller = threading.Timer(0.01, deadline.cancel)
    canceller.start()
    assert ended(deadline)
    with pytest.raises(Failure) as failed:
        deadline.check()
    assert failed.value.reason == "cancelled"


def test_a_cancel_that_comes_while_a_step_begins_is_not_lost() -> None:
    deadline = Deadline.after(LONG)

    class Late(dict[object, Callable[[], object]]):
        """Registers a step only after all that were registered have been ended."""

        def __setitem__(self, key: object, end: Callable[[], object]) -> None:
            deadline.cancel()
            super().__setitem__(key, end)

    late = Deadline(deadline.started, deadline.ends, deadline._cancelled, Late())
    assert ended(late)


def test_what_follows_is_left_a_tenth_of_the_time_and_no_more_than_it_needs() -> None:
    assert Deadline(0, 100).earlier(at_most=10).ends == 90
    assert Deadline(0, 1000).earlier(at_most=10).ends == 990
    assert Deadline(0, 20).earlier(at_most=10).ends == 18


def test_a_step_with_less_time_is_cancelled_all_the_same() -> None:
    deadline = Deadline.after(LONG)
    step = deadline.earlier(at_most=10)
    deadline.cancel()
    with pytest.raises(Failure, match="cancelled"):
        step.check()
