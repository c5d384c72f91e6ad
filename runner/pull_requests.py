"""Pull requests of one repository, through GitHub's REST API."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository

State = Literal["open", "merged", "closed"]

TIMEOUT_SECONDS = 20


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
    """The pull requests of `org/project`."""

    api_url: str
    token: str
    project: str

    def find(self, head: str) -> Request | None:
        """The newest pull request whose head is this branch, open or not."""
        owner = self.project.partition("/")[0]
        found = self._repository.get_pulls(state="all", head=f"{owner}:{head}")
        newest = max(found, key=lambda pull: pull.number, default=None)
        return _request(newest) if newest else None

    def open(self, head: str, base: str, title: str, body: str, draft: bool) -> Request:
        """Open a pull request, or find the one that is open already."""
        found = self.find(head)
        if found and found.state == "open":
            self._repository.get_pull(found.number).edit(title=title, body=body)
            return found
        return _request(
            self._repository.create_pull(head=head, base=base, title=title, body=body, draft=draft)
        )

    def merge(self, number: int, commit: str) -> bool:
        """Let GitHub merge exactly this head; False if the branch's rules don't allow it."""
        try:
            merged = self._repository.get_pull(number).merge(sha=commit, merge_method="merge")
        except GithubException as refused:
            if refused.status in (403, 405, 409, 422):
                return False
            raise
        return bool(merged.merged)

    def close(self, number: int, comment: str) -> None:
        """Close an open pull request and say why; one that GitHub closed already stays as it is."""
        pull = self._repository.get_pull(number)
        if pull.state == "open":
            pull.create_issue_comment(comment)
            pull.edit(state="closed")

    @cached_property
    def _repository(self) -> Repository:
        auth = Auth.Token(self.token) if self.token else None
        github = Github(base_url=self.api_url, auth=auth, timeout=TIMEOUT_SECONDS, lazy=True)
        return github.get_repo(self.project)


def _request(pull: PullRequest) -> Request:
    merged = pull.merged_at is not None
    return Request(
        number=pull.number,
        url=pull.html_url,
        state="merged" if merged else "open" if pull.state == "open" else "closed",
        merge_commit=pull.merge_commit_sha if merged else None,
    )
