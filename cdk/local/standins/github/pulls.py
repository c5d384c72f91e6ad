"""Pull requests: kept as JSON beside the repository, moved by REST calls and by pushes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field

from cdk.local.standins.github.repository import GitRefused, Repository

MergeMethod = Literal["merge", "squash", "rebase"]


def now() -> str:
    """The time in GitHub's form: UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Refused(Exception):
    """A call that GitHub would refuse: the status and its words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Comment(BaseModel):
    """A comment on a pull request's conversation."""

    id: int
    body: str
    created_at: str = Field(default_factory=now)


class PullRequest(BaseModel):
    """One pull request; `head` and `base` are names of branches of the same repository."""

    number: int
    title: str
    body: str | None
    head: str
    base: str
    draft: bool
    head_sha: str
    base_sha: str
    state: Literal["open", "closed"] = "open"
    created_at: str = Field(default_factory=now)
    updated_at: str = Field(default_factory=now)
    closed_at: str | None = None
    merged_at: str | None = None
    merge_commit_sha: str | None = None
    comments: list[Comment] = []

    def close(self) -> None:
        """Close without merging."""
        self.state, self.closed_at = "closed", now()

    def merged_as(self, commit: str) -> None:
        """Close as merged by a commit of the base branch."""
        self.close()
        self.merged_at, self.merge_commit_sha = self.closed_at, commit


class _File(BaseModel):
    pulls: list[PullRequest] = []


class PullRequests:
    """The pull requests of one repository. One process writes them."""

    _lock = threading.RLock()

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._path = repository.path / "pulls.json"

    def all(self) -> list[PullRequest]:
        """Every pull request, oldest first."""
        return (
            _File.model_validate_json(self._path.read_text()).pulls if self._path.exists() else []
        )

    def get(self, number: int) -> PullRequest:
        """One pull request.

        Raises:
            Refused: 404.
        """
        for pull in self.all():
            if pull.number == number:
                return pull
        raise Refused(404, "Not Found")

    def create(
        self, title: str, body: str | None, head: str, base: str, draft: bool
    ) -> PullRequest:
        """Open a pull request.

        Raises:
            Refused: 422: no such branch, nothing to merge, or there is one already.
        """
        head = head.removeprefix(f"{self.repository.owner}:")
        head_sha, base_sha = self.repository.branch(head), self.repository.branch(base)
        if head_sha is None or base_sha is None:
            missing = "head" if head_sha is None else "base"
            raise Refused(422, f"Validation Failed: {missing} is invalid")
        if self.repository.is_ancestor(head_sha, base_sha):
            raise Refused(422, f"Validation Failed: No commits between {base} and {head}")
        with self._lock:
            pulls = self.all()
            if any((p.state, p.head, p.base) == ("open", head, base) for p in pulls):
                owned = f"{self.repository.owner}:{head}"
                raise Refused(422, f"A pull request already exists for {owned}.")
            pull = PullRequest(
                number=len(pulls) + 1,
                **{"title": title, "body": body, "head": head, "base": base, "draft": draft},
                head_sha=head_sha,
                base_sha=base_sha,
            )
            self._write([*pulls, pull])
        return pull

    def save(self, pull: PullRequest) -> PullRequest:
        """Keep a changed pull request."""
        pull.updated_at = now()
        with self._lock:
            self._write([pull if p.number == pull.number else p for p in self.all()])
        return pull

    def comment(self, number: int, body: str) -> Comment:
        """Add a comment to the conversation."""
        with self._lock:
            pull = self.get(number)
            comment = Comment(id=number * 1000 + len(pull.comments) + 1, body=body)
            pull.comments.append(comment)
            self.save(pull)
        return comment

    def merge(
        self, number: int, sha: str | None, method: MergeMethod, title: str, message: str
    ) -> str:
        """Merge and return the new commit of the base branch.

        Args:
            number: of the pull request.
            sha: what the head must be, if given.
            method: a merge commit, one squashed commit, or the commits replayed.
            title: first line of the merge or squash commit; "" for GitHub's own.
            message: its body.

        Raises:
            Refused: 405 not mergeable, 409 the head is another commit.
        """
        with self._lock:
            pull = self.get(number)
            if pull.state == "closed":
                raise Refused(405, "Pull Request is not mergeable")
            if pull.draft:
                raise Refused(405, "Pull Request is still a draft")
            if sha and sha != pull.head_sha:
                raise Refused(409, "Head branch was modified. Review and try the merge again.")
            commit = self._merge_commit(pull, method, title, message)
            pull.merged_as(commit)
            self.save(pull)
        return commit

    def _merge_commit(
        self, pull: PullRequest, method: MergeMethod, title: str, message: str
    ) -> str:
        repository = self.repository
        base, head = repository.branch(pull.base), pull.head_sha
        tree = repository.merged_tree(base, head) if base else None
        if base is None or tree is None:
            raise Refused(405, "Pull Request is not mergeable")
        try:
            if method == "rebase":
                commit = repository.replay(base, head)
            else:
                title = title or (
                    f"{pull.title} (#{pull.number})"
                    if method == "squash"
                    else f"Merge pull request #{pull.number} from {repository.owner}/{pull.head}"
                )
                parents = [base] if method == "squash" else [base, head]
                commit = repository.commit(tree, parents, f"{title}\n\n{message}".strip())
            repository.set_ref(f"refs/heads/{pull.base}", commit, old=base)
        except GitRefused as refusal:
            raise Refused(405, "Pull Request is not mergeable") from refusal
        return commit

    def after_refs_moved(self) -> None:
        """Do what GitHub does after a push.

        An open pull request follows its branch; it is closed when the branch goes, and it is
        merged when its commits arrive on the base branch by another way.
        """
        with self._lock:
            for pull in self.all():
                if pull.state == "open":
                    before = pull.model_copy()
                    self._follow(pull)
                    if pull != before:
                        self.save(pull)

    def _follow(self, pull: PullRequest) -> None:
        head = self.repository.branch(pull.head)
        pull.head_sha = head or pull.head_sha
        base = self.repository.branch(pull.base)
        if base and self.repository.is_ancestor(pull.head_sha, base):
            pull.merged_as(pull.head_sha)
        elif head is None:
            pull.close()

    def _write(self, pulls: list[PullRequest]) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(_File(pulls=pulls).model_dump_json(indent=1))
        new.replace(self._path)
