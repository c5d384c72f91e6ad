"""dispatch: words, approvals, rejections and undos become jobs; dead jobs become inspections."""

from functools import cache
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from contracts import batch
from contracts.bus import Queue, Topic
from contracts.database import Database
from contracts.settings import Settings
from services.dispatch.dispatcher import Dispatcher
from services.dispatch.registry import Registry
from services.dispatch.rules import Limits

logger = Logger()


def _paths(value: str) -> tuple[str, ...]:
    return tuple(path.strip() for path in value.split(",") if path.strip())


class DispatchSettings(Settings):
    """Where jobs and events go, and what bounds every job; paths are separated by commas."""

    task_events_topic_arn: str
    sqs_url: str
    runner_control_queue_url: str
    database_url: SecretStr
    job_token_key: SecretStr
    auto_merge_loc_limit: int = Field(500, ge=0)
    blocked_paths: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_paths)] = ("security/",)
    max_usd: float = Field(0.50, gt=0)
    max_seconds: int = Field(300, ge=1)
    max_jobs_in_flight: int = Field(5, ge=1)


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
