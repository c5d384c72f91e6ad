"""A GitHub App's key becomes a token for one repository, and nothing more."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from runner.credentials import EARLY_SECONDS, Access, Credentials, GitHubApp, Unauthorized
from runner.failure import Failure

APP_ID = "4711"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()
GRANTED = {"contents": "write", "pull_requests": "write", "metadata": "read", "issues": "write"}


@dataclass
class GitHub:
    """GitHub's two calls about installations, as its REST documentation shows them."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    def __call__(self, environ: Any, start: Any) -> Any:
        return self.answer(Request(environ))(environ, start)

    def answer(self, request: Request) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256"])
        if claims["iss"] != APP_ID or self.status != 200:
            return _json({"message": "no"}, self.status if self.status != 200 else 401)
        match (request.method, request.path):
            case ("GET", "/repos/acme/wordcount/installation"):
                return _json({"id": 7, "permissions": GRANTED})
            case ("POST", "/app/installations/7/access_tokens"):
                self.asked.append(request.get_json())
                expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
                value = f"ghs_{len(self.asked)}_{'x' * 400}"
                return _json({"token": value, "expires_at": expires}, 201)
        return _json({"message": "Not Found"}, 404)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


@pytest.fixture
def github() -> Iterator[GitHub]:
    service = GitHub()
    server = make_server("127.0.0.1", 0, service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.port}"
    yield service
    server.shutdown()


@pytest.mark.parametrize("key", [PEM, PEM.replace("\n", "\\n")])
def test_a_token_is_for_one_repository_and_what_it_needs(github: GitHub, key: str) -> None:
    token = GitHubApp.of(github.url, APP_ID, key).issue("acme/wordcount")
    assert token.value.startswith("ghs_1_")
    assert token.good_until == pytest.approx(time.time() + 3600 - EARLY_SECONDS, abs=30)
    assert github.asked == [
        {
            "repositories": ["wordcount"],
            "permissions": {"contents": "write", "pull_requests": "write"},
        }
    ]


def test_a_revoked_token_is_exchanged_anew(github: GitHub) -> None:
    app = GitHubApp.of(github.url, APP_ID, PEM)

    def act(token: str) -> str:
        if token.startswith("ghs_1_"):
            raise Unauthorized
        return token[:6]

    assert Access(Credentials(app.issue), "acme/wordcount").use(act) == "ghs_2_"


@pytest.mark.parametrize(
    ("app_id", "project", "status", "reason"),
    [
        ("1", "acme/wordcount", 200, "credential_refused"),
        (APP_ID, "acme/other", 200, "app_not_installed"),
        (APP_ID, "acme/wordcount", 403, "app_not_installed"),
    ],
)
def test_what_a_person_has_to_do_is_told(
    github: GitHub, app_id: str, project: str, status: int, reason: str
) -> None:
    github.status = status
    with pytest.raises(Failure) as failed:
        GitHubApp.of(github.url, app_id, PEM).issue(project)
    assert failed.value.reason == reason
