"""GitHub's JSON: what its OpenAPI description requires of each answer, and little more."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from cdk.local.standins.github.pulls import Comment, PullRequest
from cdk.local.standins.github.repository import Repository

Json = dict[str, Any]
BORN = "2026-01-01T00:00:00Z"

_REPOSITORY_LINKS = (
    *("archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits"),
    *("compare", "contents", "contributors", "deployments", "downloads", "events", "forks"),
    *("git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues"),
    *("keys", "labels", "languages", "merges", "milestones", "notifications", "pulls", "releases"),
    *("stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees"),
)
_USER_LINKS = (
    *("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos"),
    *("events", "received_events"),
)


@dataclass(frozen=True)
class Shapes:
    """Answers about one repository; `url` is the address of this server."""

    url: str
    repository: Repository

    @property
    def _api(self) -> str:
        return f"{self.url}/repos/{self.repository.full_name}"

    def user(self, login: str) -> Json:
        """A simple-user."""
        api = f"{self.url}/users/{login}"
        return {
            **_identity("user", login),
            "login": login,
            "avatar_url": f"{api}/avatar",
            "gravatar_id": None,
            "url": api,
            "html_url": f"{self.url}/{login}",
            "type": "User",
            "site_admin": False,
            **{f"{name}_url": f"{api}/{name}" for name in _USER_LINKS},
        }

    def repo(self) -> Json:
        """A full-repository."""
        name = self.repository.full_name
        page = f"{self.url}/{name}"
        return {
            **_identity("repository", name),
            "name": self.repository.name,
            "full_name": name,
            "owner": self.user(self.repository.owner),
            "private": True,
            "html_url": page,
            "description": None,
            "fork": False,
            "url": self._api,
            **{f"{link}_url": f"{self._api}/{link}" for link in _REPOSITORY_LINKS},
            "clone_url": f"{page}.git",
            "git_url": f"{page}.git",
            "ssh_url": f"git@github.com:{name}.git",
            "svn_url": page,
            "mirror_url": None,
            "homepage": None,
            "language": None,
            "license": None,
            "default_branch": "main",
            **dict.fromkeys(("forks", "forks_count", "open_issues", "open_issues_count"), 0),
            **dict.fromkeys(("stargazers_count", "watchers", "watchers_count", "size"), 0),
            **dict.fromkeys(("network_count", "subscribers_count"), 0),
            **dict.fromkeys(("has_issues", "has_projects", "has_wiki", "has_pages"), False),
            **dict.fromkeys(("has_discussions", "has_downloads", "archived", "disabled"), False),
            **dict.fromkeys(("created_at", "updated_at", "pushed_at"), BORN),
        }

    def pull(self, pull: PullRequest) -> Json:
        """A pull-request, with what GitHub computes on asking for a single one."""
        base = self.repository.branch(pull.base) or pull.base_sha
        added, removed, files = self.repository.numstat(base, pull.head_sha)
        is_clean = self.repository.merged_tree(base, pull.head_sha) is not None
        commits = self.repository.git("rev-list", "--count", f"{base}..{pull.head_sha}")
        state = "draft" if pull.draft else "clean" if is_clean else "dirty"
        return {
            **self.pull_simple(pull),
            "merged": pull.merged_at is not None,
            "mergeable": is_clean if pull.state == "open" else None,
            "mergeable_state": state if pull.state == "open" else "unknown",
            "merged_by": self.user(self.repository.owner) if pull.merged_at else None,
            "additions": added,
            "deletions": removed,
            "changed_files": files,
            "commits": int(commits),
            "comments": len(pull.comments),
            "review_comments": 0,
            "maintainer_can_modify": False,
        }

    def pull_simple(self, pull: PullRequest) -> Json:
        """A pull-request-simple, as lists carry them."""
        url, issue = f"{self._api}/pulls/{pull.number}", f"{self._api}/issues/{pull.number}"
        page = f"{self.url}/{self.repository.full_name}/pull/{pull.number}"
        links = {
            "self": url,
            "html": page,
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{url}/comments",
            "review_comment": f"{self._api}/pulls/comments{{/number}}",
            "commits": f"{url}/commits",
            "statuses": f"{self._api}/statuses/{pull.head_sha}",
        }
        return {
            **_identity("pull", f"{self.repository.full_name}/{pull.number}"),
            **pull.model_dump(exclude={"head", "base", "comments", "head_sha", "base_sha"}),
            "url": url,
            "html_url": page,
            "issue_url": issue,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            **{f"{name}_url": href for name, href in links.items() if name in _PULL_URLS},
            "_links": {name: {"href": href} for name, href in links.items()},
            "head": self._side(pull.head, pull.head_sha),
            "base": self._side(pull.base, pull.base_sha),
            "user": self.user(self.repository.owner),
            **dict.fromkeys(("assignee", "milestone", "auto_merge", "active_lock_reason")),
            **{
                key: [] for key in ("labels", "assignees", "requested_reviewers", "requested_teams")
            },
            "locked": False,
            "author_association": "OWNER",
        }

    def _side(self, branch: str, sha: str) -> Json:
        owner = self.repository.owner
        return {
            "label": f"{owner}:{branch}",
            "ref": branch,
            "sha": sha,
            "user": self.user(owner),
            "repo": self.repo(),
        }

    def comment(self, number: int, comment: Comment) -> Json:
        """An issue-comment."""
        issue = f"{self._api}/issues/{number}"
        return {
            "id": comment.id,
            "node_id": _node_id("comment", str(comment.id)),
            "url": f"{self._api}/issues/comments/{comment.id}",
            "html_url": f"{self.url}/{self.repository.full_name}/pull/{number}#{comment.id}",
            "issue_url": issue,
            "body": comment.body,
            "user": self.user(self.repository.owner),
            "created_at": comment.created_at,
            "updated_at": comment.created_at,
            "author_association": "OWNER",
        }

    def ref(self, ref: str, sha: str) -> Json:
        """A git-ref."""
        return {
            "ref": ref,
            "node_id": _node_id("ref", ref),
            "url": f"{self._api}/git/{ref}",
            "object": {"type": "commit", "sha": sha, "url": f"{self._api}/git/commits/{sha}"},
        }

    def commit(self, sha: str) -> Json:
        """A commit."""
        fields = self.repository.git("show", "-s", f"--format={'%x00'.join(_COMMIT_FIELDS)}", sha)
        tree, parents, *people, message = fields.split("\0")
        author, committer = (
            dict(zip(("name", "email", "date"), person, strict=True))
            for person in (people[:3], people[3:])
        )
        url = f"{self._api}/commits/{sha}"
        page = f"{self.url}/{self.repository.full_name}/commit"
        return {
            "sha": sha,
            "node_id": _node_id("commit", sha),
            "url": url,
            "html_url": f"{page}/{sha}",
            "comments_url": f"{url}/comments",
            "author": self.user(self.repository.owner),
            "committer": self.user(self.repository.owner),
            "commit": {
                "url": f"{self._api}/git/commits/{sha}",
                "author": author,
                "committer": committer,
                "message": message,
                "tree": {"sha": tree, "url": f"{self._api}/git/trees/{tree}"},
                "comment_count": 0,
            },
            "parents": [
                {"sha": parent, "url": f"{self._api}/commits/{parent}"}
                for parent in parents.split()
            ],
        }

    def branch(self, name: str, sha: str) -> Json:
        """A branch-with-protection."""
        url = f"{self._api}/branches/{name}"
        is_protected = self.repository.is_protected(name)
        return {
            "name": name,
            "commit": self.commit(sha),
            "_links": {"self": url, "html": f"{self.url}/{self.repository.full_name}/tree/{name}"},
            "protected": is_protected,
            "protection": {"enabled": is_protected},
            "protection_url": f"{url}/protection",
        }

    def protection(self, branch: str) -> Json:
        """A protected-branch."""
        url = f"{self._api}/branches/{branch}/protection"
        return {"url": url, "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": True}}


_COMMIT_FIELDS = ("%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B")
_PULL_URLS = {"comments", "review_comments", "review_comment", "commits", "statuses"}


def _identity(kind: str, name: str) -> Json:
    number = int.from_bytes(hashlib.sha256(f"{kind} {name}".encode()).digest()[:4], "big")
    return {"id": number, "node_id": _node_id(kind, name)}


def _node_id(kind: str, name: str) -> str:
    return base64.b64encode(f"{kind}:{name}".encode()).decode()
