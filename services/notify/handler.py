"""notify: what a task came to becomes a push on a phone; PUT and DELETE /device say which."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import batch, http
from contracts.observing import step

if TYPE_CHECKING:
    from services.notify.notifier import Notifier
    from services.notify.receipts import Receipts

logger = Logger()

Route = Callable[[http.Request], http.Answer]


@logger.inject_lambda_context(clear_state=True)
def handler(
    event: dict[str, Any], context: LambdaContext
) -> http.Answer | PartialItemFailureResponse | dict[str, int]:
    """Answer the HTTP API or the clock, or take a batch of the queue or its dead letters."""
    if "routeKey" in event:
        return http.serve(event, _routes())
    if event.get("schedule") == "receipts":
        with step("receipts"):
            return _receipts().check()
    notifier = _notifier()
    return batch.consume(event, context, notifier.on_message, notifier.on_dead_letter)


@cache
def _routes() -> dict[str, Route]:
    from services.notify import assembly

    devices = assembly.devices()
    return {"PUT /device": devices.register, "DELETE /device": devices.forget}


@cache
def _receipts() -> "Receipts":
    from services.notify import assembly

    return assembly.receipts()


@cache
def _notifier() -> "Notifier":
    from services.notify import assembly

    return assembly.notifier()
