"""What a box may ask of the API, and how an answer's events are read on their way."""

import json
from typing import Any

import pytest

from runner.model_proxy.events import LONGEST_EVENT_BYTES, EndlessEvent, Events
from runner.model_proxy.request import Refused, read

URL = {"type": "url", "url": "https://example.com/?what-is-in-the-box"}
IMAGE = {"type": "image", "source": URL}


def body(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "max_tokens": 9000, "messages": []} | fields).encode()


def says(*content: object, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "content": list(content)}]}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"messages": [{"role": "user", "content": "hello"}]},
        {"system": "be kind", "stream": True, "thinking": {"type": "adaptive"}},
        {"tools": [{"name": "Bash", "input_schema": {}}, {"type": "custom", "name": "x"}]},
        {"context_management": {"edits": [{"type": "clear_thinking_20251015"}]}},
        says({"type": "image", "source": {"type": "base64", "data": ""}}),
        says({"type": "tool_use", "name": "Bash", "input": {"content": [IMAGE], "source": URL}}),
        says({"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}),
    ],
)
def test_a_question_passes(fields: dict[str, Any]) -> None:
    request = read(body(**fields))
    assert (request.model, request.most_tokens) == ("m", 9000)
    assert json.loads(request.capped(10_000)) == json.loads(body(**fields))
    assert json.loads(request.capped(10))["max_tokens"] == 10


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not an object"),
        (b"{}", "model and max_tokens"),
        (body(model=7), "model and max_tokens"),
        (body(max_tokens=0), "model and max_tokens"),
        (body(max_tokens="9"), "model and max_tokens"),
        (body(max_tokens=True), "model and max_tokens"),
        (body(mcp_servers=[{"url": "https://example.com"}]), "mcp_servers"),
        (body(service_tier="auto", speed="fast"), "service_tier, speed"),
        (body(container="x"), "container"),
        (body(tools=[{"type": "web_search_20250305", "name": "web_search"}]), "API runs itself"),
        (body(tools=[{"type": "code_execution_20250825"}]), "API runs itself"),
        (body(context_management={"edits": [{"type": "compact_20260112"}]}), "clearing edits"),
        (body(**says(IMAGE)), "not as addresses"),
        (body(**says({"type": "document", "source": {"type": "file"}})), "not as addresses"),
        (body(**says({"type": "document"})), "not as addresses"),
        (body(**says({"type": "tool_result", "content": [IMAGE]})), "not as addresses"),
        (
            body(**says({"type": "document", "source": {"type": "content", "content": [IMAGE]}})),
            "not as addresses",
        ),
        (body(system=[{"type": "text", "cache_control": {"ttl": "1h"}}]), "5 minutes"),
        (body(tools=[{"name": "x", "cache_control": {"ttl": "1h"}}]), "5 minutes"),
    ],
)
def test_what_costs_or_reaches_more_does_not_pass(sent: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        read(sent)
    assert refused.value.status == 400
    assert refused.value.body["error"]["type"] == "invalid_request_error"


def test_a_question_is_rather_thought_too_long() -> None:
    text = "def f(x): return x\n" * 1000
    assert len(text) / 3 < read(body(system=text)).tok_in < len(text) / 2


STREAM = (
    b'event: message_start\ndata: {"type": "message_start"}\n\n: a comment\n'
    b'event: ping\r\ndata: {"type": "ping"}\r\n\r\ndata: nonsense\n\ndata: [1]\n\n'
    b'data:{"type": "message_stop"}\n\n'
)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    events = Events()
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    heard = [event["type"] for piece in pieces for event in events.feed(piece)]
    assert heard == ["message_start", "ping", "message_stop"]


def test_an_event_has_an_end() -> None:
    with pytest.raises(EndlessEvent):
        list(Events().feed(b"data: " + b"x" * LONGEST_EVENT_BYTES))
