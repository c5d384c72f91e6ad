"""Who answers which route of the HTTP API."""

from collections.abc import Callable, Mapping

from contracts.auth import Verifier
from contracts.http import Answer, Request
from services.status.callback import Callback
from services.status.control import JobControl
from services.status.decisions import Decisions
from services.status.history import History
from services.status.reading import Reading
from services.status.retraction import Retraction


def routes(
    history: History,
    verifier: Verifier,
    sign_url: Callable[[str], str],
    callback_key: str,
    control: JobControl,
) -> Mapping[str, Callable[[Request], Answer]]:
    """The functions that answer, by route key of the HTTP API."""
    reading = Reading(history.database, verifier, sign_url)
    decisions = Decisions(history.database, verifier, history.outbox)
    retraction = Retraction(history, verifier, control)
    callback = Callback(history, callback_key)
    return {
        "GET /tasks": reading.tasks,
        "GET /tasks/{job_id}": reading.task,
        "POST /tasks/{job_id}/cancel": retraction.cancel,
        "POST /tasks/{job_id}/undo": retraction.undo,
        "GET /repos": reading.repos,
        "POST /webhook/approve": decisions.approve,
        "POST /webhook/reject": decisions.reject,
        "POST /callback/runner-status": callback.runner_status,
    }
