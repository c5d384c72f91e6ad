"""Who may speak for a run: job tokens, and the signature of the HTTP callback."""

import hmac
from collections.abc import Mapping
from uuid import UUID

from contracts.http import Problem
from contracts.job_token import job_token

WINDOW_SECONDS = 300


def is_job_token(token: str, key: str, job_id: UUID, run: UUID) -> bool:
    """Whether a token belongs to this run of this job; compared in constant time."""
    return hmac.compare_digest(token, job_token(key, job_id, run))


def callback_signature(key: str, timestamp: str, body: bytes) -> str:
    """What `X-Sayso-Signature` must say about a body sent at `timestamp` (Unix seconds)."""
    signed = hmac.new(key.encode(), timestamp.encode() + b"." + body, "sha256")
    return f"sha256={signed.hexdigest()}"


def check_callback(key: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Refuse a callback that nobody with the key signed, or not lately.

    Args:
        key: the callback key.
        headers: with lower-case names.
        body: as it came, byte for byte.
        now: Unix seconds.

    Raises:
        Problem: 401.
    """
    timestamp = headers.get("x-sayso-timestamp", "")
    signature = headers.get("x-sayso-signature", "")
    expected = callback_signature(key, timestamp, body)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        raise Problem(401, "bad-signature", "The signature does not fit the body and timestamp.")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise Problem(401, "stale-timestamp", "Signed too long ago: sign again with the time now.")
