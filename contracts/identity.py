"""Names that come out the same however often a thing is said: the ground of every deduplication."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar, get_args
from uuid import UUID, uuid5

from contracts.message import Message

NAMESPACE = UUID("6d3f1c1e-1f0a-5d0e-9a39-0a7b4f2f7c55")


class Event(Protocol):
    """What all generated event models have in common."""

    id: UUID
    type: str
    user_id: UUID
    time: datetime
    data: Any


E = TypeVar("E", bound=Message)

# What tells two events of one type and one job apart; see DESIGN §3.
_OWN_KEY: dict[str, Callable[[Any], str]] = {
    "task.uploaded": lambda data: data.producer,
    "task.transcribed": lambda data: data.producer,
    "task.failed": lambda data: data.producer,
    "task.cancelled": lambda data: data.producer,
    "task.dispatched": lambda data: f"{data.kind}/{data.run}",
    "task.progressed": lambda data: f"{data.run}/{data.phase}",
    "runner.status": lambda data: str(data.run),
    "task.settled": lambda data: str(data.version),
    "task.approved": lambda data: data.commit_sha,
    "task.rejected": lambda data: data.commit_sha,
    "task.undo_requested": lambda data: data.commit_sha,
    "demo.requested": lambda data: data.tag,
    "demo.submitted": lambda data: f"{data.operation}/{data.look}",
    "demo.ready": lambda data: data.tag,
}


def job_id_for(user_id: UUID, idempotency_key: str) -> UUID:
    """The task of an upload: the same user and `Idempotency-Key` always give the same one."""
    return uuid5(NAMESPACE, f"{user_id}/{idempotency_key}")


def run_id_for(job_id: UUID, kind: str, subject: str) -> UUID:
    """The run of a job: asked twice for the same kind and subject, it is the same run."""
    return uuid5(NAMESPACE, f"{job_id}/{kind}/{subject}")


def undo_id_for(undone: UUID, attempt: int) -> UUID:
    """The task that takes another one back; `attempt` counts the earlier ones."""
    return uuid5(NAMESPACE, f"{undone}/undo/{attempt}")


def demo_id_for(tag: str) -> UUID:
    """The clip of a release: a tag that is pushed twice is the same one."""
    return uuid5(NAMESPACE, f"demo/{tag}")


def event_id_for(subject_id: UUID, event_type: str, data: Any) -> UUID:
    """The id of an event about a task or a clip: a repeat has the same, two facts never do."""
    return uuid5(NAMESPACE, f"{subject_id}/{event_type}/{_OWN_KEY[event_type](data)}")


def new_event(
    model: type[E], subject_id: UUID, user_id: UUID, data: Message, time: datetime | None = None
) -> E:
    """An event with its envelope filled in.

    Args:
        model: a generated event model, for example `TaskUploaded`.
        subject_id: the task (`job_id`), or for `demo.*` the clip (`demo_id`).
        user_id: the `sub` of the verified token.
        data: the model's own data.
        time: when it happened; now, if not given.
    """
    event_type = get_args(model.model_fields["type"].annotation)[0]
    subject = "demo_id" if "demo_id" in model.model_fields else "job_id"
    return model.model_validate(
        {
            "id": event_id_for(subject_id, event_type, data),
            "type": event_type,
            "version": 1,
            subject: subject_id,
            "user_id": user_id,
            "time": time or datetime.now(UTC),
            "data": data.model_dump(),
        }
    )
