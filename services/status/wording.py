"""What people read: the line for a lock screen, and a line for each step of a timeline."""

from contracts.message import Message
from contracts.models import (
    RunnerStatus,
    RunnerStatusReported,
    TaskApproved,
    TaskCancelled,
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
CANCELLED = "You cancelled it; nothing was merged."
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


def summary(
    phase: str | None, notes: str | None, transcript: str | None, asked: RunnerStatus | None
) -> str:
    """One line for a lock screen, at most 500 characters.

    Args:
        phase: what is being done just now, if anything is.
        notes: the runner's or a service's sentence about the outcome; only its first line counts.
        transcript: what was said.
        asked: what the run made that asks for an answer, if one is waited for.
    """
    if phase:
        text = PHASES[phase]
    elif asked:
        text = _question(asked, transcript)
    else:
        text = first_line(notes or "")
    return _short(text)


def reason(asked: RunnerStatus | None) -> str | None:
    """The first reason why a person is asked, as a clause of at most 500 characters."""
    return _short(asked.asks[0]) if asked and asked.asks else None


def _question(asked: RunnerStatus, transcript: str | None) -> str:
    """What is to be approved, why that is asked, and what was said that led to it."""
    why = asked.asks[0] if asked.asks else ""
    parts = (
        f"Approve “{asked.summary}”?" if asked.summary else "Approve the change?",
        f"{why[0].upper()}{why[1:]}." if why else "",
        f"You said: “{transcript}”" if transcript else "",
    )
    return " ".join(filter(None, parts))


def _short(text: str) -> str:
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1] + "…"


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
            return first_line(event.data.notes)
    return FIXED[type(event)]


FIXED: dict[type[Message], str] = {
    TaskUploaded: PHASES["heard"],
    TaskApproved: PHASES["approved"],
    TaskRejected: PHASES["rejected"],
    TaskCancelled: "Cancelled by you",
}
"""A line for each event that has nothing more to tell."""


def first_line(text: str) -> str:
    """A text without the output of tools that may follow it."""
    return text.partition("\n")[0]
