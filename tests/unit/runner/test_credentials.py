"""Tokens are kept as long as they are good, renewed when they are refused, and never shown."""

import itertools

import pytest

from runner.credentials import Access, Credentials, GitHubApp, Token, Unauthorized, personal
from runner.failure import Failure


class Clock:
    """Seconds, as a test says."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def numbered(clock: Clock, lasts: float = 100) -> Credentials:
    """Tokens that are numbered."""
    numbers = itertools.count(1)
    return Credentials(
        lambda project: Token(f"{project}-{next(numbers)}", clock.now + lasts), clock
    )


def test_a_token_is_kept_for_its_repository_until_it_ends() -> None:
    clock = Clock()
    credentials = numbered(clock)
    assert [credentials.token(project) for project in ("a/b", "a/b", "a/c")] == [
        *("a/b-1", "a/b-1", "a/c-2")
    ]
    clock.now += 99
    assert credentials.token("a/b") == "a/b-1"
    clock.now += 1
    assert credentials.token("a/b") == "a/b-3"


def test_a_refused_token_is_renewed_once() -> None:
    seen: list[str] = []

    def act(token: str) -> str:
        seen.append(token)
        if token == "a/b-1":
            raise Unauthorized
        return token

    access = Access(numbered(Clock()), "a/b")
    assert access.use(act) == "a/b-2"
    assert access.use(act) == "a/b-2"
    assert seen == ["a/b-1", "a/b-2", "a/b-2"]


def test_if_the_fresh_one_is_refused_too_a_person_is_told() -> None:
    def act(_token: str) -> str:
        raise Unauthorized

    with pytest.raises(Failure, match="does not accept Sayso's credential") as failed:
        Access(numbered(Clock()), "a/b").use(act)
    assert failed.value.reason == "credential_refused"


def test_a_personal_token_is_read_anew_after_a_while() -> None:
    clock, read = Clock(), iter(["one\n", "two"])
    credentials = personal(lambda: next(read), clock)
    assert [credentials.token("a/b"), credentials.token("a/b")] == ["one", "one"]
    clock.now += 301
    assert credentials.token("a/b") == "two"


def test_nothing_prints_a_token() -> None:
    assert "secret" not in repr(Token("secret", 0)) + repr(Access.fixed("secret"))


def test_a_key_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="no private key in PEM") as refused:
        GitHubApp.of("https://api.github.com", "1", "hush")
    assert "hush" not in str(refused.value)
