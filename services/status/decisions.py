"""POST /webhook/approve and /webhook/reject: what only a person may decide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, StringConstraints, ValidationError

from contracts.auth import User, Verifier
from contracts.database import Connection, Database
from contracts.http import Answer, Problem, Request, answer
from contracts.models import TaskApproved, TaskRejected
from services.status import history, orders, outbox, queries
from services.status.outbox import Outbox
from services.status.row import Row


class Rejection(BaseModel):
    """A decision names exactly the commit that was shown."""

    job_id: UUID
    commit_sha: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]


class Approval(Rejection):
    """`override` insists on a commit whose lint or tests failed."""

    override: bool = False


R = TypeVar("R", bound=Rejection)


@dataclass(frozen=True)
class Decisions:
    """Takes a person's decision into the task's history, once, and says it."""

    database: Database
    verifier: Verifier
    outbox: Outbox

    def approve(self, request: Request) -> Answer:
        """Ask for the merge of a commit that waits for it; a repeat asks nothing new."""
        user = self.verifier.user_of(request)
        approval = _body(request, Approval)

        def approved(row: Row) -> TaskApproved:
            if not (row.proven or approval.override):
                raise Problem(
                    409, "not_proven", "Lint or tests failed for this commit: override to insist."
                )
            return orders.approval(row, approval.override)

        return self._decide(user, approval, "task.approved", approved)

    def reject(self, request: Request) -> Answer:
        """Ask for the closing of a pull request that waits for a decision."""
        user = self.verifier.user_of(request)
        return self._decide(user, _body(request, Rejection), "task.rejected", orders.rejection)

    def _decide(
        self,
        user: User,
        decision: Rejection,
        kind: str,
        event_of: Callable[[Row], TaskApproved | TaskRejected],
    ) -> Answer:
        with self.database.transaction() as connection:
            row = queries.own_task(connection, user.id, decision.job_id, hold=True).row
            if row.needs_approval or not _was_said(connection, kind, decision):
                _check_open(row, decision)
                event = event_of(row)
                history.store(connection, event)
                outbox.put(connection, event)
                row = queries.own_task(connection, user.id, decision.job_id).row
        self.outbox.publish()
        return answer(202, {"job_id": str(row.id), "status": row.status})


def _body(request: Request, model: type[R]) -> R:
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        wrong = sorted({str(item["loc"][0]) if item["loc"] else "body" for item in error.errors()})
        raise Problem(
            400, "malformed", f"Missing or not of its form: {', '.join(wrong)}."
        ) from error


def _check_open(row: Row, decision: Rejection) -> None:
    """Refuse a decision that comes too late or is about another commit than the tested one."""
    if row.status == "pr_opened" and row.commit_sha != decision.commit_sha:
        raise Problem(
            409, "stale-commit", "The change is another one by now: look at it and decide again."
        )
    is_known = row.repo and row.branch and row.transcript
    if not (row.needs_approval and is_known):
        raise Problem(409, "not-pending-approval", "This task does not wait for a decision.")


def _was_said(connection: Connection, kind: str, decision: Rejection) -> bool:
    """Whether the same was decided about the same commit before."""
    found = connection.execute(
        "select 1 from private.inbox where job_id = %s and type = %s"
        " and body -> 'data' ->> 'commit_sha' = %s",
        [decision.job_id, kind, decision.commit_sha],
    )
    return found.fetchone() is not None
