"""Grants and requests to decide about; each takes what matters to a test."""

from typing import Any
from uuid import UUID, uuid4

from contracts.identity import new_event
from contracts.models import (
    TaskApproved,
    TaskApprovedData,
    TaskRejected,
    TaskRejectedData,
    TaskTranscribed,
    TaskTranscribedData,
    TaskUndoRequested,
    TaskUndoRequestedData,
)
from services.dispatch.registry import Grant
from services.dispatch.rules import Limits

REPO = "git@github.com:sayso/wordcount.git"
COMMIT = "1" * 40
PULL = "https://github.com/sayso/wordcount/pull/7"
EMAIL = "ada@example.org"
KEY = "the key of the job tokens"
LIMITS = Limits(
    auto_merge_loc_limit=500, blocked_paths=("security/",), max_usd=0.5, max_seconds=300
)


def grant(repo: str = REPO, **changes: Any) -> Grant:
    """A repository without limits of its own."""
    plain: dict[str, Any] = {
        "branch": "main",
        "is_default": False,
        "style_guide": None,
        "auto_merge_loc_limit": None,
        "notify_threshold_loc": None,
        "blocked_paths": (),
        "max_usd": None,
    }
    return Grant(repo=repo, **plain | changes)


def transcribed(user_id: UUID, job_id: UUID | None = None, **changes: Any) -> TaskTranscribed:
    """Words that were heard."""
    said: dict[str, Any] = {
        "producer": "transcribe",
        "text": "Add a --stdin flag.",
        "confidence": 0.93,
        "source": "speech",
        "email": EMAIL,
        "repo": None,
    }
    data = TaskTranscribedData(**said | changes)
    return new_event(TaskTranscribed, job_id or uuid4(), user_id, data)


def approved(user_id: UUID) -> TaskApproved:
    """A yes to a commit, insisting."""
    return new_event(TaskApproved, uuid4(), user_id, TaskApprovedData(**_about(override=True)))


def rejected(user_id: UUID) -> TaskRejected:
    """A no to a commit."""
    return new_event(TaskRejected, uuid4(), user_id, TaskRejectedData(**_about()))


def undo(user_id: UUID) -> TaskUndoRequested:
    """The wish to have a merged commit reverted."""
    data = TaskUndoRequestedData(**_about(undoes=uuid4(), email=EMAIL))
    return new_event(TaskUndoRequested, uuid4(), user_id, data)


def _about(**more: Any) -> dict[str, Any]:
    return {
        "commit_sha": COMMIT,
        "repo": REPO,
        "branch": "release/2",
        "base_sha": "b" * 40,
        "pr_url": PULL,
        "text": "Add a --stdin flag.",
    } | more
