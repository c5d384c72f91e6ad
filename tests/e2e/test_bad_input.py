"""Every bad request gets its status and a sentence, and leaves nothing behind."""

import hashlib
import hmac
import io
import json
import struct
import time
import wave
from typing import Any

import boto3
import jwt
import pytest

from cdk.local.identity import access_token
from contracts import models
from tests.e2e.system import ROOT, SPEECH, LocalSystem, Person

SPOKEN = (SPEECH / "add-stdin.wav").read_bytes()


def wav(rate: int = 16_000, channels: int = 1, width: int = 2, seconds: float = 1.0) -> bytes:
    """A loud square wave of the given form."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        frames = int(rate * seconds) * channels
        writer.writeframes((b"\x10" * width + b"\xd0" * width) * (frames // 2))
    return file.getvalue()


def lying(size: int) -> bytes:
    """A recording whose data chunk claims another size."""
    at = SPOKEN.index(b"data") + 4
    return SPOKEN[:at] + struct.pack("<I", size) + SPOKEN[at + 4 :]


RECORDINGS = {
    "text renamed .wav": (b"Add a --stdin flag, please.", 415),
    "MP3 renamed": (b"ID3\x04\x00\x00\x00\x00\x00\x21" + b"\xff\xfb\x90\x44" * 400, 415),
    "44.1 kHz stereo": (wav(rate=44_100, channels=2), 415),
    "8 bit": (wav(width=1), 415),
    "a header that lies": (lying(size=len(SPOKEN) * 2), 422),
    "truncated": (SPOKEN[: len(SPOKEN) // 2], 422),
    "empty": (b"", 422),
    "61 s": (wav(seconds=61), 413),
    "digital silence": ((SPEECH / "silence.wav").read_bytes(), 422),
}


def stored(system: LocalSystem) -> tuple[int, int, int]:
    """How much there is: recordings, events, tasks."""
    aws = system.endpoints["aws"]
    s3 = boto3.client(
        "s3",
        endpoint_url=aws,
        region_name=system.endpoints["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    objects = s3.list_objects_v2(Bucket=system.endpoints["bucket"], Prefix="recordings/")
    [events] = system.sql("select count(*) as n from private.inbox")
    [tasks] = system.sql("select count(*) as n from task_events")
    return objects["KeyCount"], events["n"], tasks["n"]


def refused(response: Any, status: int) -> str:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"].endswith((".", "!"))
    return str(problem["type"]).rsplit("/", 1)[-1]


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_bad_recording_is_refused_at_the_door(ada: Person, name: str) -> None:
    audio, status = RECORDINGS[name]
    before = stored(ada.system)
    answer = ada.request("POST", "/task", files={"audio": ("task.wav", audio, "audio/wav")})
    refused(answer, status)
    assert stored(ada.system) == before


def forged(system: LocalSystem, **claims: Any) -> str:
    """A token of the right form under a wrong key."""
    usual = {"sub": "00000000-0000-0000-0000-000000000001", "aud": "authenticated"}
    return jwt.encode(usual | claims, "not the secret of this project!!", "HS256")


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ("no token", "no-token"),
        ("bad signature", "bad-token"),
        ("expired", "token-expired"),
        ("wrong audience", "bad-token"),
    ],
)
def test_who_is_not_signed_in_is_refused(ada: Person, case: str, kind: str) -> None:
    system = ada.system
    who = (system.settings, str(ada.id), ada.email)
    authorization = {
        "no token": {},
        "bad signature": {"Authorization": f"Bearer {forged(system)}"},
        "expired": {"Authorization": f"Bearer {access_token(*who, expires=-3600)}"},
        "wrong audience": {"Authorization": f"Bearer {access_token(*who, audience='anon')}"},
    }[case]
    before = stored(system)
    audio = {"audio": ("task.wav", SPOKEN, "audio/wav")}
    answer = system.request("POST", "/task", files=audio, headers=authorization)
    assert refused(answer, 401) == kind
    assert stored(system) == before
    assert system.request("GET", "/tasks", headers=authorization).status_code == 401


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"note": (None, "hello")}, 400),
        ({"text": (None, "   ")}, 400),
        ({"audio": ("a.wav", SPOKEN, "audio/wav"), "text": (None, "both")}, 400),
        ({"audio": ("a.wav", SPOKEN, "audio/wav"), "repo": (None, "../../etc")}, 400),
        ({"text": (None, "x" * 4001)}, 413),
    ],
    ids=["no audio part", "blank text", "both", "no repository", "4001 characters"],
)
def test_a_form_that_makes_no_sense_is_refused(ada: Person, parts: Any, status: int) -> None:
    before = stored(ada.system)
    refused(ada.request("POST", "/task", files=parts), status)
    assert stored(ada.system) == before


def test_a_body_that_is_no_form_is_refused(ada: Person) -> None:
    before = stored(ada.system)
    refused(ada.request("POST", "/task", json={"text": "hello"}), 415)
    assert stored(ada.system) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"job_id": 1}'])
def test_a_decision_that_is_malformed_is_refused(ada: Person, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused(ada.request("POST", "/webhook/approve", data=body, headers=headers), 400)


def test_a_task_that_never_was_is_404(ada: Person) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    refused(ada.request("GET", f"/tasks/{unknown}"), 404)
    body = {"job_id": unknown, "commit_sha": "0" * 40}
    refused(ada.request("POST", "/webhook/approve", json=body), 404)


def callback(system: LocalSystem, key: str, at: float) -> Any:
    """Report a status as a runner would."""
    body = (ROOT / "contracts/examples/valid/runner-status.json").read_bytes()
    stamp = str(int(at))
    signature = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return system.request(
        "POST",
        "/callback/runner-status",
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-Sayso-Timestamp": stamp,
            "X-Sayso-Signature": f"sha256={signature}",
        },
    )


@pytest.mark.parametrize(
    ("key", "age"), [("not the callback key", 0), ("right", 301), ("right", -301)]
)
def test_a_callback_with_a_wrong_signature_or_time_is_refused(
    system: LocalSystem, key: str, age: int
) -> None:
    right = system.endpoints["callback_key"]
    before = stored(system)
    refused(callback(system, right if key == "right" else key, time.time() - age), 401)
    assert stored(system) == before


def test_a_callback_for_a_job_it_was_not_given_changes_nothing(system: LocalSystem) -> None:
    example = json.loads((ROOT / "contracts/examples/valid/runner-status.json").read_text())
    assert models.RunnerStatus.model_validate(example).job_token == "a" * 64
    before = stored(system)
    answer = callback(system, system.endpoints["callback_key"], time.time())
    assert refused(answer, 401) == "bad-job-token"
    assert stored(system) == before


@pytest.mark.parametrize(
    "device",
    [{}, {"token": "ExponentPushToken[a]"}, {"token": "nonsense", "platform": "ios"}],
)
def test_a_device_that_makes_no_sense_is_refused(ada: Person, device: dict[str, str]) -> None:
    refused(ada.request("PUT", "/device", json=device), 400)
