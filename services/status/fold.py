"""The row of a task as a pure function of everything that was said about it.

Neither the order of arrival nor repeats change the result. Which event decides a task's status:

| rank      | said by                                             | among equals |
| --------- | --------------------------------------------------- | ------------ |
| MERGED    | a run that merged                                   | the first    |
| CANCELLED | a person who took the request back                  | the first    |
| NEEDLESS  | a run that found that nothing needs changing        | the first    |
| FAILED    | a run that failed, or closed what a person rejected | the first    |
| ASKED     | a run that opened a pull request                    | the newest   |
| BROKEN    | a service that could not bring the task to a runner | the first    |
| OPEN      | nothing of these: the status is pending             |              |

A higher rank overrules a lower one whenever it arrives: git's word counts more than anybody's, and
a dead letter never overturns an outcome. That a task is both merged and cancelled, job-control
prevents; the fold would believe git.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import IntEnum
from typing import TypeVar
from uuid import UUID

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
from services.status import wording
from services.status.row import Row

TaskEvent = (
    TaskUploaded
    | TaskTranscribed
    | TaskUndoRequested
    | TaskDispatched
    | TaskProgressed
    | RunnerStatusReported
    | TaskApproved
    | TaskRejected
    | TaskCancelled
    | TaskFailed
)
"""What a history is made of."""

Birth = TaskUploaded | TaskTranscribed | TaskUndoRequested
"""The events that carry a verified user: a task begins with the first of them."""

Decision = RunnerStatusReported | TaskCancelled | TaskFailed
"""The events that can decide a status. A person's yes or no is a phase: git has the last word."""

E = TypeVar("E", bound=Message)

MOST_MS = 2**31 - 1
"""What the column holds: a pull request may well wait for longer than these 24.8 days."""


class Rank(IntEnum):
    """How much an event counts; see the table above."""

    OPEN = 0
    BROKEN = 1
    ASKED = 2
    FAILED = 3
    NEEDLESS = 4
    CANCELLED = 5
    MERGED = 6


STEPS: dict[type[Message], str] = {
    TaskUploaded: "heard",
    TaskTranscribed: "understood",
    TaskUndoRequested: "understood",
    TaskApproved: "approved",
    TaskRejected: "rejected",
    TaskDispatched: "queued",
    TaskProgressed: "working",  # more exactly: the phase that it names
}
"""The phase that begins with an event, in the order of the road, not of anybody's clock."""

OUTCOME_RANKS = {
    "auto_merged": Rank.MERGED,
    "ok": Rank.MERGED,
    "fail": Rank.FAILED,
    "pr_opened": Rank.ASKED,
}


