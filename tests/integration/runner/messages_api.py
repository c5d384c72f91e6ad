"""A Messages API on a local port: it streams, or fails, as a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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
    stop_reason: str = "end_turn"
    tok_out: int = 700
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    breaks_off: bool = False
    """The connection ends in the middle of the text."""
    pings: bool = False
    """After the text there are pings, and no end."""

    def events(self) -> Iterator[dict[str, Any]]:
        """The stream, as the API documents it."""
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "a-model"}
        empty = {"content": [], "stop_reason": None, "stop_sequence": None, "usage": USAGE}
        yield {"type": "message_start", "message": message | empty}
        yield {"type": "ping"}
        thinking = {"type": "thinking", "thinking": "", "signature": ""}
        yield {"type": "content_block_start", "index": 0, "content_block": thinking}
        thought = {"type": "thinking_delta", "thinking": "Subject: none of this is the answer"}
        yield {"type": "content_block_delta", "index": 0, "delta": thought}
        yield {"type": "content_block_stop", "index": 0}
        text = {"type": "text", "text": ""}
        yield {"type": "content_block_start", "index": 1, "content_block": text}
        half = len(self.text) // 2
        for part in (self.text[:half], self.text[half:]):
            delta = {"type": "text_delta", "text": part}
            yield {"type": "content_block_delta", "index": 1, "delta": delta}
            if self.breaks_off:
                return
        while self.pings:
            yield {"type": "ping"}
        yield {"type": "content_block_stop", "index": 1}
        delta = {"stop_reason": self.stop_reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": self.tok_out}}
        yield {"type": "message_stop"}


@dataclass
class MessagesApi:
    """What was asked of it, and what it will say."""

    url: str = ""
    keys: list[str | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


@contextmanager
def messages_api() -> Iterator[MessagesApi]:
    """Serve one until the block ends."""
    api, closing = MessagesApi(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            api.keys.append(self.headers["Authorization"])
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
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self._stream(reply)

        def _stream(self, reply: Reply) -> None:
            for event in reply.events():
                if event["type"] == "ping" and closing.wait(0.05):
                    return
                said = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
                try:
                    self.wfile.write(said.encode())
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
