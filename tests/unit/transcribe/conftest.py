"""transcribe as it is wired: AWS runs in process, the speech API on a local port."""

import pytest
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from pydantic import SecretStr

from contracts.media import Media
from services.transcribe.listener import Listener
from services.transcribe.once import paid_once
from services.transcribe.speech import Speech
from services.transcribe.voice import Voice
from tests.unit.cloud import Cloud
from tests.unit.transcribe.bench import CONTEXT, Bench
from tests.unit.transcribe.speech_api import speech_api


@pytest.fixture(scope="module")
def voice() -> Voice:
    """The detector, loaded once."""
    return Voice()


@pytest.fixture
def bench(aws, voice):
    """Transcribe in front of a new bucket, topic, table and speech API."""
    cloud = Cloud.of(aws)
    config = IdempotencyConfig(lambda_context=CONTEXT)
    store = DynamoDBPersistenceLayer(cloud.name, boto3_client=aws.dynamodb)
    with speech_api() as api:
        speech = Speech.at(api.url, "whisper-large-v3-turbo", SecretStr("sk-secret"))
        listener = Listener(
            media=Media(cloud.name, aws.s3),
            voice=voice,
            transcribe=paid_once(speech.transcribe, store, config),
            topic=cloud.topic,
        )
        yield Bench(cloud, api, listener.on_message)
