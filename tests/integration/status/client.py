"""Calling the routes of status as API Gateway does."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt

from contracts import http
from contracts.auth import AuthSettings, Verifier
from services.status.api import routes
from services.status.control import JobControl
from services.status.history import History
from services.status.signatures import callback_signature
from tests.unit.status.story import TESTED, Story

Reply = tuple[int, Any, dict[str, str]]
Ask = Callable[..., Reply]

SECRET = "a legacy secret of at least thirty-two bytes"
ISSUER = "https://project.supabase.co"
CALLBACK_KEY = "the key of callbacks"


def api_of(history: History, control: JobControl) -> Ask:
    """Calls a route and gives status, decoded body and headers."""
    verifier = Verifier(AuthSettings(supabase_url=ISSUER, supabase_jwt_secret=SECRET))
    table = routes(
        history, verifier, lambda key: f"https://media.example/{key}", CALLBACK_KEY, control
    )

    def ask(route: str, user: UUID | None = None, body: Any = None, **more: Any) -> Reply:
        claims = {
            "sub": str(user),
            "email": f"{user}@example.com",
            "aud": "authenticated",
            "iss": f"{ISSUER}/auth/v1",
            "exp": int(time.time()) + 60,
        }
        token = {"Authorization": f"Bearer {jwt.encode(claims, SECRET, 'HS256')}"} if user else {}
        event = {
            "routeKey": route,
            "headers": {**token, **more.get("headers", {})},
            "queryStringParameters": more.get("query"),
            "pathParameters": more.get("path"),
            "body": body if isinstance(body, str) else json.dumps(body),
        }
        answer = http.serve(event, table)
        content = json.loads(answer["body"]) if answer["body"] else None
        return answer["statusCode"], content, answer["headers"]

    return ask


def seen(ask: Ask, task: Story) -> Any:
    status, body, _ = ask("GET /tasks/{job_id}", task.user_id, path={"job_id": str(task.job_id)})
    assert status == 200
    return body


def decision(task: Story, commit_sha: str = TESTED, **more: Any) -> dict[str, Any]:
    return {"job_id": str(task.job_id), "commit_sha": commit_sha, **more}


def call_back(ask: Ask, body: str, key: str = CALLBACK_KEY, age: int = 0) -> Reply:
    """Report as a runner would."""
    stamp = str(int(time.time()) - age)
    signature = callback_signature(key, stamp, body.encode())
    headers = {"X-Sayso-Timestamp": stamp, "X-Sayso-Signature": signature}
    return ask("POST /callback/runner-status", body=body, headers=headers)
