"""The API over HTTP: who asks, what is answered, what it would have cost, and what went wrong.

For tests, `POST /control/next {"act", "times"}` says how the next coding briefs are answered:
`is_busy` refuses one with 429; `declines` and `forgets_the_code` (only the tests are written, and
they fail) are how the quick lane's model may disappoint.
"""

from __future__ import annotations

import hmac
import json
import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

from cdk.local.standins.messages import script, stream
from cdk.local.standins.messages.changes import Change, choose
from cdk.local.standins.serving import application, json_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Json = dict[str, Any]

CHARACTERS_PER_TOKEN = 4
ACTS = ("is_busy", "declines", "forgets_the_code")
REQUIRED = ("model", "max_tokens", "messages")
DECLINED = "DECLINE: This needs things to be tried out."
GREETING = "I am a script: I know no more than a few prepared changes."
_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


class MessagesService:
    """Answers coding briefs with prepared changes, and remembers each call in a JSON Lines file.

    Each line has `time`, `model`, `agent` (`quick_edit` for a question without tools, else
    `claude_code`), `task` (None if it was no brief) and the `usage` that was reported.
    """

    def __init__(self, changes: Sequence[Change], log: Path, api_key: str) -> None:
        self._changes = changes
        self._log = log
        self._api_key = api_key
        self._lock = threading.Lock()
        self._acts: list[str] = []
        self._cached: set[int] = set()

    def app(self) -> WSGIApplication:
        """The service as a WSGI application."""
        return application(
            {"POST /v1/messages": self.create, "POST /control/next": self.act_next},
            lambda error: _refusal(error.code or 500, error.description or error.name),
        )

    def create(self, request: Request) -> Response:
        """A message, streamed if that was asked for."""
        if not self._knows(request):
            return _refusal(401, "invalid x-api-key")
        asked = request.get_json()
        for field in REQUIRED:
            if not isinstance(asked, dict) or field not in asked:
                raise BadRequest(f"{field}: Field required")
        task = script.task_of(asked)
        act = self._next_act() if task else None
        if act == "is_busy":
            return _refusal(429, "Asked to be busy by a test.", {"retry-after": "1"})
        content = self._content(asked, task, act)
        message = stream.message(
            asked["model"], content, self._usage(asked, content), _stop_reason(content)
        )
        self._remember(asked, task, message)
        if not asked.get("stream"):
            return json_response(message)
        return Response(
            map(stream.encode, stream.events(message)), content_type="text/event-stream"
        )

    def act_next(self, request: Request) -> Response:
        """Answer the next `times` coding briefs in the way `act`."""
        said = request.get_json()
        if said["act"] not in ACTS:
            raise BadRequest(f"act: one of {', '.join(ACTS)}")
        with self._lock:
            self._acts += [said["act"]] * int(said.get("times", 1))
        return Response(status=204)

    def _content(self, asked: Json, task: str | None, act: str | None) -> list[Json]:
        if task is None:
            return [{"type": "text", "text": GREETING}]
        if act == "declines":
            return [{"type": "text", "text": DECLINED}]
        change = choose(self._changes, task)
        if change is None:
            return [{"type": "text", "text": script.UNKNOWN}]
        if asked.get("tools"):
            return script.turn(asked, change)
        answer = script.edit(asked, change, only_tests=act == "forgets_the_code")
        return [{"type": "text", "text": answer}]

    def _usage(self, asked: Json, content: Sequence[Json]) -> dict[str, int]:
        """Tokens by the usual rule of thumb; tools and rules are read from a cache when asked."""
        system = asked.get("system") or []
        prefix = json.dumps([asked.get("tools"), system])
        is_cached = any("cache_control" in block for block in system if isinstance(block, dict))
        with self._lock:
            is_known = hash(prefix) in self._cached
            self._cached |= {hash(prefix)} if is_cached else set()
        of_prefix, of_rest = _tokens(prefix), _tokens(json.dumps(asked["messages"]))
        return {
            "input_tokens": of_rest if is_cached else of_prefix + of_rest,
            "cache_creation_input_tokens": of_prefix if is_cached and not is_known else 0,
            "cache_read_input_tokens": of_prefix if is_cached and is_known else 0,
            "output_tokens": _tokens("".join(map(json.dumps, content))),
        }

    def _knows(self, request: Request) -> bool:
        """Whether the key came along, in either of the two ways."""
        bearer = request.authorization.token if request.authorization else None
        given = request.headers.get("x-api-key") or bearer or ""
        return hmac.compare_digest(given.encode(), self._api_key.encode())

    def _next_act(self) -> str | None:
        with self._lock:
            return self._acts.pop(0) if self._acts else None

    def _remember(self, asked: Json, task: str | None, message: Json) -> None:
        line = {
            "time": datetime.now(UTC).isoformat(),
            "model": asked["model"],
            "agent": "claude_code" if asked.get("tools") else "quick_edit",
            "task": task,
            "usage": message["usage"],
        }
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def _tokens(text: str) -> int:
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def _stop_reason(content: Iterable[Json]) -> str:
    return "tool_use" if any(block["type"] == "tool_use" for block in content) else "end_turn"


def _refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"type": _KINDS.get(status, "api_error"), "message": message}
    return json_response({"type": "error", "error": error}, status, (headers or {}).items())
