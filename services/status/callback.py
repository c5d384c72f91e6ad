"""POST /callback/runner-status: a runner says how a run ended, over HTTP instead of a topic."""

import time
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from contracts.http import Answer, Problem, Request, answer
from contracts.identity import new_event
from contracts.models import RunnerStatus, RunnerStatusReported
from services.status.history import History
from services.status.signatures import check_callback, is_job_token

NOBODY = UUID(int=0)
"""A callback names no user, and the fold asks no run whose task it is."""


@dataclass(frozen=True)
class Callback:
    """Takes signed statuses into the history; a repeat changes nothing."""

    history: History
    callback_key: str

    def runner_status(self, request: Request) -> Answer:
        """Record a runner's status.

        Raises:
            Problem: 401 not signed, signed long ago, or not by the runner of that job; 400.
        """
        check_callback(self.callback_key, request.headers, request.body, time.time())
        try:
            status = RunnerStatus.model_validate_json(request.body)
        except ValidationError as error:
            raise Problem(400, "malformed", "The body is not a runner-status.") from error
        if not is_job_token(
            status.job_token, self.history.job_token_key, status.job_id, status.run
        ):
            raise Problem(401, "bad-job-token", "The job token is not the one of this run.")
        self.history.record(new_event(RunnerStatusReported, status.job_id, NOBODY, status))
        return answer(204)
