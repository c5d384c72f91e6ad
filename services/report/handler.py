"""report: yesterday's tasks become a mail, once a night."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts.database import Database
from contracts.observing import step
from services.report.day import yesterday
from services.report.mail import Mailer
from services.report.nightly import Nightly
from services.report.settings import MailSettings

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Mail the report of the day that ended last: `{"schedule": "nightly"}`."""
    if event.get("schedule") != "nightly":
        raise ValueError('report waits for {"schedule": "nightly"} only')
    with step("nightly"):
        nightly = _nightly()
        day = yesterday(datetime.now(UTC), nightly.zone)
        return {"day": day.isoformat(), "message_id": nightly.mail_once(day, context)}


@cache
def _nightly() -> Nightly:
    settings = MailSettings()
    return Nightly(
        database=Database(settings.database_url.get_secret_value()),
        zone=settings.mail_time_zone,
        mailer=Mailer(boto3.client("ses"), settings.mail_from, settings.mail_to),
        sent=DynamoDBPersistenceLayer(settings.idempotency_table),
    )
