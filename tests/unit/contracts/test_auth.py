"""A token is believed only if key, algorithm, issuer, audience and time are right."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from contracts.auth import AuthSettings, User, Verifier
from contracts.http import Problem, Request

SUPABASE = "https://ref.supabase.co"
SECRET = "a-legacy-secret-of-at-least-32-bytes"
ADA = User(UUID(int=7), "ada@example.com")
KEY = ec.generate_private_key(ec.SECP256R1())
FOREIGN_KEY = ec.generate_private_key(ec.SECP256R1())


class Keys(BaseHTTPRequestHandler):
    """A JWKS endpoint that counts how often it is asked."""

    asked = 0

    def do_GET(self) -> None:
        Keys.asked += 1
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
        body = json.dumps({"keys": [jwk | {"kid": "k1", "alg": "ES256", "use": "sig"}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def jwks_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jwks.json"
    server.shutdown()


@pytest.fixture
def verifier(jwks_url: str) -> Verifier:
    return Verifier(
        AuthSettings(
            supabase_url=f"{SUPABASE}/",
            supabase_jwks_url=jwks_url,
            supabase_jwt_secret=SecretStr(SECRET),
        )
    )


def claims(**changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    usual = {
        "sub": str(ADA.id),
        "email": ADA.email,
        "aud": "authenticated",
        "iss": f"{SUPABASE}/auth/v1",
        "exp": now + timedelta(hours=1),
    }
    return {key: value for key, value in (usual | changed).items() if value is not None}


def es256(key: Any = KEY, **changed: Any) -> str:
    return jwt.encode(claims(**changed), key, "ES256", headers={"kid": "k1"})


def hs256(secret: str = SECRET, **changed: Any) -> str:
    return jwt.encode(claims(**changed), secret, "HS256")


def unsigned() -> str:
    return jwt.encode(claims(), None, "none")


def signed_with_the_public_key() -> str:
    """The classic confusion: HS256 with the published key as its secret."""
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=").decode()
    payload = jwt.encode(claims(), "x" * 32, "HS256").split(".")[1]
    return f"{header}.{payload}.AAAA"


LONG_AGO = datetime.now(UTC) - timedelta(minutes=5)


@pytest.mark.parametrize("token", [es256(), hs256()], ids=["ES256", "HS256"])
def test_a_good_token_names_its_user(verifier: Verifier, token: str) -> None:
    assert verifier.verify(token) == ADA


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        pytest.param("not.a.token", "bad-token", id="no token at all"),
        pytest.param(es256(FOREIGN_KEY), "bad-token", id="foreign key"),
        pytest.param(hs256("another-secret-of-at-least-32-bytes!"), "bad-token", id="secret"),
        pytest.param(unsigned(), "bad-token", id="alg none"),
        pytest.param(signed_with_the_public_key(), "bad-token", id="algorithm confusion"),
        pytest.param(es256(exp=LONG_AGO), "token-expired", id="expired"),
        pytest.param(es256(exp=None), "bad-token", id="never expires"),
        pytest.param(es256(aud="anon"), "bad-token", id="audience"),
        pytest.param(es256(iss="https://evil.example/auth/v1"), "bad-token", id="issuer"),
        pytest.param(es256(sub="ada"), "bad-token", id="sub is no uuid"),
        pytest.param(es256(email=None), "bad-token", id="no e-mail"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(verifier: Verifier, token: str, kind: str) -> None:
    with pytest.raises(Problem) as refusal:
        verifier.verify(token)
    assert (refusal.value.status, refusal.value.kind) == (401, kind)


def test_without_a_legacy_secret_hs256_is_refused(jwks_url: str) -> None:
    settings = AuthSettings(supabase_url=SUPABASE, supabase_jwks_url=jwks_url)
    with pytest.raises(Problem, match="not valid"):
        Verifier(settings).verify(hs256())


def test_keys_are_fetched_once_for_many_tokens(verifier: Verifier) -> None:
    before = Keys.asked
    for _ in range(5):
        verifier.verify(es256())
    assert Keys.asked == before + 1


def test_keys_that_cannot_be_fetched_are_not_the_users_fault() -> None:
    nobody = AuthSettings(supabase_url=SUPABASE, supabase_jwks_url="http://127.0.0.1:9/jwks")
    with pytest.raises(Problem) as refusal:
        Verifier(nobody).verify(es256())
    assert refusal.value.status == 503


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer "])
def test_a_request_without_a_bearer_token_is_401(verifier: Verifier, header: str) -> None:
    request = Request("GET /tasks", {"authorization": header}, {}, {}, b"")
    with pytest.raises(Problem) as refusal:
        verifier.user_of(request)
    assert refusal.value.answer()["headers"]["WWW-Authenticate"] == "Bearer"


def test_the_jwks_address_follows_from_the_project() -> None:
    settings = AuthSettings(supabase_url=f"{SUPABASE}/")
    assert settings.supabase_jwks_url == f"{SUPABASE}/auth/v1/.well-known/jwks.json"
