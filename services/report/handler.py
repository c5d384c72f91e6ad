"""report: yesterday's tasks become a mail, once a night."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts.database import Database
from contracts.observing import step
from services.report.day import yesterday
from services.report.mailer import Mailer
from services.report.nightly import Nightly
from services.report.settings import MailSettings

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Mail the report of the day that ended last: `{"schedule": "nightly"}`.

    Of an earlier one with `"date": "2026-11-22"`; who has its mail gets no other.
    """
    if event.get("schedule") != "nightly":
        raise ValueError('report waits for {"schedule": "nightly"} only')
    with step("nightly"):
        nightly = _nightly()
        asked = event.get("date")
        day = date.fromisoformat(asked) if asked else yesterday(datetime.now(UTC), nightly.zone)
        return {"day": day.isoformat(), "message_ids": nightly.mail_once(day, context)}


@cache
def _nightly() -> Nightly:
    settings = MailSettings()
    return Nightly(
        database=Database(settings.database_url.get_secret_value()),
        zone=settings.mail_time_zone,
        mailer=Mailer(boto3.client("ses"), settings.mail_from),
        recipients=settings.mail_to,
        sent=DynamoDBPersistenceLayer(settings.idempotency_table),
    )
