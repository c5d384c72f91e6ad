"""The report of a night: made and mailed once to each recipient, however often it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from contracts.database import Database
from services.report import digest
from services.report.mail import compose
from services.report.mailer import Mailer

REMEMBERED = timedelta(days=90)

logger = Logger()


class NotAllMailed(Exception):
    """Some recipients are still without their mail; the next try is about those alone."""


@dataclass(frozen=True)
class Nightly:
    """Makes and mails reports.

    Attributes:
        database: where tasks are.
        zone: where the readers live.
        mailer: sends the mail.
        recipients: addresses.
        sent: the nights that were mailed, and to whom.
    """

    database: Database
    zone: ZoneInfo
    mailer: Mailer
    recipients: Sequence[str]
    sent: DynamoDBPersistenceLayer

    def mail_once(self, day: date, context: LambdaContext) -> list[str]:
        """Mail the report of a day to whoever has not got it; answers SES's message ids.

        A call that failed is forgotten, so that the next one mails. One that was killed just after
        mailing is mailed again: twice is better than never.

        Raises:
            NotAllMailed: SES refused a recipient, or another call is mailing right now.
            psycopg.OperationalError: the database is away.
        """
        config = IdempotencyConfig(expires_after_seconds=int(REMEMBERED.total_seconds()))
        config.register_lambda_context(context)  # a killed call blocks until its deadline only
        # Made when the first recipient turns out to need it: mostly nobody does, at a repeat.
        message = cache(lambda: compose(digest.read(self.database, day, self.zone)))

        def mail(key: Sequence[str]) -> str:
            return self.mailer.send(message(), recipient=key[-1])

        once = idempotent_function(
            mail,
            data_keyword_argument="key",
            persistence_store=self.sent,
            config=config,
            key_prefix="nightly",
        )
        ids, without = [], []
        for recipient in self.recipients:
            try:
                ids.append(once(key=[day.isoformat(), recipient]))
            except (ClientError, IdempotencyAlreadyInProgressError) as error:
                logger.error("not mailed", day=day, recipient=recipient, error=str(error))
                without.append(recipient)
        if without:
            raise NotAllMailed(f"{len(without)} of {len(self.recipients)} did not get their mail")
        logger.info("mailed", day=day, message_ids=ids)
        return ids
