"""dispatch: words, approvals, rejections and undos become jobs; dead jobs become inspections."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import batch
from contracts.bus import Queue, Topic
from contracts.database import Database
from services.dispatch.dispatcher import Dispatcher
from services.dispatch.registry import Registry
from services.dispatch.rules import Limits
from services.dispatch.settings import DispatchSettings

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Take a batch of the queue `dispatch`, or of the dead letters of the runner's queues."""
    dispatcher = _dispatcher()
    return batch.consume(event, context, dispatcher.on_message, dispatcher.on_dead_letter)


@cache
def _dispatcher() -> Dispatcher:
    settings = DispatchSettings()
    sqs = boto3.client("sqs")
    return Dispatcher(
        registry=Registry(Database(settings.database_url.get_secret_value())),
        topic=Topic(settings.task_events_topic_arn, boto3.client("sns")),
        jobs=Queue(settings.sqs_url, sqs),
        control=Queue(settings.runner_control_queue_url, sqs),
        limits=Limits(**settings.model_dump(include=set(Limits.__annotations__))),
        max_in_flight=settings.max_jobs_in_flight,
        token_key=settings.job_token_key.get_secret_value(),
    )
