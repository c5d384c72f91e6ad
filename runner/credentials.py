"""What a runner shows GitHub: a personal access token, or one of a GitHub App's installation.

A token is asked for each time that it is used. It lives in this process and in the environment of
the one git command that needs it: never in a URL, an argument list, a log or a box. Nothing is
assumed about its length or form.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from github import Auth, GithubException, GithubIntegration, RateLimitExceededException
from github.InstallationAuthorization import InstallationAuthorization
from github.Requester import Requester

from runner.failure import Failure

T = TypeVar("T")

TIMEOUT_SECONDS = 20
KEPT_SECONDS = 300
"""How long a personal access token is taken for the same; after that it is read again."""
EARLY_SECONDS = 300
"""How long before its end a token is renewed: longer than any one command may take."""

_NEEDED = ("contents", "pull_requests", "workflows")
"""What an installation token may write, if the App was given that; all else is left out."""


class Unauthorized(Exception):
    """GitHub does not know a token, or no longer."""


@dataclass(frozen=True)
class Token:
    """What is shown to GitHub, and how long it may be."""

    value: str = field(repr=False)
    good_until: float
    """Seconds since 1970."""


class Credentials:
    """Tokens by repository, each kept as long as it is good."""

    def __init__(self, issue: Callable[[str], Token], now: Callable[[], float] = time.time) -> None:
        """`issue` gets a new token for `org/project`."""
        self._issue = issue
        self._now = now
        self._known: dict[str, Token] = {}
        self._lock = threading.Lock()

    def token(self, project: str, refused: str | None = None) -> str:
        """A token for `org/project`; not the one that was refused, if there is another.

        Raises:
            Failure: `app_not_installed`, `credential_refused`.
            GithubException: GitHub gives none now.
        """
        with self._lock:
            known = self._known.get(project)
            if known is None or known.value == refused or known.good_until <= self._now():
                known = self._known[project] = self._issue(project)
            return known.value


@dataclass(frozen=True)
class Access:
    """The right to one repository, `org/project`."""

    credentials: Credentials
    project: str

    @classmethod
    def fixed(cls, token: str) -> "Access":
        """By a token that never changes."""
        return cls(Credentials(lambda _: Token(token, float("inf"))), "")

    def use(self, act: Callable[[str], T]) -> T:
        """Do something with a token; once more with a fresh one if that is refused.

        Args:
            act: takes the token, and raises `Unauthorized` where GitHub does not take it.

        Raises:
            Failure: `credential_refused`; what `Credentials.token` raises.
        """
        token = self.credentials.token(self.project)
        try:
            return act(token)
        except Unauthorized:
            fresh = self.credentials.token(self.project, refused=token)
        try:
            return act(fresh)
        except Unauthorized as refused:
            raise _refused() from refused


def personal(read: Callable[[], str], now: Callable[[], float] = time.time) -> Credentials:
    """One token for all repositories, read anew every few minutes, and when it is refused."""
    return Credentials(lambda _: Token(read().strip(), now() + KEPT_SECONDS), now)


@dataclass(frozen=True)
class GitHubApp:
    """Exchanges an App's key for installation tokens, each for one repository.

    https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
    """

    api_url: str
    auth: Auth.AppAuth

    @classmethod
    def of(cls, api_url: str, app_id: str, private_key: str) -> "GitHubApp":
        """The App of this id; its key is PEM, its line ends may be escaped.

        Raises:
            ValueError: that is no private key.
        """
        auth = Auth.AppAuth(app_id, private_key.replace("\\n", "\n"))
        try:
            auth.create_jwt()
        except Exception as broken:
            # Whatever the key's reader did not like, the key is what has to be replaced; its
            # text must not get into a log.
            raise ValueError("GITHUB_APP_PRIVATE_KEY is no private key in PEM") from broken
        return cls(api_url, auth)

    def issue(self, project: str) -> Token:
        """A token that may write this repository's contents and pull requests, and no other's.

        Raises:
            Failure: `app_not_installed`, `credential_refused`.
            GithubException: anything else; trying again may help.
        """
        with GithubIntegration(
            auth=self.auth, base_url=self.api_url, timeout=TIMEOUT_SECONDS, retry=None, lazy=True
        ) as github:
            try:
                issued = _exchange(github.requester, *project.split("/"))
            except RateLimitExceededException:
                raise
            except GithubException as refused:
                if refused.status == 401:
                    raise _refused() from refused
                if refused.status in (403, 404):
                    raise Failure(
                        "app_not_installed",
                        "Sayso's GitHub App is not installed on this repository; install it there.",
                    ) from refused
                raise
        return Token(issued.token, issued.expires_at.timestamp() - EARLY_SECONDS)


def _exchange(github: Requester, owner: str, name: str) -> InstallationAuthorization:
    """By REST: PyGithub's own call can't restrict a token to one repository."""
    _, found = github.requestJsonAndCheck("GET", f"/repos/{owner}/{name}/installation")
    installation = cast("dict[str, Any]", found)
    granted = installation["permissions"]
    wanted = {name: "write" for name in _NEEDED if granted.get(name) == "write"}
    headers, issued = github.requestJsonAndCheck(
        "POST",
        f"/app/installations/{installation['id']}/access_tokens",
        input={"repositories": [name], "permissions": wanted},
    )
    return InstallationAuthorization(github, headers, cast("dict[str, Any]", issued))


def _refused() -> Failure:
    return Failure(
        "credential_refused", "GitHub does not accept Sayso's credential; give it a new one."
    )
