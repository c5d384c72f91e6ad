"""GET /tasks, GET /tasks/{job_id}, GET /repos."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.auth import Verifier
from contracts.database import Database
from contracts.http import Answer, Problem, Request, answer
from services.status import queries
from services.status.queries import BadCursor, job_id_of

PAGE = 20
LONGEST_PAGE = 100


@dataclass(frozen=True)
class Reading:
    """Answers what users ask about their own tasks.

    Attributes:
        sign_url: makes the address at which an object of `media` can be fetched for a while.
    """

    database: Database
    verifier: Verifier
    sign_url: Callable[[str], str]

    def tasks(self, request: Request) -> Answer:
        """A page of the caller's tasks; 304 when the caller has it already."""
        user = self.verifier.user_of(request)
        limit = _limit(request.query.get("limit", str(PAGE)))
        try:
            with self.database.transaction() as connection:
                page, cursor = queries.tasks_of(
                    connection, user.id, limit, request.query.get("cursor")
                )
        except BadCursor as error:
            raise Problem(400, "bad-cursor", "Begin again without a cursor.") from error
        return tagged(request, {"tasks": [task.as_json() for task in page], "next": cursor})

    def task(self, request: Request) -> Answer:
        """One task of the caller with its timeline and, if there is a change, its diff."""
        user = self.verifier.user_of(request)
        with self.database.transaction() as connection:
            task = queries.own_task(connection, user.id, job_id_of(request))
            timeline = queries.timeline(connection, task.row)
        body = {**task.as_json(), "timeline": timeline}
        diff_key = task.row.diff_key
        return tagged(request, body, {"diff_url": self.sign_url(diff_key) if diff_key else None})

    def repos(self, request: Request) -> Answer:
        """The repositories that the caller may change."""
        user = self.verifier.user_of(request)
        with self.database.transaction() as connection:
            return answer(200, {"repos": queries.repos_of(connection, user.id)})


def tagged(request: Request, body: dict[str, Any], passing: dict[str, Any] | None = None) -> Answer:
    """Answer with an ETag, or 304 if the caller holds the same.

    Args:
        request: its `If-None-Match` is looked at.
        body: what the tag stands for.
        passing: more to answer, which is different each time and means the same.
    """
    etag = f'"{hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "").split(",")
    if {etag, "*"} & {tag.strip().removeprefix("W/") for tag in known}:
        return answer(304, ETag=etag)
    return answer(200, {**body, **(passing or {})}, ETag=etag)


def _limit(text: str) -> int:
    limits = {str(limit): limit for limit in range(1, LONGEST_PAGE + 1)}
    if text not in limits:
        raise Problem(400, "bad-limit", f"limit is a number from 1 to {LONGEST_PAGE}.")
    return limits[text]
