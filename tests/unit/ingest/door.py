"""Knocking at ingest: tokens signed here, forms as browsers send, eyes for what is left."""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from urllib3.filepost import encode_multipart_formdata

from contracts import http
from services.ingest.intake import Intake
from tests.unit.cloud import Cloud

USER = UUID("11111111-2222-4333-8444-555555555555")
SECRET = "the-legacy-secret-of-a-project-that-is-long-enough"
ISSUER = "https://project.supabase.test/auth/v1"


def bearer(**changes: Any) -> str:
    """An Authorization header; `changes` override the token's claims."""
    claims = {
        "sub": str(USER),
        "email": "ada@example.org",
        "aud": "authenticated",
        "iss": ISSUER,
        "exp": int(time.time()) + 3600,
    }
    return "Bearer " + jwt.encode(claims | changes, SECRET, "HS256")


def form(**fields: Any) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    parts = {
        name: ("task.wav", value, "audio/wav") if name == "audio" else value
        for name, value in fields.items()
    }
    return encode_multipart_formdata(parts)


@dataclass(frozen=True)
class Door:
    """ingest, and the eyes to see what it kept and said."""

    intake: Intake
    cloud: Cloud

    def post(self, body: bytes, content_type: str, **headers: str) -> http.Answer:
        """Knock as API Gateway does; header names take `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        event = {
            "routeKey": "POST /task",
            "headers": {"content-type": content_type, "authorization": bearer()} | given,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        return http.serve(event, {"POST /task": self.intake.accept})

    def send(self, headers: dict[str, str] | None = None, **fields: Any) -> http.Answer:
        """Send a form."""
        return self.post(*form(**fields), **(headers or {}))

    def has_kept_nothing(self) -> bool:
        """Whether no trace of any request is left."""
        return not (self.cloud.objects() or self.cloud.said() or self.cloud.items())


def problem(answer: http.Answer) -> tuple[int, str]:
    """Status and kind of a refusal, which must be problem+json with a sentence."""
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    body = json.loads(answer["body"])
    assert body["status"] == answer["statusCode"]
    assert body["detail"].endswith(".")
    return body["status"], body["type"].removeprefix(http.PROBLEM_TYPE)
