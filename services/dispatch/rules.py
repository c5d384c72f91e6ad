"""Which repository a task is about, and how much a runner may do there; pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.dispatch.registry import Grant

N = TypeVar("N", int, float)


class Refused(Exception):
    """No job comes of this request.

    Args:
        reason: a stable word for programs.
        message: a sentence for the user: what went wrong and what to do.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True)
class Limits:
    """What bounds a job.

    Attributes:
        auto_merge_loc_limit: lines; a change this large or larger asks a person.
        blocked_paths: path prefixes that ask a person.
        max_usd: US dollars that models may cost in one run.
        max_seconds: wall clock of one run.
    """

    auto_merge_loc_limit: int
    blocked_paths: tuple[str, ...]
    max_usd: float
    max_seconds: int

    def tightened_by(self, grant: Grant) -> "Limits":
        """The smallest of each limit and all blocked paths: nobody can loosen what another set."""
        return Limits(
            auto_merge_loc_limit=_smallest(
                self.auto_merge_loc_limit, grant.notify_threshold_loc, grant.auto_merge_loc_limit
            ),
            blocked_paths=tuple(dict.fromkeys((*self.blocked_paths, *grant.blocked_paths))),
            max_usd=_smallest(self.max_usd, grant.max_usd),
            max_seconds=self.max_seconds,
        )


def choose(grants: Sequence[Grant], wanted: str | None) -> Grant:
    """The repository that a request means.

    Args:
        grants: the user's repositories.
        wanted: the one that the request names; None for the user's default, or only, one.

    Raises:
        Refused: `repo_not_allowed`, if the named one is not the user's; `no_repo`, if there is
            none to take.
    """
    if wanted is not None:
        # GitHub doesn't tell Org/Tool from org/tool; we keep the spelling of the registration.
        named = [grant for grant in grants if grant.repo.casefold() == wanted.casefold()]
        if not named:
            raise Refused(
                "repo_not_allowed",
                f"{_short(wanted)} is not one of your repositories: choose another, or ask your "
                "administrator to add it.",
            )
        return named[0]
    if not grants:
        raise Refused(
            "no_repo",
            "You have no repository yet: ask your administrator to add one, then say it again.",
        )
    defaults = [grant for grant in grants if grant.is_default]
    if not defaults and len(grants) > 1:
        raise Refused("no_repo", "None of your repositories is the default: name the one you mean.")
    return (defaults or grants)[0]


def admit(pending: int, max_in_flight: int) -> None:
    """Let a task go ahead unless too many earlier ones of its user are still on their way.

    Raises:
        Refused: `too_many_jobs`.
    """
    if pending >= max_in_flight:
        raise Refused(
            "too_many_jobs",
            f"{pending} of your tasks are still on their way: wait for one, then say it again.",
        )


def _smallest(limit: N, *others: N | None) -> N:
    for other in others:
        if other is not None and other < limit:
            limit = other
    return limit


def _short(repo: str) -> str:
    return repo.removeprefix("git@github.com:").removesuffix(".git")
