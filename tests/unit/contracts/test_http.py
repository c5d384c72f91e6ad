"""Requests in, answers out: nobody outside ever sees a stack trace."""

import base64
import json
from typing import Any

import pytest

from contracts.http import Answer, Problem, Request, answer, serve


def event(route: str = "GET /tasks", **more: Any) -> dict[str, Any]:
    return {"routeKey": route, "headers": {"Content-Type": "text/plain"}, **more}


def test_a_binary_body_is_decoded_and_header_names_are_lower_case() -> None:
    body = bytes(range(256))
    request = Request.of(event(body=base64.b64encode(body).decode(), isBase64Encoded=True))
    assert request.body == body
    assert request.headers == {"content-type": "text/plain"}


def test_a_refusal_is_problem_json() -> None:
    def refuse(_: Request) -> Answer:
        raise Problem(409, "not-proven", "Its tests fail.")

    refused = serve(event(), {"GET /tasks": refuse})
    assert refused["statusCode"] == 409
    assert refused["headers"]["Content-Type"] == "application/problem+json"
    body = json.loads(refused["body"])
    assert body.pop("type").endswith("/not-proven")
    assert body == {"title": "Not proven", "status": 409, "detail": "Its tests fail."}


def test_an_accident_is_a_500_without_details() -> None:
    def break_down(_: Request) -> Answer:
        raise RuntimeError("password=hunter2")

    broken = serve(event(), {"GET /tasks": break_down})
    assert broken["statusCode"] == 500
    assert "hunter2" not in broken["body"]


@pytest.mark.parametrize(("body", "text"), [(None, ""), ({"a": 1}, '{"a": 1}'), ([], "[]")])
def test_an_answer_is_json_that_no_cache_keeps(body: Any, text: str) -> None:
    given = answer(200, body, ETag='"1"')
    assert given["body"] == text
    assert given["headers"]["Cache-Control"] == "no-store"
    assert given["headers"]["ETag"] == '"1"'
