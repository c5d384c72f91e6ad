"""status: everything that is said becomes each task's one history."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import batch, http
from contracts.bus import Topic
from contracts.database import Database
from contracts.observing import step
from services.status.history import History
from services.status.outbox import Outbox
from services.status.settings import StatusSettings

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take a batch of messages, the minute's sweep of the outbox, or a request."""
    if "Records" in event:
        return batch.consume(event, context, _history().hear, _history().hear_dead_letter)
    if event.get("schedule") == "sweep-outbox":
        with step("sweep-outbox"):
            outbox = _history().outbox
            return {"published": outbox.publish(), "forgotten": outbox.forget()}
    return http.serve(event, _routes())


_settings = cache(StatusSettings)


@cache
def _history() -> History:
    database = Database(_settings().database_url.get_secret_value())
    outbox = Outbox(database, Topic(_settings().task_events_topic_arn, boto3.client("sns")))
    return History(database, outbox, _settings().job_token_key.get_secret_value())


@cache
def _routes() -> Mapping[str, Callable[[http.Request], http.Answer]]:
    from contracts.auth import AuthSettings, Verifier
    from contracts.media import Media
    from services.status import api
    from services.status.control import JobControl

    callback_key = _settings().callback_key.get_secret_value()
    sign_url = Media.of(_settings()).signed_url
    control = JobControl(_settings().job_control_table, boto3.client("dynamodb"))
    return api.routes(_history(), Verifier(AuthSettings()), sign_url, callback_key, control)
