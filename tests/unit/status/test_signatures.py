"""Who may speak for a run, and for how long a signature holds."""

from uuid import uuid4

import pytest

from contracts.http import Problem
from contracts.job_token import job_token
from services.status.signatures import callback_signature, check_callback, is_job_token

KEY = "a key"
NOW = 1_790_000_000
BODY = b'{"status": "ok"}'


def signed(timestamp: object = NOW, body: bytes = BODY, key: str = KEY) -> dict[str, str]:
    return {
        "x-sayso-timestamp": str(timestamp),
        "x-sayso-signature": callback_signature(key, str(timestamp), body),
    }


def test_a_token_belongs_to_one_run_of_one_job() -> None:
    job, run = uuid4(), uuid4()
    token = job_token(KEY, job, run)
    assert is_job_token(token, KEY, job, run)
    assert not is_job_token(token, KEY, job, uuid4())
    assert not is_job_token(token, KEY, uuid4(), run)
    assert not is_job_token(token, "another key", job, run)


def test_the_signature_is_the_published_one() -> None:
    # echo -n '1790000000.{"status": "ok"}' | openssl dgst -sha256 -hmac 'a key'
    assert (
        callback_signature(KEY, "1790000000", BODY)
        == "sha256=8ba45748be0e9b3f26ed4d28f9139c9ded19ad5eb9c5289287a2ed9eaba4492a"
    )


@pytest.mark.parametrize("age", [0, 300, -300])
def test_a_fresh_signature_holds(age: int) -> None:
    check_callback(KEY, signed(NOW - age), BODY, NOW)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "bad-signature"),
        (signed(key="another key"), "bad-signature"),
        (signed(body=b"{}"), "bad-signature"),
        (signed() | {"x-sayso-timestamp": str(NOW + 1)}, "bad-signature"),
        (signed() | {"x-sayso-signature": "sha256=é"}, "bad-signature"),
        (signed(NOW - 301), "stale-timestamp"),
        (signed(NOW + 301), "stale-timestamp"),
        (signed("soon"), "stale-timestamp"),
        (signed("-5"), "stale-timestamp"),
    ],
)
def test_any_other_signature_is_refused(headers: dict[str, str], kind: str) -> None:
    with pytest.raises(Problem) as refused:
        check_callback(KEY, headers, BODY, NOW)
    assert (refused.value.status, refused.value.kind) == (401, kind)
