"""Pull requests of one repository, through GitHub's REST API."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository

from runner.credentials import TIMEOUT_SECONDS, Access, Unauthorized
from runner.deadline import Deadline
from runner.patience import is_passing, patiently

State = Literal["open", "merged", "closed"]

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """A pull request, as far as a runner cares."""

    number: int
    url: str
    state: State
    merge_commit: str | None
    """What it became on the branch, if it was merged."""


@dataclass(frozen=True)
class PullRequests:
    """The pull requests of `org/project`, for one job.

    Each call is repeated where GitHub is busy or broken, so each can be done twice: an answer
    may have been lost on its way.

    Raises, whatever is called:
        Failure: `credential_refused`, `app_not_installed`, `cancelled`.
        GithubException: GitHub refuses, or had no good moment until the job's time was over.
    """

    api_url: str
    access: Access
    project: str
    deadline: Deadline

    def find(self, head: str) -> Request | None:
        """The newest pull request whose head is this branch, open or not."""
        return self._ask(lambda repository: self._find(repository, head))

    def open(self, head: str, base: str, title: str, body: str, draft: bool) -> Request:
        """Open a pull request, or find the one that is open already."""

        def act(repository: Repository) -> Request:
            found = self._find(repository, head)
            if found and found.state == "open":
                repository.get_pull(found.number).edit(title=title, body=body)
                return found
            return _request(
                repository.create_pull(head=head, base=base, title=title, body=body, draft=draft)
            )

        return self._ask(act)

    def merge(self, number: int, commit: str) -> bool:
        """Let GitHub merge exactly this head; False if the branch's rules don't allow it."""

        def act(repository: Repository) -> bool:
            try:
                merged = repository.get_pull(number).merge(sha=commit, merge_method="merge")
            except GithubException as refused:
                if is_passing(refused) or refused.status not in (403, 405, 409, 422):
                    raise
                # One that was merged a moment ago can't be again: the answer was lost.
                pull = repository.get_pull(number)
                return pull.merged and pull.head.sha == commit
            return bool(merged.merged)

        return self._ask(act)

    def close(self, number: int, comment: str) -> None:
        """Close an open pull request and say why; one that GitHub closed already stays as it is."""

        def act(repository: Repository) -> None:
            pull = repository.get_pull(number)
            if pull.state == "open":
                pull.create_issue_comment(comment)
                pull.edit(state="closed")

        self._ask(act)

    def _find(self, repository: Repository, head: str) -> Request | None:
        owner = self.project.partition("/")[0]
        found = repository.get_pulls(state="all", head=f"{owner}:{head}")
        newest = max(found, key=lambda pull: pull.number, default=None)
        return _request(newest) if newest else None

    def _ask(self, act: Callable[[Repository], T]) -> T:
        def act_with(token: str) -> T:
            return self._with(token, act)

        return patiently(self.deadline, lambda: self.access.use(act_with))

    def _with(self, token: str, act: Callable[[Repository], T]) -> T:
        seconds = math.ceil(self.deadline.remaining(at_most=TIMEOUT_SECONDS))
        with Github(
            base_url=self.api_url,
            auth=Auth.Token(token) if token else None,
            timeout=seconds,
            lazy=True,
            # GitHub says when it is too much, and then it is waited out.
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        ) as github:
            try:
                return act(github.get_repo(self.project))
            except GithubException as refused:
                if refused.status == 401:
                    raise Unauthorized(str(refused)) from refused
                raise


def _request(pull: PullRequest) -> Request:
    merged = pull.merged_at is not None
    return Request(
        number=pull.number,
        url=pull.html_url,
        state="merged" if merged else "open" if pull.state == "open" else "closed",
        merge_commit=pull.merge_commit_sha if merged else None,
    )
