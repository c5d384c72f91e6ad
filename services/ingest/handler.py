"""ingest: an upload becomes a stored recording and an accepted task."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from contracts import http
from contracts.auth import AuthSettings, Verifier
from contracts.bus import Topic
from contracts.settings import Settings
from services.ingest.admission import Admission
from services.ingest.intake import Intake, Media

logger = Logger()


class IngestSettings(Settings):
    """Where recordings and events go, and how much one user may ask for."""

    task_events_topic_arn: str
    media_bucket: str
    media_endpoint_url: str | None = None
    idempotency_table: str
    tasks_per_minute: int = 60


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> http.Answer:
    """Answer one request of the HTTP API."""
    return http.serve(event, {"POST /task": lambda request: _intake().accept(request)})


@cache
def _intake() -> Intake:
    settings = IngestSettings()
    # Supabase Storage and other S3 endpoints know buckets by path, not by host name.
    by_path = Config(s3={"addressing_style": "path"}) if settings.media_endpoint_url else None
    s3 = boto3.client("s3", endpoint_url=settings.media_endpoint_url, config=by_path)
    return Intake(
        verifier=Verifier(AuthSettings()),
        admission=Admission(
            settings.idempotency_table, boto3.client("dynamodb"), settings.tasks_per_minute
        ),
        media=Media(settings.media_bucket, s3),
        topic=Topic(settings.task_events_topic_arn, boto3.client("sns")),
    )
