"""ingest: an upload becomes a stored recording and an accepted task."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import http
from contracts.auth import AuthSettings, Verifier
from contracts.bus import Topic
from contracts.media import Media, MediaSettings
from services.ingest.admission import Admission
from services.ingest.intake import Intake

logger = Logger()


class IngestSettings(MediaSettings):
    """Where recordings and events go, and how much one user may ask for."""

    task_events_topic_arn: str
    idempotency_table: str
    tasks_per_minute: int = 60


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> http.Answer:
    """Answer one request of the HTTP API."""
    return http.serve(event, {"POST /task": lambda request: _intake().accept(request)})


@cache
def _intake() -> Intake:
    settings = IngestSettings()
    return Intake(
        verifier=Verifier(AuthSettings()),
        admission=Admission(
            settings.idempotency_table, boto3.client("dynamodb"), settings.tasks_per_minute
        ),
        media=Media.of(settings),
        topic=Topic(settings.task_events_topic_arn, boto3.client("sns")),
    )