def fold(events: Iterable[TaskEvent]) -> Row | None:
    """Compute the row of one task.

    Args:
        events: of one job, in any order, repeats welcome.

    Returns:
        The row, or None as long as no event says whose task it is.
    """
    heard = sorted({event.id: event for event in events}.values(), key=lambda e: (e.time, e.id))
    birth = next((event for event in heard if isinstance(event, Birth)), None)
    if birth is None:
        return None
    words = _last(heard, TaskTranscribed) or _last(heard, TaskUndoRequested)
    place = _last(heard, TaskDispatched) or birth
    runs = [event.data for event in heard if isinstance(event, RunnerStatusReported)]
    spending = _spending(runs)
    decision = _decision(heard)
    status, reason, notes = _verdict(decision)
    result = _result(decision, runs)
    phase = _phase(heard, status, result.commit_sha if result else None)
    transcript = words.data.text if words else None
    asked = result if status == "pr_opened" else None
    return Row(
        id=birth.job_id,
        user_id=birth.user_id,
        ts_start=birth.time,
        status=status,
        phase=phase,
        reason=reason,
        summary=wording.summary(phase, notes, transcript, asked),
        subject=result.summary if result else None,
        why=wording.reason(asked),
        notes=notes,
        transcript=transcript,
        confidence=words.data.confidence if isinstance(words, TaskTranscribed) else None,
        repo=(result and result.repo) or place.data.repo,
        branch=(result and result.branch) or getattr(place.data, "branch", None),
        base_sha=result.base_sha if result else None,
        commit_sha=result.commit_sha if result else None,
        pr_url=result.pr_url if result else None,
        undoes=_undoes(heard),
        diff_key=result.diff_key if result else None,
        loc_delta=result.loc_delta if result else None,
        files_touched=tuple(result.files_touched) if result else (),
        lint_passed=result.lint_passed if result else None,
        tests_passed=result.tests_passed if result else None,
        tests_added=result.tests_added if result else None,
        tok_in=sum(run.tok_in for run in spending),
        tok_out=sum(run.tok_out for run in spending),
        cost_usd=round(sum(run.cost_usd or 0 for run in spending), 6),
        duration_ms=milliseconds(decision.time - birth.time) if decision else None,
    )


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds: not below zero, since clocks differ, nor above `MOST_MS`."""
    return min(max(0, span // timedelta(milliseconds=1)), MOST_MS)


def _rank(event: Message) -> Rank:
    match event:
        case RunnerStatusReported():
            needless = event.data.status == "ok" and event.data.commit_sha is None
            return Rank.NEEDLESS if needless else OUTCOME_RANKS[event.data.status]
        case TaskCancelled():
            return Rank.CANCELLED
        case TaskFailed():
            return Rank.BROKEN
    return Rank.OPEN


def _decision(heard: list[TaskEvent]) -> Decision | None:
    """The event that decides the status; None while it is pending."""
    decisions = [event for event in heard if isinstance(event, Decision)]
    if not decisions:
        return None
    highest = max(map(_rank, decisions))
    equals = [event for event in decisions if _rank(event) == highest]
    return equals[-1] if highest == Rank.ASKED else equals[0]


def _verdict(decision: Decision | None) -> tuple[str, str | None, str | None]:
    """Status, reason and the sentence for the user."""
    match decision:
        case RunnerStatusReported():
            return decision.data.status, decision.data.reason, decision.data.notes
        case TaskFailed():
            return "fail", decision.data.reason, decision.data.message
        case TaskCancelled():
            return "fail", "cancelled", decision.data.message
    return "pending", None, None


def _result(decision: Decision | None, runs: list[RunnerStatus]) -> RunnerStatus | None:
    """What the deciding run made; what it leaves out is known from the pull request before it."""
    asked = next((run for run in reversed(runs) if run.status == "pr_opened"), None)
    if not isinstance(decision, RunnerStatusReported):
        return asked if isinstance(decision, TaskCancelled) else None
    if asked is None or decision.data.status == "auto_merged" or _rank(decision) == Rank.NEEDLESS:
        return decision.data
    known = decision.data.model_dump(exclude_none=True)
    return asked.model_copy(update=known)


def _undoes(heard: list[TaskEvent]) -> UUID | None:
    """The task that is taken back: asked for by name, or by words that dispatch understood."""
    for event in heard:
        if isinstance(event, TaskUndoRequested | TaskDispatched) and event.data.undoes:
            return event.data.undoes
    return None


def _spending(runs: list[RunnerStatus]) -> list[RunnerStatus]:
    """The runs whose costs add up: those that wrote. The others recall from git what that cost."""
    return [run for run in runs if run.kind in ("change", "revert")] or runs[:1]


def _phase(heard: list[TaskEvent], status: str, commit_sha: str | None) -> str | None:
    """The furthest step that no finished run has ended; None when nothing is being done."""
    if status != "pending" and not (status == "pr_opened" and _is_decided(heard, commit_sha)):
        return None
    finished = {event.data.run for event in heard if isinstance(event, RunnerStatusReported)}
    order = list(STEPS)
    _, _, furthest = max(
        (order.index(type(event)), position, event)
        for position, event in enumerate(heard)
        if type(event) in STEPS and getattr(event.data, "run", None) not in finished
    )
    return furthest.data.phase if isinstance(furthest, TaskProgressed) else STEPS[type(furthest)]


def _is_decided(heard: list[TaskEvent], commit_sha: str | None) -> bool:
    """Whether a person answered for this commit and was not asked again since.

    A service that could not pass the answer on asks again, too.
    """
    for event in reversed(heard):
        if isinstance(event, Decision):
            return False
        if isinstance(event, TaskApproved | TaskRejected) and event.data.commit_sha == commit_sha:
            return True
    return False


def _last(heard: list[TaskEvent], kind: type[E]) -> E | None:
    return next((event for event in reversed(heard) if isinstance(event, kind)), None)
