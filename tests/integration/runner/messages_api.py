"""A Messages API on a local port: it streams, uses tools, or fails, as a test tells it to."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from cdk.local.standins.messages import stream

USAGE = {
    "input_tokens": 1200,
    "cache_creation_input_tokens": 3000,
    "cache_read_input_tokens": 500,
    "output_tokens": 1,
}


@dataclass(frozen=True)
class Reply:
    """What is streamed, or the status and body of a refusal."""

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    """Tools to use, and what with."""
    stop_reason: str = "end_turn"
    tok_out: int = 700
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    breaks_off: bool = False
    """The connection ends in the middle of the text."""
    pings: bool = False
    """After the text there are pings, and no end."""
    is_streamed: bool = True
    babbles: bool = False
    """The text comes again and again, without an end."""

    def message(self) -> dict[str, Any]:
        """All at once."""
        content: list[dict[str, Any]] = [
            {"type": "thinking", "thinking": "Subject: none of this", "signature": ""},
            {"type": "text", "text": self.text},
        ]
        content += [
            {"type": "tool_use", "id": f"toolu_{uuid4().hex}", "name": tool, "input": given}
            for tool, given in self.calls
        ]
        usage = USAGE | {"output_tokens": self.tok_out}
        reason = "tool_use" if self.calls else self.stop_reason
        return stream.message("a-model", content, usage, reason) | {"id": "msg_1"}

    def events(self) -> Iterator[dict[str, Any]]:
        """The stream, as the API documents it."""
        whole = list(stream.events(self.message()))
        in_text = [at for at, each in enumerate(whole) if each.get("index") == 1]
        if self.breaks_off:
            yield from whole[: in_text[-1] - 1]
        elif self.babbles or self.pings:
            yield from whole[: in_text[-1]]
            again = whole[in_text[-1] - 1] if self.babbles else {"type": "ping"}
            yield from itertools.repeat(again)
        else:
            yield from whole


@dataclass
class MessagesApi:
    """What was asked of it, and what it will say."""

    url: str = ""
    keys: list[str | None] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


@contextmanager
def messages_api() -> Iterator[MessagesApi]:
    """Serve one until the block ends."""
    api, closing = MessagesApi(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            api.keys.append(self.headers["Authorization"] or self.headers["x-api-key"])
            api.headers.append(dict(self.headers))
            api.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            reply = api.replies.pop(0)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 200:
                self.end_headers()
                error = {"type": "overloaded_error", "message": "as planned"}
                self.wfile.write(json.dumps({"type": "error", "error": error}).encode())
                return
            if not reply.is_streamed:
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(reply.message()).encode())
                return
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self._stream(reply)

        def _stream(self, reply: Reply) -> None:
            for event in reply.events():
                if event["type"] == "ping" and closing.wait(0.05):
                    return
                try:
                    self.wfile.write(stream.encode(event))
                except ConnectionError:
                    return  # the client has heard enough

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield api
        closing.set()
        server.shutdown()
