"""The GitHub stand-in, spoken to by PyGithub and git, held against GitHub's own description."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository as GithubRepository
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from werkzeug.wrappers import Request, Response

from cdk.local.standins.github.repository import Repository
from cdk.local.standins.github.rest import github

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TOKEN = "a-token-of-tests"
DESCRIPTION = (
    Path(__file__).parents[3] / "node_modules/@octokit/openapi/generated/api.github.com.deref.json"
)


@cache
def described() -> dict[str, Any]:
    paths: dict[str, Any] = json.loads(DESCRIPTION.read_bytes())["paths"]
    return {path: paths[path] for path in paths if path.startswith("/repos/{owner}/{repo}")}


def operation(method: str, path: str) -> dict[str, Any]:
    """GitHub's description of a call; the template with the most literal text fits best."""
    fits = [
        template
        for template, methods in described().items()
        if method in methods and re.fullmatch(_pattern(template), path)
    ]
    assert fits, f"GitHub has no {method.upper()} {path}"
    found: dict[str, Any] = described()[min(fits, key=lambda t: t.count("{"))][method]
    return found


def _pattern(template: str) -> str:
    one = re.sub(r"\{(?!ref|branch)\w+\}", "[^/]+", template)
    return re.sub(r"\{\w+\}", ".+", one)


@dataclass
class Witness:
    """Sees every REST exchange and holds both halves against the description."""

    app: WSGIApplication
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].startswith("/repos/"):
            return self.app(environ, start_response)
        request = Request(environ)
        body = request.get_data()
        response = Response.from_app(self.app, environ | {"wsgi.input": io.BytesIO(body)})
        self._hold(request, body, response)
        return response(environ, start_response)

    def _hold(self, request: Request, body: bytes, response: Response) -> None:
        call = operation(request.method.lower(), request.path)
        self.seen.add(call["operationId"])
        asks = call.get("requestBody", {}).get("content", {}).get("application/json", {})
        if asks and body:
            self._validate(OAS30WriteValidator, asks["schema"], json.loads(body), call)
        answer = call["responses"].get(str(response.status_code))
        if answer is None:
            self.wrong.append(f"{call['operationId']} never answers {response.status_code}")
        elif "content" in answer:
            [tells, *_] = answer["content"].values()
            self._validate(OAS30ReadValidator, tells["schema"], response.json, call)

    def _validate(self, validator: Any, schema: Any, value: Any, call: dict[str, Any]) -> None:
        for error in validator(schema).iter_errors(value):
            self.wrong.append(f"{call['operationId']}: {error.json_path}: {error.message[:200]}")


