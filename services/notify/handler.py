"""notify: what a task came to becomes a push on a phone; PUT and DELETE /device say which."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import batch, http
from contracts.database import Database
from services.notify.settings import NotifySettings

if TYPE_CHECKING:
    from services.notify.notifier import Notifier

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(
    event: dict[str, Any], context: LambdaContext
) -> http.Answer | PartialItemFailureResponse:
    """Answer a request of the HTTP API, or take a batch of the queue or its dead letters."""
    if "routeKey" in event:
        return http.serve(event, _routes())
    notifier = _notifier()
    return batch.consume(event, context, notifier.on_message, notifier.on_dead_letter)


@cache
def _settings() -> NotifySettings:
    return NotifySettings()


@cache
def _database() -> Database:
    return Database(_settings().database_url.get_secret_value())


@cache
def _routes() -> dict[str, Callable[[http.Request], http.Answer]]:
    from contracts.auth import AuthSettings, Verifier
    from services.notify.devices import Devices

    devices = Devices(_database(), Verifier(AuthSettings()))
    return {"PUT /device": devices.register, "DELETE /device": devices.forget}


@cache
def _notifier() -> "Notifier":
    from services.notify.expo import Expo
    from services.notify.notifier import Notifier

    api_key = _settings().push_api_key.get_secret_value()
    return Notifier(_database(), Expo(_settings().push_url, api_key))
