"""A job's token: whoever sends it back was given the job. Made by dispatch, checked by status."""

import hmac
from uuid import UUID


def job_token(key: str, job_id: UUID, run: UUID) -> str:
    """HMAC-SHA256 of job and run in hex, under a key that no runner knows."""
    return hmac.new(key.encode(), f"{job_id}.{run}".encode(), "sha256").hexdigest()
