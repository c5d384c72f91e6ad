"""Search/replace edits: what a model writes, read and applied without a guess. No I/O.

The format is aider's: the file's path on a line, then

    <<<<<<< SEARCH
    lines as they are
    =======
    lines as they shall be
    >>>>>>> REPLACE

Lines of a Markdown fence around a block mean nothing. An empty SEARCH makes a new file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

SEARCH, DIVIDER, REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"
FENCE = "```"


class EditFailed(Exception):
    """An edit can't be read, or it fits nowhere, or in more than one place."""


@dataclass(frozen=True)
class Edit:
    """Lines of one file, without their ends, and what to put in their place."""

    path: str
    search: tuple[str, ...]
    replace: tuple[str, ...]


def parse(reply: str) -> list[Edit]:
    """Read every edit of a reply, in its order.

    Raises:
        EditFailed: a block has no path, no end, or a marker too many.
    """
    lines = iter(reply.split("\n"))
    edits: list[Edit] = []
    path = ""
    for line in lines:
        if line.rstrip() == SEARCH:
            if not path:
                raise EditFailed("an edit names no file")
            search = _until(DIVIDER, lines)
            edits.append(Edit(path, search, _until(REPLACE, lines)))
        elif line.rstrip() in (DIVIDER, REPLACE):
            raise EditFailed("an edit has no beginning")
        elif line.strip() and not line.startswith(FENCE):
            path = line.strip().strip("`")
    return edits


def apply(text: str | None, edit: Edit) -> str:
    """The text of a file after an edit; it keeps its line ends, also a missing last one.

    Args:
        text: the file as it is; None if there is none.
        edit: matched exactly, else with differences in white space only.

    Raises:
        EditFailed: the lines are not there, or there more than once.
    """
    if not text:
        if edit.search:
            raise EditFailed(f"{edit.path} has no text to replace")
        return "".join(f"{line}\n" for line in edit.replace)
    if not edit.search:
        raise EditFailed(f"{edit.path} is there already, and the edit names no lines of it")
    newline = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    lines = text.removesuffix(newline).split(newline)
    at, replacement = _place(lines, edit)
    lines[at : at + len(edit.search)] = replacement
    return newline.join(lines) + (newline if lines and text.endswith(newline) else "")


def _until(marker: str, lines: Iterator[str]) -> tuple[str, ...]:
    section: list[str] = []
    for line in lines:
        if line.rstrip() == marker:
            return tuple(section)
        if line.rstrip() in (SEARCH, DIVIDER, REPLACE):
            break
        section.append(line)
    raise EditFailed(f"an edit has no {marker!r} where it should")


def _place(lines: Sequence[str], edit: Edit) -> tuple[int, Sequence[str]]:
    """Where the edit's lines are, and what to put there, indented as they are there."""
    for alike in (str, _words):
        places = _find(lines, edit.search, alike)
        if len(places) > 1:
            raise EditFailed(f"lines to replace are in {edit.path} {len(places)} times")
        if places:
            there = lines[places[0] : places[0] + len(edit.search)]
            return places[0], _indented(edit, there)
    raise EditFailed(f"lines to replace are not in {edit.path}")


def _find(lines: Sequence[str], wanted: Sequence[str], alike: Callable[[str], str]) -> list[int]:
    have, want = [alike(line) for line in lines], [alike(line) for line in wanted]
    starts = range(len(have) - len(want) + 1)
    return [at for at in starts if have[at : at + len(want)] == want]


def _words(line: str) -> str:
    return " ".join(line.split())


def _indented(edit: Edit, there: Sequence[str]) -> Sequence[str]:
    """The replacement, moved as far as the lines that it replaces were moved.

    Raises:
        EditFailed: they were moved unevenly, so that nobody knows where it belongs.
    """
    said, real = _indent(edit.search), _indent(there)
    is_even = _steps(edit.search) == _steps(there)
    if is_even and said == real:
        return edit.replace
    if not is_even or any(line.strip() and not line.startswith(said) for line in edit.replace):
        raise EditFailed(f"lines to replace are indented in another way in {edit.path}")
    return [real + line.removeprefix(said) if line.strip() else line for line in edit.replace]


def _indent(lines: Sequence[str]) -> str:
    """The indentation of the line that has least of it."""
    return min((_white(line) for line in lines if line.strip()), key=len, default="")


def _steps(lines: Sequence[str]) -> list[str]:
    """How much further than that each line is indented."""
    return [_white(line).removeprefix(_indent(lines)) for line in lines if line.strip()]


def _white(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
