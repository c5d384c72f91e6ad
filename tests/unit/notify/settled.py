"""Outcomes to tell about; each takes what matters to a test."""

from typing import Any
from uuid import UUID, uuid4

from contracts.identity import new_event
from contracts.models import TaskSettled, TaskSettledData

REPO = "git@github.com:sayso/wordcount.git"
COMMIT = "1" * 40
TOKEN = "ExponentPushToken[abcdefghijklmnopqrstuv]"


def outcome(**changes: Any) -> TaskSettledData:
    """A small merged change."""
    plain: dict[str, Any] = {
        "version": 1,
        "status": "auto_merged",
        "reason": None,
        "summary": "Merged: Add a --stdin flag.",
        "repo": REPO,
        "commit_sha": COMMIT,
        "pr_url": None,
        "loc_delta": 42,
        "files_touched": ["wordcount/cli.py", "tests/test_cli.py", "README.md"],
        "duration_ms": 3812,
        "cost_usd": 0.0042,
        "needs_approval": False,
    }
    return TaskSettledData(**plain | changes)


def settled(user_id: UUID | None = None, job_id: UUID | None = None, **changes: Any) -> TaskSettled:
    """The event that tells of it."""
    return new_event(TaskSettled, job_id or uuid4(), user_id or uuid4(), outcome(**changes))
