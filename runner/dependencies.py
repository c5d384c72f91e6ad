"""What a project says that its tests depend on, read from its files. No I/O."""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

LOCKS = ("uv.lock", "pylock.toml")

_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
_FILES = (*_PROJECT, "*requirements*.txt", "*constraints*.txt", *LOCKS)
_INSTALLED = re.compile(r"(?:(?:dev|tests?)[-_])?requirements(?:[-_](?:dev|tests?|testing))?\.txt")
_GROUPS = frozenset({"dev", "develop", "development", "test", "tests", "testing"})


@dataclass(frozen=True)
class Dependencies:
    """What has to be installed before a project's tests can run."""

    requirements: tuple[str, ...] = ()
    """As in `project.dependencies`, for each package once."""
    requirement_files: tuple[str, ...] = ()
    """`requirements.txt` and the like, at the root."""
    lock: str | None = None
    """A lock file at the root, which says all that the requirements leave open."""
    setup: str = ""
    """A command; what it installs comes on top."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The content of every file at the root that says something of dependencies, by name."""

    def are_met_by(self, installed: Mapping[str, str]) -> bool:
        """Whether these packages, versions by name, are all that is needed."""
        if self.setup:
            return False
        lines = [
            line.partition(" #")[0].strip()
            for name in self.requirement_files
            for line in self.files[name].splitlines()
        ]
        wanted = [*self.requirements, *(line for line in lines if line and line[0] != "#")]
        return all(_is_met(requirement, installed) for requirement in wanted)

    def named(self, *how: str) -> str:
        """A name that differs for whatever else would be installed, or installed differently."""
        facts = [self.requirements, self.requirement_files, self.lock, self.setup, how]
        # What else is in these matters only to a command: it may install the project itself.
        content = {k: text for k, text in self.files.items() if self.setup or k not in _PROJECT}
        told = json.dumps([*facts, content], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def dependencies(
    names: Iterable[str], text_of: Callable[[str], str | None], setup: str = ""
) -> Dependencies:
    """What the files at a project's root ask for.

    Args:
        names: of the files at the root.
        text_of: returns the content of one.
        setup: a command that installs what no file says.
    """
    said = sorted(name for name in names if any(fnmatchcase(name, known) for known in _FILES))
    files = {name: text for name in said if (text := text_of(name)) is not None}
    return Dependencies(
        requirements=_of_pyproject(files.get("pyproject.toml", "")),
        requirement_files=tuple(name for name in files if _INSTALLED.fullmatch(name)),
        lock=next((lock for lock in LOCKS if lock in files), None),
        setup=setup,
        files=files,
    )


def _of_pyproject(text: str) -> tuple[str, ...]:
    """Its dependencies, and those of its extras and groups that are for tests."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # pytest and ruff will say so
        return ()
    project, groups = _table(said, "project"), _table(said, "dependency-groups")
    extras = _table(project, "optional-dependencies")
    found = _strings(project.get("dependencies"))
    for wanted in sorted(_GROUPS):
        found += _strings(extras.get(wanted)) + _of_group(groups, wanted, set())
    return tuple(dict.fromkeys(found))


def _of_group(groups: dict[str, Any], name: str, seen: set[str]) -> list[str]:
    """A dependency group with those that it includes (PEP 735)."""
    if name in seen:
        return []
    seen.add(name)
    entries = groups.get(name)
    found = _strings(entries)
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            found += _of_group(groups, str(entry.get("include-group")), seen)
    return found


def _is_met(requirement: str, installed: Mapping[str, str]) -> bool:
    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        return False
    version = installed.get(canonicalize_name(wanted.name))
    if wanted.marker and not wanted.marker.evaluate():
        return True
    return version is not None and not wanted.extras and version in wanted.specifier


def _table(said: dict[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
