"""git on one bare mirror, with everything that a repository could switch on switched off."""

import base64
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from runner.credentials import Access, Unauthorized
from runner.deadline import Deadline

LONGEST_CALL_SECONDS = 120

# Wins over every .gitattributes of a repository: no filters, no line-end conversion, no drivers,
# and no file that hides itself from a diff.
ATTRIBUTES = "* -text !eol !working-tree-encoding !filter !ident !diff !merge\n"

_CONFIG = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "diff.renames": "true",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.followRedirects": "false",
}

# What git and curl say where a server or the way to it has a bad moment. git adds that the remote
# hung up to other errors too, for example a 403: so that alone is no sign.
_PASSING = re.compile(
    r"returned error: (429|5\d\d)|rpc failed; (http (429|5\d\d)|curl (6|7|18|28|35|52|55|56|92)\b)"
    r"|connection (was )?(reset|refused|timed out)|operation timed out|could ?n.t connect"
    r"|failed to connect|could not resolve host|empty reply|early eof|rate limit"
    r"|internal server error|unexpected disconnect while reading",
    re.IGNORECASE,
)
_UNAUTHORIZED = re.compile(
    r"authentication failed|could not read (username|password)|returned error: 401", re.IGNORECASE
)
# What git says of a repository of ours whose files are not what they were; each was seen.
_BROKEN = re.compile(
    r"cannot lock ref|is corrupt|bad object|not a git repository: '|unpack-objects failed"
    r"|did not send all necessary objects",
    re.IGNORECASE,
)

T = TypeVar("T")


class GitFailed(Exception):
    """A git command ended with an error."""

    def __init__(self, command: str, status: int, said: str) -> None:
        """`command` failed with this exit status and said this on standard error."""
        super().__init__(f"git {command}: exit status {status}: {said.strip()[-1000:]}")
        self.status = status
        self.said = said

    @property
    def is_passing(self) -> bool:
        """Whether the same may work a little later: the remote is busy, broken or out of reach."""
        return _PASSING.search(self.said) is not None

    @property
    def is_broken_here(self) -> bool:
        """Whether it is our own repository that is broken, and not the way to the remote."""
        return not self.is_passing and _BROKEN.search(self.said) is not None

    @property
    def is_unauthorized(self) -> bool:
        """Whether the remote does not know the credential."""
        return _UNAUTHORIZED.search(self.said) is not None


@dataclass(frozen=True)
class Remote:
    """Where a repository is, and the right to it."""

    url: str
    access: Access | None = None
    """None: it asks nobody."""

    def use(self, act: Callable[[Mapping[str, str]], T]) -> T:
        """Talk to the remote, with the settings that git needs for that.

        The token goes to git as configuration in the environment: never in a URL, where logs
        show it, nor in an argument, where `ps` does.

        Raises:
            Failure: `credential_refused`, `app_not_installed`.
        """
        if self.access is None or not self.url.startswith("http"):
            return act({})
        return self.access.use(lambda token: act(self._config(token)))

    def _config(self, token: str) -> dict[str, str]:
        if not token:
            return {}
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        return {f"http.{self.url}.extraHeader": f"Authorization: Basic {basic}"}


@dataclass(frozen=True)
class Git:
    """Runs git commands on one git directory."""

    git_dir: Path
    remote: Remote
    deadline: Deadline

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        index: Path | None = None,
        work_tree: Path | None = None,
        author: tuple[str, str] | None = None,
        online: bool = False,
        largest_piece: int | None = None,
        umask: int = 0o022,
    ) -> bytes:
        """Run one command and return what it printed.

        Args:
            args: the command and its arguments.
            stdin: what it reads.
            index: a private index file.
            work_tree: the folder whose files are meant.
            author: name and address of author and committer.
            online: whether it talks to the remote, and may see the token.
            largest_piece: bytes of memory that git may ask for at once.
            umask: which permissions the files that it writes lack.

        Raises:
            GitFailed: the exit status was not 0.
            Failure: `timed_out`.
        """
        environment = self._environment()
        if index:
            environment["GIT_INDEX_FILE"] = str(index)
        if work_tree:
            environment["GIT_WORK_TREE"] = str(work_tree)
        if largest_piece:
            environment["GIT_ALLOC_LIMIT"] = str(largest_piece)
        if author:
            for role in ("AUTHOR", "COMMITTER"):
                environment[f"GIT_{role}_NAME"], environment[f"GIT_{role}_EMAIL"] = author
        cwd = str(work_tree or "/")
        if not online:
            return self._call(args, stdin, cwd, environment | _numbered(_CONFIG), umask)
        return self.remote.use(
            lambda config: self._call_online(args, stdin, cwd, environment, config)
        )

    def line(self, *args: str, stdin: bytes = b"", author: tuple[str, str] | None = None) -> str:
        """Run one command that prints one line, for example the name of an object."""
        return _text(self.run(*args, stdin=stdin, author=author)).strip()

    def resolve(self, ref: str) -> str | None:
        """The commit that a ref names, or None."""
        try:
            return self.line("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        except GitFailed:
            return None

    def _call_online(
        self,
        args: Sequence[str],
        stdin: bytes,
        cwd: str,
        environment: Mapping[str, str],
        config: Mapping[str, str],
    ) -> bytes:
        try:
            return self._call(args, stdin, cwd, {**environment, **_numbered(_CONFIG | {**config})})
        except GitFailed as failed:
            if config and failed.is_unauthorized:
                raise Unauthorized(failed.said) from failed
            raise

    def _call(
        self,
        args: Sequence[str],
        stdin: bytes,
        cwd: str,
        environment: Mapping[str, str],
        umask: int = 0o022,
    ) -> bytes:
        timeout = self.deadline.remaining(at_most=LONGEST_CALL_SECONDS)
        try:
            done = subprocess.run(
                ["git", *args],
                input=stdin,
                capture_output=True,
                env=environment,
                cwd=cwd,
                timeout=timeout,
                umask=umask,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            self.deadline.check()
            raise GitFailed(args[0], -1, f"took longer than {timeout:.0f} s") from slow
        if done.returncode:
            raise GitFailed(args[0], done.returncode, _text(done.stderr + done.stdout))
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            "GIT_DIR": str(self.git_dir),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": self.remote.url.partition("://")[0],
        }


def _numbered(config: Mapping[str, str]) -> dict[str, str]:
    """Configuration as git takes it from the environment."""
    numbered = {"GIT_CONFIG_COUNT": str(len(config))}
    for number, (key, value) in enumerate(config.items()):
        numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return numbered


def _text(output: bytes) -> str:
    return output.decode("utf-8", "backslashreplace")
