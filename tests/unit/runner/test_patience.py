"""What passes by itself is waited out, as long as the job has time; the rest is told at once."""

import time

import pytest
from github import GithubException, RateLimitExceededException
from requests.exceptions import ConnectionError as NoConnection

from runner.deadline import Deadline
from runner.failure import Failure
from runner.git import GitFailed
from runner.patience import asked_to_wait, is_passing, patiently


def said(words: str) -> GitFailed:
    return GitFailed("push", 128, words)


@pytest.mark.parametrize(
    ("trouble", "passes"),
    [
        (GithubException(500), True),
        (GithubException(503), True),
        (GithubException(429), True),
        (GithubException(403, headers={"retry-after": "1"}), True),
        (RateLimitExceededException(403), True),
        (NoConnection(), True),
        (said("error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502"), True),
        (said("fatal: unable to access 'https://x/': Failed to connect to x port 443"), True),
        (said("error: RPC failed; curl 56 Recv failure: Connection reset by peer"), True),
        (GithubException(403), False),
        (GithubException(404), False),
        (GithubException(422), False),
        (said("The requested URL returned error: 403"), False),
        (said("! [remote rejected] main -> main (protected branch hook declined)"), False),
        (said("stale info"), False),
        (Failure("cancelled", "It was."), False),
    ],
)
def test_what_is_worth_waiting_for(trouble: Exception, passes: bool) -> None:
    assert is_passing(trouble) is passes


def test_github_says_how_long_it_wants_to_be_left_alone() -> None:
    at = str(int(time.time()) + 50)
    limited = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": at}
    assert asked_to_wait(GithubException(429, headers={"retry-after": "7"})) == 7
    assert 45 < asked_to_wait(GithubException(403, headers=limited)) <= 50
    assert asked_to_wait(GithubException(500)) == 0


def test_it_is_done_again_until_it_works() -> None:
    class Job(Deadline):
        """Waits for nothing."""

        def pause(self, seconds: float) -> None:
            assert seconds >= 0

    tries = iter([GithubException(502), said("HTTP 503 returned error: 503"), None])

    def act() -> str:
        trouble = next(tries)
        if trouble:
            raise trouble
        return "done"

    assert patiently(Job.after(60), act) == "done"


def test_a_wait_that_would_outlast_the_job_is_not_begun() -> None:
    def act() -> str:
        raise GithubException(429, headers={"retry-after": "60"})

    with pytest.raises(GithubException):
        patiently(Deadline.after(5), act)


def test_who_waits_can_be_cancelled() -> None:
    deadline = Deadline.after(600)

    def act() -> str:
        deadline.cancel()
        raise GithubException(429, headers={"retry-after": "60"})

    with pytest.raises(Failure, match="cancelled"):
        patiently(deadline, act)
