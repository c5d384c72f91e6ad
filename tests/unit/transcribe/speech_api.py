"""A transcription API on a local port that answers what a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from python_multipart import parse_form


def verbose(*segments: dict[str, Any]) -> dict[str, Any]:
    """A `verbose_json` answer of segments; each is sure and a second long unless it says."""
    sure = {"start": 0, "end": 1, "avg_logprob": -0.1, "no_speech_prob": 0.01}
    whole = [sure | segment for segment in segments]
    return {"text": "".join(item["text"] for item in whole), "segments": whole, "language": "en"}


@dataclass
class SpeechApi:
    """What was asked, and the answers to give; the last answer is given again and again."""

    url: str
    answers: list[tuple[int, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def will_say(self, body: Any, status: int = 200) -> None:
        """Queue an answer."""
        self.answers.append((status, body))

    def next_answer(self) -> tuple[int, Any]:
        """The answer to the request that just came."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def speech_api() -> Iterator[SpeechApi]:
    """The API, as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form: dict[str, Any] = {"path": self.path, "key": self.headers["Authorization"]}
            parse_form(
                {name: self.headers[name].encode() for name in ("Content-Type", "Content-Length")},
                self.rfile,
                lambda part: form.update({part.field_name.decode(): (part.value or b"").decode()}),
                lambda part: form.update({"file": part.file_name, "size": part.size}),
            )
            api.asked.append(form)
            status, answer = api.next_answer()
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = SpeechApi(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
