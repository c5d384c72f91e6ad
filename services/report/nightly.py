"""The report of a night: made and mailed once, however often it is asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts.database import Database
from services.report.day import bounds
from services.report.mail import Mailer
from services.report.totals import totals

REMEMBERED = timedelta(days=90)

logger = Logger()


@dataclass(frozen=True)
class Nightly:
    """Makes and mails reports.

    Attributes:
        database: where tasks are.
        zone: where the readers live.
        mailer: sends the mail.
        sent: the nights that were mailed.
    """

    database: Database
    zone: ZoneInfo
    mailer: Mailer
    sent: DynamoDBPersistenceLayer

    def mail_once(self, day: date, context: LambdaContext) -> str:
        """Mail the report of a day unless that was done; answers SES's message id.

        A call that failed is forgotten, so that the next one mails. One that was killed just after
        mailing is mailed again: twice is better than never.

        Raises:
            IdempotencyAlreadyInProgressError: another call is at it right now.
        """
        config = IdempotencyConfig(expires_after_seconds=int(REMEMBERED.total_seconds()))
        config.register_lambda_context(context)  # a killed call blocks until its deadline only
        once = idempotent_function(
            self._mail,
            data_keyword_argument="day",
            persistence_store=self.sent,
            config=config,
            key_prefix="nightly",
        )
        return str(once(day=day.isoformat()))

    def _mail(self, day: str) -> str:
        date_ = date.fromisoformat(day)
        message_id = self.mailer.send(date_, totals(self.database, *bounds(date_, self.zone)))
        logger.info("mailed", day=day, message_id=message_id)
        return message_id
