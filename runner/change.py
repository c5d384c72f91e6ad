"""What a patch touches, read from git's own account of two trees. No I/O."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from runner.promises import says_less, skips_more
from runner.tampering import is_python, silencing, tampering

REGULAR, EXECUTABLE, LINK, SUBMODULE, NOTHING = "100644", "100755", "120000", "160000", "000000"

LONGEST_LINE = 5_000
"""Bytes; a longer one is for machines."""

_TEST_FILE = re.compile(r"(?:test_.*|.*_test|tests?|conftest)\.py")
_TEST_FOLDERS = {"test", "tests", "testing"}


@dataclass(frozen=True)
class FileChange:
    """One file of a change; paths are relative to the repository root."""

    path: str
    old_path: str
    old_mode: str
    new_mode: str
    added: int
    """Lines; 0 if binary."""
    removed: int
    """Lines; 0 if binary."""
    is_binary: bool = False
    link_targets: tuple[str, ...] = ()
    """Where a link pointed before and points now, relative to the root."""
    says_less: bool = False
    """A test file that lost something it said."""
    skips_more: bool = False
    """A test file with more marks that skip tests than before."""
    tampers: tuple[str, ...] = ()
    """New lines of Python that reach for what judges them, as `<number>: <line>`."""
    silences: tuple[str, ...] = ()
    """New comments that keep a linter silent."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that this touches: created, changed, deleted, moved, or linked to."""
        return tuple(dict.fromkeys((self.old_path, self.path, *self.link_targets)))


@dataclass(frozen=True)
class Change:
    """All that differs between a base and what an agent made of it."""

    files: tuple[FileChange, ...]

    @property
    def loc_delta(self) -> int:
        """Lines added plus lines removed."""
        return sum(file.added + file.removed for file in self.files)

    @property
    def paths(self) -> list[str]:
        """Every touched path, sorted."""
        return sorted({path for file in self.files for path in file.paths})


def is_test(path: str) -> bool:
    """Whether pytest's conventions, or common sense, make this a part of the tests."""
    parts = PurePosixPath(path.casefold()).parts
    return bool(_TEST_FILE.fullmatch(parts[-1])) or not _TEST_FOLDERS.isdisjoint(parts[:-1])


def read(account: bytes, blobs: Callable[[Iterable[str]], Mapping[str, bytes]]) -> Change:
    """Read what `git diff-tree -r -z --raw --numstat -M` printed.

    Args:
        account: the raw records first, then the line counts; fields end in NUL, so that no
            character of a path means anything.
        blobs: returns the contents of objects by their names; asked once, for what has changed.
    """
    fields = iter(account.split(b"\0"))
    raw: list[tuple[list[str], str, str]] = []
    counts: list[tuple[str, str]] = []
    for record in fields:
        if record.startswith(b":"):
            meta = record.decode().removeprefix(":").split(" ")
            old = _path(next(fields))
            raw.append((meta, old, _path(next(fields)) if meta[4][0] in "RC" else old))
        elif record:
            added, removed, path = record.split(b"\t", 2)
            if not path:  # a rename: its two paths follow
                next(fields), next(fields)
            counts.append((added.decode(), removed.decode()))
    contents = blobs({
        name
        for (old_mode, new_mode, old_name, new_name, _), _, _ in raw
        for mode, name in ((old_mode, old_name), (new_mode, new_name))
        if mode not in (NOTHING, SUBMODULE)
    })  # fmt: skip
    return Change(
        tuple(
            _file(meta, old, new, lines, contents)
            for (meta, old, new), lines in zip(raw, counts, strict=True)
        )
    )


def _file(
    meta: list[str], old: str, new: str, lines: tuple[str, str], blobs: Mapping[str, bytes]
) -> FileChange:
    old_mode, new_mode, old_name, new_name, _ = meta
    sides = ((old, old_mode, old_name), (new, new_mode, new_name))
    contents = [blobs[name] if mode in (REGULAR, EXECUTABLE) else b"" for _, mode, name in sides]
    before, after = (
        _text(content) if is_test(path) else ""
        for content, path in zip(contents, (old, new), strict=True)
    )
    was, now = (
        content if is_python(path, content) else b""
        for content, path in zip(contents, (old, new), strict=True)
    )
    return FileChange(
        path=new,
        old_path=old,
        old_mode=old_mode,
        new_mode=new_mode,
        added=0 if lines[0] == "-" else int(lines[0]),
        removed=0 if lines[1] == "-" else int(lines[1]),
        is_binary="-" in lines or (_is_no_text(contents[1]) and not _is_no_text(contents[0])),
        link_targets=tuple(
            _target(path, blobs[name]) for path, mode, name in sides if mode == LINK
        ),
        says_less=says_less(before, after),
        skips_more=skips_more(before, after),
        tampers=tampering(was, now),
        silences=silencing(was, now),
    )


def _is_no_text(content: bytes) -> bool:
    """Whether nobody could read it in a diff; git itself looks at the first 8,000 bytes only."""
    return b"\0" in content or any(len(line) > LONGEST_LINE for line in content.split(b"\n"))


def _target(path: str, target: bytes) -> str:
    """Where a link leads, from the root; what leaves the root keeps its `..` or `/`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), _path(target)))


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
