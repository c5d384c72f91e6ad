"""Outcomes to tell about; each takes what matters to a test."""

from typing import Any
from uuid import UUID, uuid4

from contracts.identity import new_event
from contracts.models import DemoReady, DemoReadyData, TaskSettled, TaskSettledData

REPO = "git@github.com:sayso/wordcount.git"
COMMIT = "1" * 40
TOKEN = "ExponentPushToken[abcdefghijklmnopqrstuv]"


def outcome(**changes: Any) -> TaskSettledData:
    """A small merged change."""
    plain: dict[str, Any] = {
        "version": 1,
        "status": "auto_merged",
        "reason": None,
        "summary": "Merged to main: feat(cli): add a --stdin flag.",
        "subject": "feat(cli): add a --stdin flag",
        "tests_added": 3,
        "why": None,
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


def asking(why: str | None = "it touches security/keys.py", **changes: Any) -> dict[str, Any]:
    """The changes that make it a question."""
    reason = {"reason": "blocked_path"}
    return {"status": "pr_opened", "needs_approval": True, "why": why} | reason | changes


def clip(user_id: UUID | None = None, **changes: Any) -> DemoReady:
    """The event that tells of a clip."""
    plain: dict[str, Any] = {
        "tag": "v1.4.0",
        "clip_key": "clips/v1.4.0.mp4",
        "seconds": 8.0,
        "notes": "Made by ffmpeg from screenshots.",
    }
    return new_event(DemoReady, uuid4(), user_id or uuid4(), DemoReadyData(**plain | changes))
