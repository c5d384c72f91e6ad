"""POST /tasks/{job_id}/cancel and /undo: a person takes back what they asked for."""

from dataclasses import dataclass
from uuid import UUID

from contracts.auth import Verifier
from contracts.database import Connection
from contracts.http import Answer, Problem, Request, answer
from contracts.identity import new_event, undo_id_for
from contracts.models import TaskCancelled, TaskCancelledData
from services.status import history, orders, outbox, queries, wording
from services.status.control import JobControl, TooLate
from services.status.history import History
from services.status.queries import job_id_of


@dataclass(frozen=True)
class Retraction:
    """Stops what is not merged, and has taken back what is."""

    history: History
    verifier: Verifier
    control: JobControl

    def cancel(self, request: Request) -> Answer:
        """Stop a task at any moment before its delivery; a repeat changes nothing.

        The table comes first, since it decides. If the history is not written then, a repeat of
        the request writes it, and the runner reports that the job is cancelled anyway.
        """
        user = self.verifier.user_of(request)
        with self.history.database.transaction() as connection:
            row = queries.own_task(connection, user.id, job_id_of(request), hold=True).row
            if not row.is_cancelled:
                if row.is_final:
                    raise _too_late()
                try:
                    self.control.cancel(row.id)
                except TooLate as late:
                    raise _too_late() from late
                data = TaskCancelledData(producer="status", message=wording.CANCELLED)
                history.store(connection, new_event(TaskCancelled, row.id, row.user_id, data))
                row = queries.own_task(connection, user.id, row.id).row
        self.history.outbox.publish()
        return answer(202, {"job_id": str(row.id), "status": row.status})

    def undo(self, request: Request) -> Answer:
        """Begin a task that takes a merged one back; the same one unless an earlier one failed."""
        user = self.verifier.user_of(request)
        with self.history.database.transaction() as connection:
            merged = queries.own_task(connection, user.id, job_id_of(request), hold=True).row
            if not merged.is_merged:
                raise Problem(409, "not_merged", "Nothing of this task is merged: nothing to undo.")
            undoing, is_new = _undo_of(connection, merged.id)
            if is_new:
                event = orders.undo(merged, undoing, user.email)
                history.store(connection, event)
                outbox.put(connection, event)
        self.history.outbox.publish()
        return answer(202, {"job_id": str(undoing)})


def _undo_of(connection: Connection, merged: UUID) -> tuple[UUID, bool]:
    """The task that takes another one back, and whether it is still to be begun."""
    undos = queries.undos_of(connection, merged)
    for job_id, stands in undos:
        if stands:
            return job_id, False
    return undo_id_for(merged, attempt=len(undos)), True


def _too_late() -> Problem:
    return Problem(
        409, "too_late", "It is too late to cancel: this task has ended, or is being merged now."
    )
