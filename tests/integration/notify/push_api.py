"""A push service on a local port that answers as a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


@dataclass
class PushApi:
    """What was asked of the service, and what it will say.

    Attributes:
        statuses: of the next answers; 200 when there are no more.
        errors: token -> why its message is not taken.
        malformed: tokens whose message makes it refuse the whole request.
        projects: token -> project; a request with tokens of several is refused.
        receipts: ticket -> its receipt.
        body: what is answered instead, if anything.
        headers: of the answers that are not 200.
    """

    url: str = ""
    paths: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    requests: list[list[Json]] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    malformed: set[str] = field(default_factory=set)
    projects: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, Json] = field(default_factory=dict)
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def pushed(self) -> list[Json]:
        """Every message of every request that was answered well."""
        return [push for request in self.requests for push in request]

    def answer(self, said: Any) -> tuple[int, bytes]:
        """The next planned status, or what Expo would say."""
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            return status, _refusal("TEST")
        if self.body is not None:
            return 200, self.body
        if isinstance(said, dict):
            return 200, self._receipts(said["ids"])
        if self.malformed & {push["to"] for push in said}:
            return 400, _refusal("VALIDATION_ERROR")
        if len(mixed := self._projects_of(said)) > 1:
            return 400, _refusal("PUSH_TOO_MANY_EXPERIENCE_IDS", mixed)
        self.requests.append(said)
        return 200, json.dumps({"data": [self._ticket(push["to"]) for push in said]}).encode()

    def _receipts(self, ids: list[str]) -> bytes:
        self.asked.append(ids)
        known = {key: self.receipts[key] for key in ids if key in self.receipts}
        return json.dumps({"data": known}).encode()

    def _projects_of(self, pushes: list[Json]) -> dict[str, list[str]]:
        mixed: dict[str, list[str]] = {}
        for push in pushes:
            mixed.setdefault(self.projects.get(push["to"], "sayso"), []).append(push["to"])
        return mixed

    def _ticket(self, token: str) -> Json:
        if error := self.errors.get(token):
            return failure(error)
        return {"status": "ok", "id": str(uuid4())}


def failure(error: str) -> Json:
    """A ticket or receipt that tells of an error."""
    return {"status": "error", "message": "No.", "details": {"error": error}}


def _refusal(code: str, details: Any = None) -> bytes:
    error = {"code": code, "message": "as planned", "details": details}
    return json.dumps({"errors": [error]}).encode()


@contextmanager
def push_api() -> Iterator[PushApi]:
    """Serve one until the block ends."""
    api = PushApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            api.paths.append(self.path)
            api.tokens.append(self.headers["Authorization"])
            said = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = api.answer(json.loads(said))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in api.headers.items() if status != 200 else ():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield api
        server.shutdown()
