"""The Veo stand-in: who may ask, what it takes, and what becomes of a film."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import av
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from cdk.local.standins.veo import AUDIENCE, GRANT, VeoService

MODEL = "/v1beta1/projects/p/locations/l/publishers/google/models/veo-3.1-generate-001"


@dataclass
class Vertex:
    url: str
    key: rsa.RSAPrivateKey

    def token(self, key: rsa.RSAPrivateKey, **claims: Any) -> requests.Response:
        said = {"aud": AUDIENCE, "iss": "a@b.c", "exp": int(time.time()) + 60} | claims
        form = {"grant_type": GRANT, "assertion": jwt.encode(said, key, algorithm="RS256")}
        return requests.post(f"{self.url}/token", data=form, timeout=5)

    def post(self, call: str, body: Any, token: str | None = None) -> requests.Response:
        token = token or self.token(self.key).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{self.url}{MODEL}:{call}", json=body, headers=headers, timeout=20)

    def submit(self, seconds: int = 8, prompt: str = "a walk") -> requests.Response:
        frame = io.BytesIO()
        Image.new("RGB", (180, 320), "red").save(frame, "PNG")
        image = {"bytesBase64Encoded": base64.b64encode(frame.getvalue()).decode()}
        instance = {"prompt": prompt, "image": image}
        body = {"instances": [instance], "parameters": {"durationSeconds": seconds}}
        return self.post("predictLongRunning", body)

    def look(self, name: str) -> requests.Response:
        return self.post("fetchPredictOperation", {"operationName": name})

    def next_is(self, outcome: str) -> requests.Response:
        said = {"outcome": outcome, "looks": 0}
        return requests.post(f"{self.url}/control/next", json=said, timeout=5)


@pytest.fixture
def vertex(serve: Callable[[Any], str]) -> Vertex:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Vertex(serve(VeoService(public.decode(), looks=2).app()), key)


def test_a_film_is_done_after_some_looks_and_as_long_as_was_asked(vertex: Vertex) -> None:
    name = vertex.submit(seconds=6).json()["name"]
    assert [vertex.look(name).json()["done"] for _ in range(2)] == [False, False]
    done = vertex.look(name).json()
    [video] = done["response"]["videos"]
    with av.open(io.BytesIO(base64.b64decode(video["bytesBase64Encoded"]))) as film:
        assert (film.duration or 0) / av.time_base == pytest.approx(6, abs=0.05)
    assert done["done"] is True


def test_only_the_service_account_gets_a_token(vertex: Vertex) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert vertex.token(stranger).json()["error"] == "invalid_grant"
    assert vertex.token(vertex.key, aud="https://example.com").status_code == 400
    assert vertex.token(vertex.key, exp=1).status_code == 400


def test_nothing_is_filmed_without_a_token(vertex: Vertex) -> None:
    answer = vertex.post("predictLongRunning", {}, token="mine")
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("wrong", [{"seconds": 7}, {"prompt": ""}])
def test_what_veo_does_not_take_is_refused(vertex: Vertex, wrong: dict[str, Any]) -> None:
    assert vertex.submit(**wrong).json()["error"]["status"] == "INVALID_ARGUMENT"


def test_an_operation_that_nobody_began_is_unknown(vertex: Vertex) -> None:
    assert vertex.look("operations/1").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        ("nothing", {"response": {}}),
        ("failure", {"error": {"code": 13, "message": "An internal error has occurred."}}),
    ],
)
def test_a_film_that_comes_to_nothing(vertex: Vertex, outcome: str, answer: dict[str, Any]) -> None:
    vertex.next_is(outcome)
    name = vertex.submit().json()["name"]
    assert vertex.look(name).json() == {"name": name, "done": True} | answer


def test_the_safety_filter_says_why(vertex: Vertex) -> None:
    vertex.next_is("refusal")
    response = vertex.look(vertex.submit().json()["name"]).json()["response"]
    assert response["raiMediaFilteredCount"] == len(response["raiMediaFilteredReasons"]) == 1


def test_a_busy_veo_takes_nothing_and_the_next_request_is_served(vertex: Vertex) -> None:
    vertex.next_is("busy")
    assert vertex.submit().status_code == 429
    assert vertex.submit().ok


def test_an_outcome_that_is_none_is_refused(vertex: Vertex) -> None:
    assert vertex.next_is("applause").status_code == 400
