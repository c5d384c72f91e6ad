"""What may pass from a box to the Messages API. No I/O."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runner.agents.context import BYTES_PER_TOKEN

LONGEST_REQUEST_BYTES = 400_000
"""About 100,000 tokens: the API asks higher prices for longer prompts than the settings know."""

_FIELDS = frozenset({
    "context_management", "max_tokens", "messages", "metadata", "model", "output_config",
    "stop_sequences", "stream", "system", "temperature", "thinking", "tool_choice", "tools",
    "top_k", "top_p",
})  # fmt: skip
_SOURCES = frozenset({"base64", "content", "text"})


class Refused(Exception):
    """A request that does not pass; the box is told why, as the API would tell it."""

    def __init__(self, status: int, kind: str, sentence: str) -> None:
        """Refuse with an HTTP status and one of the API's kinds of errors."""
        super().__init__(sentence)
        self.status = status
        self.body = {"type": "error", "error": {"type": kind, "message": sentence}}


@dataclass(frozen=True)
class Request:
    """One call of the Messages API that a box asks for."""

    fields: dict[str, Any]
    tok_in: int
    """An estimate, rather too many."""

    @property
    def model(self) -> str:
        """Which model is asked."""
        return str(self.fields["model"])

    @property
    def most_tokens(self) -> int:
        """How long the answer may be."""
        return int(self.fields["max_tokens"])

    def capped(self, most_tokens: int) -> bytes:
        """The body to send, with an answer of no more than so many tokens."""
        return json.dumps(self.fields | {"max_tokens": min(self.most_tokens, most_tokens)}).encode()


def read(body: bytes) -> Request:
    """Read a request that came out of a box.

    Raises:
        Refused: it is malformed, or asks for more than an answer made of what it says itself.
    """
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise _bad("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise _bad("the body is not an object")
    if unknown := fields.keys() - _FIELDS:
        raise _bad(f"not allowed here: {', '.join(sorted(unknown))}")
    most_tokens = fields.get("max_tokens")
    if type(most_tokens) is not int or most_tokens < 1 or not isinstance(fields.get("model"), str):
        raise _bad("model and max_tokens are needed")
    for block in _blocks(fields):
        _check(block)
    return Request(fields, int(len(body) / BYTES_PER_TOKEN) + 1)


def _blocks(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tools, edits of the context, and every block of the conversation, also the inner ones."""
    for tool in _objects(fields.get("tools")):
        if tool.get("type", "custom") != "custom":
            raise _bad("tools that the API runs itself are not allowed here")
        yield tool
    context = fields.get("context_management")
    for edit in _objects(context.get("edits") if isinstance(context, dict) else None):
        if not str(edit.get("type", "")).startswith("clear_"):
            raise _bad("only clearing edits of the context are allowed here")
    yield from _content(fields.get("system"))
    for message in _objects(fields.get("messages")):
        yield from _content(message.get("content"))


def _content(content: object) -> Iterator[dict[str, Any]]:
    waiting = list(_objects(content))
    while waiting:
        block = waiting.pop()
        yield block
        source = block.get("source")
        waiting += _objects(block.get("content"))
        waiting += _objects(source.get("content") if isinstance(source, dict) else None)


def _check(block: dict[str, Any]) -> None:
    cache = block.get("cache_control")
    if isinstance(cache, dict) and cache.get("ttl", "5m") != "5m":
        raise _bad("caches are kept for 5 minutes here")
    source = block.get("source")
    if block.get("type") in ("image", "document") and not (
        isinstance(source, dict) and source.get("type") in _SOURCES
    ):
        raise _bad("images and documents are sent whole here, not as addresses")


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _bad(why: str) -> Refused:
    return Refused(400, "invalid_request_error", f"{why}.")
