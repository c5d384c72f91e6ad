"""A push service on a local port that answers as a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4


@dataclass
class PushApi:
    """What was asked of the service, and what it will say."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    requests: list[list[dict[str, Any]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def pushed(self) -> list[dict[str, Any]]:
        """Every message of every request that was answered well."""
        return [push for request in self.requests for push in request]

    def answer(self, pushes: list[dict[str, Any]]) -> tuple[int, bytes]:
        """The next planned status, or a ticket for each message."""
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            return status, b'{"errors": [{"code": "TEST", "message": "as planned"}]}'
        self.requests.append(pushes)
        if self.body is not None:
            return 200, self.body
        return 200, json.dumps({"data": [self._ticket(push["to"]) for push in pushes]}).encode()

    def _ticket(self, token: str) -> dict[str, Any]:
        if error := self.errors.get(token):
            return {"status": "error", "message": "No.", "details": {"error": error}}
        return {"status": "ok", "id": str(uuid4())}


@contextmanager
def push_api() -> Iterator[PushApi]:
    """Serve one until the block ends."""
    api = PushApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            api.paths.append(self.path)
            api.tokens.append(self.headers["Authorization"])
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = api.answer(json.loads(asked))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield api
        server.shutdown()