@dataclass
class Remote:
    """A served repository with one commit on main, and a clone of it."""

    url: str
    witness: Witness
    clone: Path
    github: GithubRepository

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ("git", "-C", str(self.clone), *arguments), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, file: str, text: str, branch: str = "main") -> str:
        """Commit one file on a branch, made from main if it is new, and push it."""
        known = self.git("branch", "--list", branch)
        self.git("checkout", "--quiet", *([branch] if known else ["-b", branch, "main"]))
        (self.clone / file).write_text(text)
        self.git("add", file)
        self.git("commit", "--quiet", "-m", f"change {file}")
        self.git("push", "--quiet", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def pull(self, branch: str = "topic", **more: Any) -> PullRequest:
        return self.github.create_pull(base="main", head=branch, title="A title", body="b", **more)

    def branch(self, name: str = "main") -> str:
        return self.github.get_branch(name).commit.sha

    def protect_main(self) -> None:
        """By hand: PyGithub's own request lacks what GitHub's description requires."""
        keys = ("required_status_checks", "required_pull_request_reviews", "restrictions")
        requests.put(
            f"{self.url}/repos/sayso/wordcount/branches/main/protection",
            json={"enforce_admins": True, **dict.fromkeys(keys)},
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=5,
        ).raise_for_status()


@pytest.fixture
def remote(tmp_path: Path, serve: Callable[[Any], str]) -> Remote:
    Repository(tmp_path / "github", "sayso", "wordcount").create()
    witness = Witness(github(tmp_path / "github", TOKEN))
    url = serve(witness)
    clone = tmp_path / "clone"
    subprocess.run(("git", "init", "--quiet", "-b", "main", str(clone)), check=True)
    remote = Remote(url, witness, clone, client(url).get_repo("sayso/wordcount"))
    with_token = url.replace("://", f"://x-access-token:{TOKEN}@")
    remote.git("remote", "add", "origin", f"{with_token}/sayso/wordcount.git")
    for key, value in {"user.name": "Ada", "user.email": "ada@example.com"}.items():
        remote.git("config", key, value)
    remote.git("commit", "--quiet", "--allow-empty", "-m", "start")
    remote.commit("README.md", "# words\n")
    return remote


def client(url: str, token: str = TOKEN) -> Github:
    return Github(base_url=url, auth=Auth.Token(token), retry=None, seconds_between_writes=0)


def test_a_pull_request_from_opening_to_merging_is_as_github_describes_it(remote: Remote) -> None:
    head = remote.commit("a.txt", "a\n", "topic")
    pull = remote.pull(draft=False)
    assert (pull.state, pull.merged, pull.head.sha, pull.additions) == ("open", False, head, 1)
    assert pull.html_url == f"{remote.url}/sayso/wordcount/pull/1"
    pull.create_issue_comment("Looks right.")
    assert [comment.body for comment in pull.get_issue_comments()] == ["Looks right."]
    pull.edit(title="Another title", body="more")
    assert remote.github.get_pull(1).title == "Another title"
    assert [p.number for p in remote.github.get_pulls(state="open", head="sayso:topic")] == [1]
    assert list(remote.github.get_pulls(state="open", head="sayso:other")) == []

    merged = pull.merge(sha=head, merge_method="merge")

    assert merged.merged
    assert remote.branch() == merged.sha
    assert [p.sha for p in remote.github.get_commit(merged.sha).parents][1] == head
    pull = remote.github.get_pull(1)
    assert (pull.state, pull.merged, pull.merge_commit_sha) == ("closed", True, merged.sha)
    assert remote.witness.wrong == []
    assert {"pulls/create", "pulls/merge", "pulls/list", "repos/get"} <= remote.witness.seen


def test_refs_and_protection_are_as_github_describes_them(remote: Remote) -> None:
    sha = remote.branch()
    ref = remote.github.create_git_ref("refs/heads/other", sha)
    assert remote.github.get_git_ref("heads/other").object.sha == sha
    new = remote.commit("b.txt", "b\n")
    ref.edit(new)
    ref.edit(sha, force=True)
    ref.delete()
    with pytest.raises(GithubException) as gone:
        remote.github.get_git_ref("heads/other")
    assert gone.value.status == 404
    remote.protect_main()
    assert remote.github.get_branch("main").protected
    remote.github.get_branch("main").remove_protection()
    assert not remote.github.get_branch("main").protected
    assert remote.witness.wrong == []


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_each_way_of_merging_brings_the_change(remote: Remote, method: str) -> None:
    remote.commit("a.txt", "a\n", "topic")
    remote.commit("a.txt", "a\nb\n", "topic")
    before = remote.commit("elsewhere.txt", "e\n")
    remote.pull().merge(merge_method=method)
    remote.git("fetch", "--quiet", "origin")
    assert remote.git("show", "origin/main:a.txt") == "a\nb"
    assert remote.git("show", "origin/main:elsewhere.txt") == "e"
    parents = remote.git("show", "-s", "--format=%P", "origin/main").split()
    assert len(parents) == (2 if method == "merge" else 1)
    assert (
        int(remote.git("rev-list", "--count", f"{before}..origin/main"))
        == {
            "merge": 3,
            "squash": 1,
            "rebase": 2,
        }[method]
    )


def test_a_merge_is_refused_when_the_head_is_another_commit(remote: Remote) -> None:
    old = remote.commit("a.txt", "a\n", "topic")
    pull = remote.pull()
    remote.commit("a.txt", "changed\n", "topic")
    with pytest.raises(GithubException) as refused:
        pull.merge(sha=old)
    assert refused.value.status == 409
    assert not remote.github.get_pull(1).merged
    assert remote.witness.wrong == []


def test_what_conflicts_is_not_merged(remote: Remote) -> None:
    remote.commit("README.md", "# topic\n", "topic")
    before = remote.commit("README.md", "# main\n")
    pull = remote.pull()
    assert remote.github.get_pull(1).mergeable is False
    with pytest.raises(GithubException) as refused:
        pull.merge()
    assert refused.value.status == 405
    assert remote.branch() == before


def test_a_draft_is_not_merged(remote: Remote) -> None:
    remote.commit("a.txt", "a\n", "topic")
    pull = remote.pull(draft=True)
    assert pull.draft
    with pytest.raises(GithubException, match="draft"):
        pull.merge()


def test_one_open_pull_request_for_a_branch(remote: Remote) -> None:
    remote.commit("a.txt", "a\n", "topic")
    remote.pull()
    with pytest.raises(GithubException, match="already exists") as refused:
        remote.pull()
    assert refused.value.status == 422
    with pytest.raises(GithubException, match="No commits between"):
        remote.pull("main")


def test_pushing_the_commits_to_main_merges_the_pull_request(remote: Remote) -> None:
    head = remote.commit("a.txt", "a\n", "topic")
    remote.pull()
    remote.git("push", "--quiet", "origin", f"{head}:refs/heads/main")
    pull = remote.github.get_pull(1)
    assert (pull.state, pull.merged, pull.merge_commit_sha) == ("closed", True, head)


def test_deleting_the_branch_closes_the_pull_request(remote: Remote) -> None:
    remote.commit("a.txt", "a\n", "topic")
    remote.pull()
    remote.git("push", "--quiet", "origin", ":topic")
    pull = remote.github.get_pull(1)
    assert (pull.state, pull.merged) == ("closed", False)
    assert remote.witness.wrong == []


def test_a_protected_branch_takes_no_push_but_a_merge(remote: Remote) -> None:
    remote.commit("a.txt", "a\n", "topic")
    pull = remote.pull()
    remote.protect_main()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        remote.git("push", "origin", "topic:main")
    assert "GH006: Protected branch update failed for refs/heads/main" in refused.value.stderr
    assert pull.merge().merged


def test_an_atomic_push_with_a_lease_succeeds_once(remote: Remote) -> None:
    head = remote.commit("a.txt", "a\n", "topic")
    push = ("push", "--atomic", "--force-with-lease=refs/sayso/job:", "origin")
    refs = (f"{head}:refs/heads/main", f"{head}:refs/sayso/job")
    remote.git(*push, *refs)
    assert head in remote.git("ls-remote", "origin", "refs/sayso/job")
    other = remote.commit("b.txt", "b\n", "second")
    with pytest.raises(subprocess.CalledProcessError):
        remote.git(*push, f"{other}:refs/heads/main", f"{other}:refs/sayso/job")
    assert remote.branch() == head


def test_pull_requests_outlive_the_server(
    remote: Remote, tmp_path: Path, serve: Callable[[Any], str]
) -> None:
    remote.commit("a.txt", "a\n", "topic")
    remote.pull()
    again = client(serve(github(tmp_path / "github", TOKEN)))
    assert again.get_repo("sayso/wordcount").get_pull(1).title == "A title"


def test_a_wrong_token_opens_nothing(remote: Remote) -> None:
    with pytest.raises(GithubException) as refused:
        client(remote.url, "wrong").get_repo("sayso/wordcount")
    assert refused.value.status == 401
    refs = f"{remote.url}/sayso/wordcount.git/info/refs?service=git-upload-pack"
    assert requests.get(refs, timeout=5).status_code == 401
    assert requests.get(refs, auth=("x", "wrong"), timeout=5).status_code == 401
    assert requests.get(refs, auth=("x", TOKEN), timeout=5).status_code == 200


def test_an_unknown_repository_is_not_found(remote: Remote) -> None:
    with pytest.raises(GithubException) as refused:
        client(remote.url).get_repo("sayso/nothing")
    assert refused.value.status == 404
    url = f"{remote.url}/sayso/nothing.git/info/refs?service=git-upload-pack"
    assert requests.get(url, auth=("x", TOKEN), timeout=5).status_code == 404


def test_large_pushes_arrive_in_chunks(remote: Remote) -> None:
    remote.git("config", "http.postBuffer", "65536")
    remote.commit("big.txt", "\n".join(str(n * 7919) for n in range(60_000)))
    assert remote.branch() == remote.git("rev-parse", "HEAD")
