"""What a person decided about a row, as the event that dispatch makes a job of."""

from typing import Any
from uuid import UUID

from contracts.identity import new_event
from contracts.models import (
    TaskApproved,
    TaskApprovedData,
    TaskRejected,
    TaskRejectedData,
    TaskUndoRequested,
    TaskUndoRequestedData,
)
from services.status.row import Row

LONGEST_TEXT = 4000


def approval(row: Row, override: bool) -> TaskApproved:
    """Merge the commit that waits; `override` insists although lint or tests failed."""
    data = TaskApprovedData.model_validate(_facts(row) | {"override": override})
    return new_event(TaskApproved, row.id, row.user_id, data)


def rejection(row: Row) -> TaskRejected:
    """Close the pull request that waits."""
    return new_event(
        TaskRejected, row.id, row.user_id, TaskRejectedData.model_validate(_facts(row))
    )


def undo(merged: Row, job_id: UUID, email: str) -> TaskUndoRequested:
    """Begin a task that takes a merged one back.

    Args:
        merged: the row of the merged one.
        job_id: the new task.
        email: the verified address of its user.
    """
    data = {
        "undoes": merged.id,
        "commit_sha": merged.commit_sha,
        "repo": merged.repo,
        "branch": merged.branch,
        "text": f"Undo: {merged.transcript or merged.summary}"[:LONGEST_TEXT],
        "email": email,
    }
    return new_event(
        TaskUndoRequested, job_id, merged.user_id, TaskUndoRequestedData.model_validate(data)
    )


def _facts(row: Row) -> dict[str, Any]:
    """What a runner needs in order to act on a decision."""
    return {
        "commit_sha": row.commit_sha,
        "repo": row.repo,
        "branch": row.branch,
        "base_sha": row.base_sha,
        "pr_url": row.pr_url,
        "text": row.transcript,
    }
