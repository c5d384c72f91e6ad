"""The many ways in which people write a repository, and the one in which we do."""

import re

from contracts.http import Problem

_GITHUB = re.compile(
    r"(?:https://github\.com/|ssh://git@github\.com/|git@github\.com:)?"
    r"(?P<org>[A-Za-z0-9][A-Za-z0-9-]{0,38})/"
    r"(?P<project>[A-Za-z0-9_][A-Za-z0-9._-]{0,99}?)"
    r"(?:\.git)?/?"
)


def ssh_address(written: str) -> str:
    """A GitHub repository as `git@github.com:org/project.git`.

    Args:
        written: `org/project`, the https or ssh URL, or the address itself.

    Raises:
        Problem: 400 if it is none of these.
    """
    match = _GITHUB.fullmatch(written.strip())
    if match is None:
        raise Problem(
            400, "bad-repo", "repo must name a GitHub repository: write it as org/project."
        )
    return f"git@github.com:{match['org']}/{match['project']}.git"
