"""A message as the Messages API streams it: server-sent events, in the order that it documents.

https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

Json = dict[str, Any]

PIECE = 40
"""Characters of a text that one event carries."""
# The kind of delta that brings each kind of block, and the field that it fills.
_DELTAS = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "tool_use": ("input_json_delta", "partial_json"),
}


def message(
    model: str, content: Sequence[Json], usage: Mapping[str, int], stop_reason: str = "end_turn"
) -> Json:
    """A whole message.

    Args:
        model: as the request named it.
        content: blocks of type `text`, `thinking` or `tool_use`, as in a message.
        usage: `input_tokens`, `cache_creation_input_tokens`, `cache_read_input_tokens` and
            `output_tokens`.
        stop_reason: `end_turn`, `tool_use`, `max_tokens` or `refusal`.
    """
    return {
        "id": f"msg_{uuid4().hex[:24]}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": list(content),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": dict(usage),
    }


def events(whole: Json) -> Iterator[Json]:
    """The events that a message is streamed as."""
    usage = whole["usage"] | {"output_tokens": 1}
    begun: Json = {"content": [], "stop_reason": None, "usage": usage}
    yield {"type": "message_start", "message": whole | begun}
    yield {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        yield from _block(index, block)
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": whole["stop_sequence"]}
    usage = {"output_tokens": whole["usage"]["output_tokens"]}
    yield {"type": "message_delta", "delta": delta, "usage": usage}
    yield {"type": "message_stop"}


def encode(event: Json) -> bytes:
    """One event as it goes over the wire."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def _block(index: int, block: Json) -> Iterator[Json]:
    delta, field = _DELTAS[block["type"]]
    if block["type"] == "tool_use":
        begun, content = {**block, "input": {}}, json.dumps(block["input"])
    else:
        begun, content = {**block, field: ""}, block[field]
    yield {"type": "content_block_start", "index": index, "content_block": begun}
    for at in range(0, len(content), PIECE):
        piece = {"type": delta, field: content[at : at + PIECE]}
        yield {"type": "content_block_delta", "index": index, "delta": piece}
    yield {"type": "content_block_stop", "index": index}
