"""What people read: the line for a lock screen, and a line for each step of a timeline."""

from contracts.message import Message
from contracts.models import (
    RunnerStatus,
    RunnerStatusReported,
    TaskApproved,
    TaskDispatched,
    TaskFailed,
    TaskProgressed,
    TaskRejected,
    TaskTranscribed,
    TaskUndoRequested,
    TaskUploaded,
)

SUMMARY_LENGTH = 500

NEVER_BEGAN = "Something broke on our side before the work began; please say it again."
LOST_ANSWER = "Something broke on our side and your answer got lost; please give it again."

PHASES = {
    "heard": "Recording received",
    "understood": "Request understood",
    "queued": "Waiting for a runner",
    "checkout": "Fetching the code",
    "propose": "Writing the change",
    "lint": "Checking style",
    "test": "Running tests",
    "deliver": "Delivering the commit",
    "approved": "Approved by you",
    "rejected": "Rejected by you",
}
"""A line for each phase that the fold knows."""

JOBS = {
    "change": "Queued for a runner",
    "merge": "Queued for merging",
    "close": "Queued for closing the pull request",
    "revert": "Queued for a runner",
    "inspect": "Looking up in git what became of it",
}

OUTCOMES = {
    "auto_merged": "Merged",
    "ok": "Done",
    "pr_opened": "Needs your approval",
    "fail": "Failed",
}


def summary(
    status: str,
    phase: str | None,
    notes: str | None,
    transcript: str | None,
    result: RunnerStatus | None,
) -> str:
    """One line for a lock screen, at most 500 characters.

    Args:
        status: of the task.
        phase: what is being done just now, if anything is.
        notes: the runner's or a service's sentence about the outcome.
        transcript: what was heard.
        result: what the deciding run made, if a run decided.
    """
    what = notes or (result and result.summary) or transcript or ""
    if phase:
        line = PHASES[phase]
    elif status == "fail":
        line = what
    elif status == "pr_opened" and result:
        line = f"{_question(result)} {what}"
    else:
        line = f"{OUTCOMES[status]}: {what}"
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"


def line(event: Message) -> str:
    """One line of a timeline."""
    match event:
        case TaskTranscribed() | TaskUndoRequested():
            return f"“{event.data.text}”"
        case TaskDispatched():
            return JOBS[event.data.kind]
        case TaskProgressed():
            return PHASES[event.data.phase]
        case TaskFailed():
            return event.data.message
        case RunnerStatusReported():
            return f"{OUTCOMES[event.data.status]}: {event.data.notes}"
    return FIXED[type(event)]


FIXED: dict[type[Message], str] = {
    TaskUploaded: PHASES["heard"],
    TaskApproved: PHASES["approved"],
    TaskRejected: PHASES["rejected"],
}
"""A line for each event that has nothing more to tell."""


def _question(result: RunnerStatus) -> str:
    checks = {"lint": result.lint_passed, "tests": result.tests_passed}
    failing = [name for name, passed in checks.items() if not passed]
    return f"Approve although {' and '.join(failing)} failed?" if failing else "Approve?"
