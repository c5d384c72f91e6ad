"""GitHub's REST calls for branches and pull requests, and git itself, behind one access token."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, NotFound, Unauthorized
from werkzeug.wrappers import Request, Response

from cdk.local.standins.github.git_http import git_http
from cdk.local.standins.github.pulls import PullRequest, PullRequests, Refused
from cdk.local.standins.github.repository import NO_COMMIT, GitRefused, Repository
from cdk.local.standins.github.shapes import Shapes
from cdk.local.standins.serving import View, application, json_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

DOCUMENTATION = "https://docs.github.com/rest"


def github(root: Path, token: str) -> WSGIApplication:
    """Make the stand-in.

    Args:
        root: folder of the bare repositories, `<owner>/<name>.git`.
        token: the one token that may read and write them all.
    """

    def repository_view(act: Callable[..., Response]) -> View:
        def view(request: Request, owner: str, name: str, **variables: Any) -> Response:
            _authorize(request, token)
            repository = Repository(root, owner, name)
            if not repository.path.exists():
                raise NotFound
            shapes = Shapes(request.host_url.rstrip("/"), repository)
            try:
                return act(request, repository, shapes, **variables)
            except Refused as refused:
                return _refusal(refused.status, str(refused))

        return view

    repo = "/repos/<owner>/<name>"
    rest: dict[str, Callable[..., Response]] = {
        f"GET {repo}": lambda _request, _repository, shapes: json_response(shapes.repo()),
        f"GET {repo}/pulls": list_pulls,
        f"POST {repo}/pulls": create_pull,
        f"GET {repo}/pulls/<int:number>": get_pull,
        f"PATCH {repo}/pulls/<int:number>": edit_pull,
        f"PUT {repo}/pulls/<int:number>/merge": merge_pull,
        f"GET {repo}/issues/<int:number>/comments": list_comments,
        f"POST {repo}/issues/<int:number>/comments": create_comment,
        f"GET {repo}/commits/<path:ref>": get_commit,
        f"GET {repo}/branches/<path:branch>": get_branch,
        f"PUT {repo}/branches/<path:branch>/protection": protect_branch,
        f"DELETE {repo}/branches/<path:branch>/protection": unprotect_branch,
        f"GET {repo}/git/ref/<path:ref>": get_ref,
        f"POST {repo}/git/refs": create_ref,
        f"PATCH {repo}/git/refs/<path:ref>": update_ref,
        f"DELETE {repo}/git/refs/<path:ref>": delete_ref,
    }

    def speak_git(request: Request, owner: str, name: str, service: str) -> Response:
        _authorize(request, token)
        repository = Repository(root, owner, name)
        if not repository.path.exists():
            raise NotFound
        answer = git_http(root, request, f"/{owner}/{name}.git/{service}")
        if service == "git-receive-pack":
            PullRequests(repository).after_refs_moved()
        return answer

    git = "/<owner>/<name>.git/<path:service>"
    views = {route: repository_view(act) for route, act in rest.items()}
    return application({**views, f"GET {git}": speak_git, f"POST {git}": speak_git}, _http_error)


def list_pulls(request: Request, repository: Repository, shapes: Shapes) -> Response:
    """Newest first; a `head` without an owner is no filter, as on GitHub."""
    asked = request.args
    pulls = [pull for pull in reversed(PullRequests(repository).all()) if _matches(pull, request)]
    size, page = asked.get("per_page", 30, int), asked.get("page", 1, int)
    rows = pulls[(page - 1) * size : page * size]
    following = f"{request.base_url}?{_query(request, page=page + 1)}"
    headers = [("Link", f'<{following}>; rel="next"')] if page * size < len(pulls) else []
    return json_response([shapes.pull_simple(pull) for pull in rows], headers=headers)


def create_pull(request: Request, repository: Repository, shapes: Shapes) -> Response:
    """Open a pull request: 201."""
    asked = request.get_json()
    pull = PullRequests(repository).create(
        title=asked["title"],
        body=asked.get("body"),
        head=asked["head"],
        base=asked["base"],
        draft=asked.get("draft", False),
    )
    return json_response(shapes.pull(pull), 201)


def get_pull(_: Request, repository: Repository, shapes: Shapes, number: int) -> Response:
    """One pull request."""
    return json_response(shapes.pull(PullRequests(repository).get(number)))


def edit_pull(request: Request, repository: Repository, shapes: Shapes, number: int) -> Response:
    """Change its words, close it or open it again."""
    pulls = PullRequests(repository)
    asked, pull = request.get_json(), pulls.get(number)
    pull.title, pull.body = asked.get("title", pull.title), asked.get("body", pull.body)
    pull.base = asked.get("base", pull.base)
    if asked.get("state") == "closed" and pull.state == "open":
        pull.close()
    elif asked.get("state") == "open" and pull.state == "closed":
        if pull.merged_at or repository.branch(pull.head) is None:
            raise Refused(422, "Validation Failed: state cannot be changed.")
        pull.state, pull.closed_at = "open", None
    return json_response(shapes.pull(pulls.save(pull)))


def merge_pull(request: Request, repository: Repository, _: Shapes, number: int) -> Response:
    """Merge it, if `sha` is still its head."""
    asked = request.get_json()
    commit = PullRequests(repository).merge(
        number,
        sha=asked.get("sha"),
        method=asked.get("merge_method", "merge"),
        title=asked.get("commit_title", ""),
        message=asked.get("commit_message", ""),
    )
    message = "Pull Request successfully merged"
    return json_response({"sha": commit, "merged": True, "message": message})


def list_comments(_: Request, repository: Repository, shapes: Shapes, number: int) -> Response:
    """The conversation, oldest first."""
    comments = PullRequests(repository).get(number).comments
    return json_response([shapes.comment(number, comment) for comment in comments])


def create_comment(
    request: Request, repository: Repository, shapes: Shapes, number: int
) -> Response:
    """Add to the conversation: 201."""
    comment = PullRequests(repository).comment(number, request.get_json()["body"])
    return json_response(shapes.comment(number, comment), 201)


def get_commit(_: Request, repository: Repository, shapes: Shapes, ref: str) -> Response:
    """A commit by SHA or branch."""
    sha = repository.branch(ref) or repository.resolve(ref)
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {ref}")
    return json_response(shapes.commit(sha))


def get_branch(_: Request, repository: Repository, shapes: Shapes, branch: str) -> Response:
    """A branch with its commit."""
    return json_response(shapes.branch(branch, _existing(repository, f"heads/{branch}")))


def protect_branch(_: Request, repository: Repository, shapes: Shapes, branch: str) -> Response:
    """Refuse pushes to the branch from now on, whatever else the rule says."""
    _existing(repository, f"heads/{branch}")
    repository.protect(branch, on=True)
    return json_response(shapes.protection(branch))


def unprotect_branch(_: Request, repository: Repository, __: Shapes, branch: str) -> Response:
    """Take pushes again: 204."""
    repository.protect(branch, on=False)
    return Response(status=204)


def get_ref(_: Request, repository: Repository, shapes: Shapes, ref: str) -> Response:
    """A ref with its commit."""
    return json_response(shapes.ref(f"refs/{ref}", _existing(repository, ref)))


def create_ref(request: Request, repository: Repository, shapes: Shapes) -> Response:
    """Make a ref that does not exist: 201."""
    ref, sha = request.get_json()["ref"], request.get_json()["sha"]
    try:
        repository.set_ref(ref, sha, old=NO_COMMIT)
    except GitRefused as refusal:
        raise Refused(422, "Reference already exists") from refusal
    return json_response(shapes.ref(ref, sha), 201)


def update_ref(request: Request, repository: Repository, shapes: Shapes, ref: str) -> Response:
    """Move a ref; anywhere but forward only with `force`."""
    old, asked = _existing(repository, ref), request.get_json()
    if not asked.get("force", False) and not repository.is_ancestor(old, asked["sha"]):
        raise Refused(422, "Update is not a fast forward")
    repository.set_ref(f"refs/{ref}", asked["sha"], old=old)
    PullRequests(repository).after_refs_moved()
    return json_response(shapes.ref(f"refs/{ref}", asked["sha"]))


def delete_ref(_: Request, repository: Repository, __: Shapes, ref: str) -> Response:
    """Remove a ref: 204."""
    if repository.resolve(f"refs/{ref}") is None:
        raise Refused(422, "Reference does not exist")
    repository.delete_ref(f"refs/{ref}")
    PullRequests(repository).after_refs_moved()
    return Response(status=204)


def _existing(repository: Repository, ref: str) -> str:
    sha = repository.resolve(f"refs/{ref}")
    if sha is None:
        raise Refused(404, "Not Found")
    return sha


def _matches(pull: PullRequest, request: Request) -> bool:
    asked = request.args
    state, base = asked.get("state", "open"), asked.get("base")
    _, colon, head = asked.get("head", "").partition(":")
    return (
        state in ("all", pull.state)
        and base in (None, pull.base)
        and (not colon or head == pull.head)
    )


def _query(request: Request, **changes: Any) -> str:
    return urlencode({**request.args, **changes})


def _authorize(request: Request, token: str) -> None:
    """`Bearer` and `token` for the REST calls; Basic, with any user name, for git."""
    said = request.authorization
    given = (said.password if said.type == "basic" else said.token) if said else None
    if not hmac.compare_digest(given or "", token):
        raise Unauthorized(www_authenticate=None)


def _http_error(error: HTTPException) -> Response:
    if error.code == 401:
        refusal = _refusal(401, "Bad credentials")
        refusal.headers["WWW-Authenticate"] = 'Basic realm="GitHub"'
        return refusal
    return _refusal(error.code or 500, error.name)


def _refusal(status: int, message: str) -> Response:
    body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
    return json_response(body, status)
