"""What the script answers: as the quick lane wants it, or turn by turn with Claude Code's tools.

Nothing is remembered from request to request: what was done so far is read from the conversation,
and what is in a file already is not written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from cdk.local.standins.messages.changes import Change, Replacement

Json = dict[str, Any]

UNKNOWN = "DECLINE: No prepared answer fits this request; say it another way, or ask a real model."
OTHER_CODE = "DECLINE: The code is not as the prepared answer knows it."

_TASK = re.compile(r"^Project: .*\nTask: (.+?)\nRepository map", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r'^<file path="([^"\n]+)">\n(.*?)\n</file>$', re.MULTILINE | re.DOTALL)
_NUMBERED = re.compile(r"^ *\d+[→\t](.*)$", re.MULTILINE)


class OtherCode(Exception):
    """A file is neither as it was before the change nor as it is after it."""


def task_of(request: Json) -> str | None:
    """What the request asks for, in the words of the job; None if it is no coding brief."""
    found = _TASK.findall(_said(request))
    return found[-1] if found else None


def edit(request: Json, change: Change, *, only_tests: bool = False) -> str:
    """The quick lane's answer: search/replace blocks of what is not there yet."""
    shown = dict(_FILE.findall(_said(request)))
    wanted = [each for each in change.replacements if each.is_test or not only_tests]
    try:
        missing = [each for each in wanted if _is_missing(each, shown)]
    except OtherCode:
        return OTHER_CODE
    blocks = (
        f"{each.path}\n<<<<<<< SEARCH\n{each.before}=======\n{each.after}>>>>>>> REPLACE\n"
        for each in missing
    )
    return "\n".join((_summary(change), *blocks))


def turn(request: Json, change: Change) -> list[Json]:
    """Claude Code's next message: it reads, edits, runs the tests, and says what it did."""
    used = {block["name"]: block for block in _blocks(request["messages"], "tool_use")}
    paths = list(dict.fromkeys(each.path for each in change.replacements if each.before))
    if paths and "Read" not in used:
        reads = [_use("Read", file_path=path) for path in paths]
        return [_text("I read the files that this is about."), *reads]
    try:
        missing = [each for each in change.replacements if _is_missing(each, _read(request))]
    except OtherCode:
        return [_text(OTHER_CODE)]
    if missing and not used.keys() & {"Edit", "Write"}:
        return [_text("I make the change."), *map(_edit, missing)]
    if change.replacements and "Bash" not in used:
        command = "python -m pytest -q"
        return [_text("I run the tests."), _use("Bash", command=command, description="Run tests")]
    return [_text(_summary(change))]


def _summary(change: Change) -> str:
    return f"Subject: {change.subject}\nRationale: {change.rationale}\n"


def _is_missing(replacement: Replacement, files: dict[str, str]) -> bool:
    """Whether a replacement has still to be made in the files, as far as they are known.

    Raises:
        OtherCode: it can't be made any more.
    """
    text = files.get(replacement.path)
    if text is None:
        return True
    text = text.removesuffix("\n") + "\n"
    if replacement.after in text:
        return False
    if replacement.before not in text:
        raise OtherCode(replacement.path)
    return True


def _read(request: Json) -> dict[str, str]:
    """What the Read tool has shown, by path, without its line numbers."""
    paths = {
        block["id"]: block["input"]["file_path"]
        for block in _blocks(request["messages"], "tool_use")
        if block["name"] == "Read"
    }
    shown = {}
    for block in _blocks(request["messages"], "tool_result"):
        if block["tool_use_id"] in paths and not block.get("is_error"):
            lines = _NUMBERED.findall("\n".join(_texts(block["content"])))
            shown[paths[block["tool_use_id"]]] = "".join(f"{line}\n" for line in lines)
    return shown


def _edit(replacement: Replacement) -> Json:
    if not replacement.before:
        return _use("Write", file_path=replacement.path, content=replacement.after)
    return _use(
        "Edit",
        file_path=replacement.path,
        old_string=replacement.before,
        new_string=replacement.after,
    )


def _use(tool: str, **said: str) -> Json:
    return {"type": "tool_use", "id": f"toolu_{uuid4().hex[:24]}", "name": tool, "input": said}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _said(request: Json) -> str:
    """The user's own words of a conversation; what tools found is not among them."""
    said = (each["content"] for each in request["messages"] if each["role"] == "user")
    return "\n".join(text for content in said for text in _texts(content))


def _texts(content: str | Sequence[Json]) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    else:
        yield from (block["text"] for block in content if block["type"] == "text")


def _blocks(messages: Sequence[Json], kind: str) -> Iterator[Json]:
    for message in messages:
        if not isinstance(message["content"], str):
            yield from (block for block in message["content"] if block["type"] == kind)
