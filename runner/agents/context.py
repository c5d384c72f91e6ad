"""What a model is shown of a repository: few files, the ones that a request is about."""

import math
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runner.change import is_test

BYTES_PER_TOKEN = 2.5
"""Code takes three or four; the estimate guards a budget."""
LONGEST_FILE = 100_000
"""Bytes; what is longer is data, or nothing for a small edit."""
MOST_BYTES = 64_000_000
"""Of a repository; what comes later is not looked at."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
_DEFINED = re.compile(
    r"^\s*(?:async\s+def|def|class)\s+(\w+)|^(\w+)(?:\s*:[^=]+)?\s*=", re.MULTILINE
)
_FLAG = re.compile(r"--[a-z][a-z-]+")
_COMMON_WORDS = """
    add all and any are can change file files fix for from has have into its let make more new
    not one only our please print read show that the this tool use was when which with you
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ABOUT_FLAGS = {"argument", "command", "flag", "option", "switch"}
_READS_FLAGS = re.compile(r"\badd_argument\(|\b(?:click|typer)\.")

# How much each sign that a request is about a file weighs.
_NAMED, _DEFINES, _FLAGS, _MENTIONS = 100, 30, 20, 1


def tokens(text: str) -> int:
    """About how many tokens a model makes of a text, rather too many than too few."""
    return math.ceil(len(text.encode()) / BYTES_PER_TOKEN)


@dataclass(frozen=True)
class Context:
    """What goes into a prompt."""

    top_level: list[str]
    """Names of files and folders; folders end in a slash."""
    paths: list[str]
    """Every file, relative to the root."""
    files: dict[str, str]
    """Text by path, most important first."""


def choose(work_tree: Path, task: str, most_tokens: int) -> Context:
    """Choose the files that a request names, whose symbols it mentions, and their tests.

    Args:
        work_tree: links in it are not followed.
        task: the request in its own words.
        most_tokens: of the files' texts together; a file is shown whole or not at all.
    """
    texts = dict(_texts(work_tree))
    about = {path: _score(path, text, task) for path, text in texts.items()}
    best = sorted((path for path in texts if about[path]), key=lambda path: -about[path])
    files: dict[str, str] = {}
    left = most_tokens
    for path in _with_companions(best, texts):
        size = tokens(texts[path])
        if path not in files and size <= left:
            files[path] = texts[path]
            left -= size
    return Context(_top_level(texts), list(texts), files)


def _texts(work_tree: Path) -> Iterator[tuple[str, str]]:
    """Every text file by its path, in order; what is hidden, too."""
    left = MOST_BYTES
    for folder, folders, names in os.walk(work_tree):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_symlink() or (size := path.stat().st_size) > LONGEST_FILE:
                continue
            left -= size
            if left < 0:
                return
            try:
                yield path.relative_to(work_tree).as_posix(), path.read_bytes().decode()
            except UnicodeDecodeError:
                continue


def _score(path: str, text: str, task: str) -> int:
    """How much a request is about a file; 0 is not at all."""
    said = task.casefold()
    words = {word.casefold() for word in _NAME.findall(task)} - _COMMON
    pure = PurePosixPath(path)
    is_named = pure.name.casefold() in said or pure.stem.casefold() in words
    defined = {name.casefold() for pair in _DEFINED.findall(text) for name in pair if name}
    known = {word for name in _NAME.findall(text) for word in _parts(name)} | set(pure.parts)
    flags = len(set(_FLAG.findall(said)) & set(_FLAG.findall(text)))
    asks_for_flag = bool(words & _ABOUT_FLAGS or _FLAG.search(said))
    return (
        _NAMED * is_named
        + _DEFINES * len(words & defined)
        + _FLAGS * (flags + (asks_for_flag and bool(_READS_FLAGS.search(text))))
        + _MENTIONS * len(words & known)
    )


def _parts(name: str) -> set[str]:
    """A name and the words that it is made of."""
    return {name.casefold(), *name.casefold().split("_")}


def _with_companions(best: Iterable[str], texts: dict[str, str]) -> Iterator[str]:
    """Each file with its tests, and the README after the first."""
    readme = [path for path in texts if path.casefold() in ("readme.md", "readme.rst")]
    for path in best:
        yield path
        stem = PurePosixPath(path).stem
        if not is_test(path):
            tests = (f"test_{stem}.py", f"{stem}_test.py")
            yield from (other for other in texts if PurePosixPath(other).name in tests)
        yield from readme
    yield from readme


def _top_level(paths: Iterable[str]) -> list[str]:
    heads = (path.partition("/") for path in paths)
    return sorted({head + slash for head, slash, _ in heads})
