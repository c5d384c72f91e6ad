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
_FLAG = re.compile(r"--[a-z][a-z-]+")
_COMMON_WORDS = """
    add all and any are can change file files fix for from has have into its let make more new
    not one only our please print read show that the this tool use was when which with you
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ABOUT_FLAGS = {"argument", "command", "flag", "option", "switch"}
_READS_FLAGS = ("add_argument(", "click.", "typer.")

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
    request = _Request.of(task)
    weights = {path: request.weight(path, text) for path, text in texts.items()}
    best = sorted((path for path in texts if weights[path]), key=lambda path: -weights[path])
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
    for name, path, size in _files(str(work_tree), ""):
        if size > LONGEST_FILE:
            continue
        left -= size
        if left < 0:
            return
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - of thousands: a Path takes as long as a read
                yield name, file.read().decode()
        except UnicodeDecodeError:
            continue


def _files(folder: str, within: str) -> Iterator[tuple[str, str, int]]:
    """Name, path and size of each file, sorted; links are passed over, and not followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{within}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                yield within + entry.name, entry.path, size


@dataclass(frozen=True)
class _Request:
    """What a request talks about."""

    task: str
    words: set[str]
    flags: set[str]
    defines: re.Pattern[str]
    """Finds where one of the words is defined."""

    @classmethod
    def of(cls, task: str) -> "_Request":
        said = task.casefold()
        words = set(_NAME.findall(said)) - _COMMON
        any_word = "|".join(sorted(words)) or "(?!)"
        defines = rf"^\s*(?:async\s+def|def|class)\s+({any_word})\b|^({any_word})\s*[:=]"
        return cls(said, words, set(_FLAG.findall(said)), re.compile(defines, re.MULTILINE))

    def weight(self, path: str, text: str) -> int:
        """How much the request is about a file; 0 is not at all."""
        pure, low = PurePosixPath(path.casefold()), text.casefold()
        mentioned = sum(word in low for word in self.words)
        is_named = pure.name in self.task or pure.stem in self.words
        # Looked for in few files only: these are the slow ones.
        defined = set(self.defines.findall(low)) if mentioned else set()
        asks_for_flag = bool(self.flags or self.words & _ABOUT_FLAGS)
        reads_flags = asks_for_flag and any(sign in low for sign in _READS_FLAGS)
        return (
            _NAMED * is_named
            + _DEFINES * len(defined)
            + _FLAGS * (sum(flag in low for flag in self.flags) + reads_flags)
            + _MENTIONS * mentioned
        )


def _with_companions(best: Iterable[str], texts: Iterable[str]) -> Iterator[str]:
    """Each file with its tests, and the README after the first."""
    readme = [path for path in texts if path.casefold() in ("readme.md", "readme.rst")]
    tests: dict[str, list[str]] = {}
    for path in filter(is_test, texts):
        tests.setdefault(PurePosixPath(path).stem, []).append(path)
    for path in best:
        yield path
        stem = PurePosixPath(path).stem
        yield from (*tests.get(f"test_{stem}", ()), *tests.get(f"{stem}_test", ()), *readme)
    yield from readme


def _top_level(paths: Iterable[str]) -> list[str]:
    heads = (path.partition("/") for path in paths)
    return sorted({head + slash for head, slash, _ in heads})
