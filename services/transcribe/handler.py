"""transcribe: a stored recording becomes the words that were said."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import SecretStr

from contracts import batch
from contracts.bus import Topic
from contracts.media import Media, MediaSettings
from services.transcribe.listener import Listener
from services.transcribe.once import paid_once
from services.transcribe.speech import Speech
from services.transcribe.voice import Voice

logger = Logger()
idempotency = IdempotencyConfig(expires_after_seconds=24 * 3600)


class TranscribeSettings(MediaSettings):
    """Where recordings are, who listens to them, and where the words go."""

    task_events_topic_arn: str
    speech_base_url: str
    speech_model: str
    openai_api_key: SecretStr
    idempotency_table: str


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Listen to each recording of an SQS batch; answer which ones are to come again."""
    idempotency.register_lambda_context(context)
    return batch.consume(event, context, _listener().on_message)


@cache
def _listener() -> Listener:
    settings = TranscribeSettings()
    speech = Speech.at(settings.speech_base_url, settings.speech_model, settings.openai_api_key)
    store = DynamoDBPersistenceLayer(settings.idempotency_table)
    return Listener(
        media=Media.of(settings),
        voice=Voice(),
        transcribe=paid_once(speech.transcribe, store, idempotency),
        topic=Topic(settings.task_events_topic_arn, boto3.client("sns")),
    )
