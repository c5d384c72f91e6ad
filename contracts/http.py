"""HTTP as API Gateway brings it: what is asked, and answers in JSON or problem+json (RFC 9457)."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from contracts.message import Message
from contracts.observing import step

Answer = dict[str, Any]
PROBLEM_TYPE = "https://sayso.dev/problems/"

logger = Logger()


@dataclass(frozen=True)
class Request:
    """One request of an HTTP API (payload format 2.0)."""

    route: str
    headers: Mapping[str, str]
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Request":
        """Read the Lambda event; header names become lower case, the body bytes."""
        body = event.get("body") or ""
        return cls(
            route=event["routeKey"],
            headers={name.lower(): value for name, value in event.get("headers", {}).items()},
            path=event.get("pathParameters") or {},
            query=event.get("queryStringParameters") or {},
            body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
        )


class Problem(Exception):
    """A refusal: the status, a stable word for programs and a sentence for people.

    Args:
        status: HTTP status, 4xx or 5xx.
        kind: last part of the problem's `type` URI, for example `not-a-wav`.
        detail: what went wrong and what to do.
        title: a short name of the kind of problem; made from `kind` if not given.
        retry_after: seconds after which the same request may be accepted (RFC 9110, 10.2.3).
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        title: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.status = status
        self.kind = kind
        self.detail = detail
        self.title = title or kind.replace("-", " ").capitalize()

    def answer(self) -> Answer:
        """The refusal as problem+json."""
        body = {
            "type": PROBLEM_TYPE + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return answer(self.status, body, content_type="application/problem+json", **headers)


def answer(
    status: int, body: Any = None, content_type: str = "application/json", **headers: str
) -> Answer:
    """An answer that no cache keeps.

    Args:
        status: HTTP status.
        body: anything JSON can hold, or a model of the contracts; None for an empty body.
        content_type: of the body.
        headers: more headers.
    """
    if isinstance(body, Message):
        body = body.model_dump(mode="json")
    return {
        "statusCode": status,
        "headers": {"Content-Type": content_type, "Cache-Control": "no-store", **headers},
        "body": "" if body is None else json.dumps(body),
    }


def serve(event: Mapping[str, Any], routes: Mapping[str, Callable[[Request], Answer]]) -> Answer:
    """Answer a request by the function of its route; every refusal becomes problem+json."""
    request = Request.of(event)
    try:
        with step(request.route):
            return _answered(request, routes[request.route])
    except Exception:
        # The last line of defence: a stranger gets a sentence, the log gets the trace.
        logger.exception("request failed", route=request.route)
        return Problem(500, "internal", "Something broke on our side; try again.").answer()


def _answered(request: Request, route: Callable[[Request], Answer]) -> Answer:
    try:
        return route(request)
    except Problem as problem:
        logger.info("refused", route=request.route, problem=problem.kind, status=problem.status)
        return problem.answer()
