"""Expo's push API: tickets, receipts, its limits and errors.

Every message that came goes to a JSON Lines file; every request and its answer, refusals among
them, to the process's log, where a person can follow a push from its ticket to its receipt.

Failures for tests: a token named `DeviceNotRegistered` is refused in its ticket, one named
`DeviceNotRegisteredLater` in its receipt, `other:…` belongs to another project, and
`POST /control/failures {"status", "times"}` makes the next requests fail as a busy (429) or broken
(5xx) server would.
"""

from __future__ import annotations

import hmac
import json
import logging
import threading
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from werkzeug.wrappers import Request, Response

from cdk.local.standins.serving import application, json_response, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOST_MESSAGES = 100
MOST_RECEIPTS = 1000
MOST_BYTES = 4096
TOKENS = ("ExponentPushToken[", "ExpoPushToken[")

Json = dict[str, Any]

logger = logging.getLogger(__name__)


class PushService:
    """Takes messages for devices and remembers them in a JSON Lines file.

    Each line is the message as it came, with `ticket` (its id, None if it was refused) and `time`.
    """

    def __init__(self, log: Path, api_key: str) -> None:
        self._log = log
        self._api_key = api_key
        self._lock = threading.Lock()
        self._failures: list[int] = []

    def app(self) -> WSGIApplication:
        """The service as a WSGI application."""
        return application(
            {
                "POST /--/api/v2/push/send": self.send,
                "POST /--/api/v2/push/getReceipts": self.receipts,
                "POST /control/failures": self.fail_next,
            },
            lambda error: _refusal(error.code or 500, "NOT_FOUND", error.name),
        )

    def send(self, request: Request) -> Response:
        """1 to 100 messages: a ticket for each, in order."""
        if refusal := self._refuses(request, "send"):
            return refusal
        said = request.get_json()
        messages = said if isinstance(said, list) else [said]
        if not messages or not all(isinstance(each, dict) and each.get("to") for each in messages):
            return _refusal(400, "VALIDATION_ERROR", '"to" is required.')
        if len(messages) > MOST_MESSAGES:
            return _refusal(
                400, "PUSH_TOO_MANY_NOTIFICATIONS", f"At most {MOST_MESSAGES} in one request."
            )
        if len(projects := _projects(messages)) > 1:
            text = "All messages of one request must be for the same project."
            return _refusal(400, "PUSH_TOO_MANY_EXPERIENCE_IDS", text, projects)
        tickets = [self._accept(message) for message in messages]
        for message, ticket in zip(messages, tickets, strict=True):
            title, body = message.get("title", ""), message.get("body", "")
            logger.info("send: %s | %s | %s", _outcome(ticket), title, body)
        return json_response({"data": tickets if isinstance(said, list) else tickets[0]})

    def receipts(self, request: Request) -> Response:
        """What became of accepted messages, by ticket; unknown tickets are left out."""
        if refusal := self._refuses(request, "getReceipts"):
            return refusal
        ids = request.get_json().get("ids", [])
        if len(ids) > MOST_RECEIPTS:
            return _refusal(400, "PUSH_TOO_MANY_RECEIPTS", f"At most {MOST_RECEIPTS} receipts.")
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        sent = {line["ticket"]: line for line in map(json.loads, lines)}
        found = {i: _receipt(sent[i]) for i in ids if i in sent}
        for ticket in ids:
            receipt = found.get(ticket)
            logger.info("getReceipts: %s: %s", ticket, _outcome(receipt) if receipt else "none yet")
        return json_response({"data": found})

    def fail_next(self, request: Request) -> Response:
        """Answer the next `times` requests with `status`."""
        said = request.get_json()
        with self._lock:
            self._failures += [int(said["status"])] * int(said.get("times", 1))
        return Response(status=204)

    def _refuses(self, request: Request, what: str) -> Response | None:
        with self._lock:
            status = self._failures.pop(0) if self._failures else None
        if status is not None:
            code = "TOO_MANY_REQUESTS" if status == 429 else "INTERNAL_SERVER_ERROR"
            logger.info("%s: refused, %s %s", what, status, code)
            return _refusal(status, code, "Asked to fail by a test.")
        given = request.authorization.token if request.authorization else None
        if not hmac.compare_digest(given or "", self._api_key):
            return _refusal(401, "UNAUTHORIZED", "The access token is not valid.")
        return None

    def _accept(self, message: Json) -> Json:
        size = len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode())
        token = str(message["to"])
        ticket: str | None = None
        if not token.startswith(TOKENS) or token.endswith("[DeviceNotRegistered]"):
            text = f'"{token}" is not a registered push notification recipient'
            answer = _error("DeviceNotRegistered", text)
        elif size > MOST_BYTES:
            answer = _error("MessageTooBig", f"{size} bytes are more than {MOST_BYTES}.")
        else:
            ticket = str(uuid4())
            answer = {"status": "ok", "id": ticket}
        line = {**message, "ticket": ticket, "time": datetime.now(UTC).isoformat()}
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        return answer


def _receipt(line: Json) -> Json:
    if line["to"].endswith("[DeviceNotRegisteredLater]"):
        return _error("DeviceNotRegistered", "The device cannot receive push notifications.")
    return {"status": "ok"}


def _error(kind: str, message: str) -> Json:
    return {"status": "error", "message": message, "details": {"error": kind}}


def _outcome(answer: Json) -> str:
    """A ticket or receipt in a word or two."""
    if answer["status"] == "ok":
        return f"ticket {answer['id']}" if "id" in answer else "delivered"
    return f"refused, {answer['details']['error']}"


def _projects(messages: list[Json]) -> dict[str, list[str]]:
    projects: defaultdict[str, list[str]] = defaultdict(list)
    for message in messages:
        token = str(message["to"])
        projects["@sayso/other" if "[other:" in token else "@sayso/sayso"].append(token)
    return projects


def _refusal(
    status: int, code: str, message: str, details: dict[str, list[str]] | None = None
) -> Response:
    error = {"code": code, "message": message} | ({"details": details} if details else {})
    return json_response({"errors": [error]}, status)


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PUSH_STANDIN_", frozen=True)

    port: int
    log: Path
    api_key: SecretStr


if __name__ == "__main__":
    settings = _Settings()
    serve(PushService(settings.log, settings.api_key.get_secret_value()).app(), settings.port)
