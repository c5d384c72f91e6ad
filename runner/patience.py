"""Waits out what passes by itself: GitHub's limits, its bad minutes, a connection that broke."""

import time
from collections.abc import Callable
from typing import TypeVar

from github import GithubException, RateLimitExceededException
from requests.exceptions import ChunkedEncodingError, Timeout
from requests.exceptions import ConnectionError as NoConnection
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_before_delay,
    wait_exception,
    wait_random_exponential,
)

from runner.deadline import Deadline
from runner.git import GitFailed

T = TypeVar("T")

LONGEST_WAIT_SECONDS = 30
"""Between two tries, where GitHub does not say how long; each wait is random, up to its limit."""


def patiently(deadline: Deadline, act: Callable[[], T]) -> T:
    """Do something that may be done again, until it works or the job's time does not suffice.

    Where GitHub says how long to wait, it is given that time. A wait that would outlast the job
    is not begun.

    Raises:
        Exception: what `act` raised last.
        Failure: `cancelled`, while waiting.
    """
    retrying = Retrying(
        retry=retry_if_exception(is_passing),
        wait=wait_random_exponential(max=LONGEST_WAIT_SECONDS) + wait_exception(asked_to_wait),
        stop=stop_before_delay(max(deadline.left, 0)),
        sleep=deadline.pause,
        reraise=True,
    )
    return retrying(act)


def is_passing(trouble: BaseException) -> bool:
    """Whether the same may work a little later."""
    if isinstance(trouble, GitFailed):
        return trouble.is_passing
    if isinstance(trouble, GithubException):
        return (
            isinstance(trouble, RateLimitExceededException)
            or trouble.status == 429
            or trouble.status >= 500
            or (trouble.status == 403 and "retry-after" in (trouble.headers or {}))
        )
    return isinstance(trouble, (NoConnection, Timeout, ChunkedEncodingError))


def asked_to_wait(trouble: BaseException) -> float:
    """How many seconds GitHub wants to be left alone; 0 if it does not say.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    said = (trouble.headers if isinstance(trouble, GithubException) else None) or {}
    if "retry-after" in said:
        return _seconds(said["retry-after"])
    if said.get("x-ratelimit-remaining") == "0":
        return max(_seconds(said.get("x-ratelimit-reset")) - time.time(), 0)
    return 0


def _seconds(said: str | None) -> float:
    return float(said) if said and said.isdecimal() else 0
