"""The report of a night: made and mailed once to each recipient, however often it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from functools import cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError
from botocore.exceptions import ClientError

from contracts.database import Database
from services.report import digest
from services.report.day import yesterday
from services.report.mail import compose
from services.report.mailer import Mailer
from services.report.memory import Memory
from services.report.settings import MailSettings

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

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
        memory: of the nights that were mailed, and to whom.
    """

    database: Database
    zone: ZoneInfo
    mailer: Mailer
    recipients: Sequence[str]
    memory: Memory

    @classmethod
    def of(cls, settings: MailSettings, ses: "SESClient", memory: Memory) -> "Nightly":
        """The reports that the settings ask for."""
        return cls(
            database=Database(settings.database_url.get_secret_value()),
            zone=settings.mail_time_zone,
            mailer=Mailer(ses, settings.mail_from),
            recipients=settings.mail_to,
            memory=memory,
        )

    def yesterday(self, now: datetime) -> date:
        """The day that ended last where the readers live."""
        return yesterday(now, self.zone)

    def mail_once(self, day: date) -> list[str]:
        """Mail the report of a day to whoever has not got it; answers SES's message ids.

        Raises:
            NotAllMailed: SES refused a recipient, or another call is mailing right now.
            psycopg.OperationalError: the database is away.
        """
        # Made when the first recipient turns out to need it: mostly nobody does, at a repeat.
        message = cache(lambda: compose(digest.read(self.database, day, self.zone)))
        ids, without = [], []
        for recipient in self.recipients:
            try:
                mail = partial(self._mail, message, recipient)
                ids.append(self.memory.once("nightly", [day.isoformat(), recipient], mail))
            except (ClientError, IdempotencyAlreadyInProgressError) as error:
                logger.error("not mailed", day=day, recipient=recipient, error=str(error))
                without.append(recipient)
        if without:
            raise NotAllMailed(f"{len(without)} of {len(self.recipients)} did not get their mail")
        logger.info("mailed", day=day, message_ids=ids)
        return ids

    def _mail(self, message: Callable[[], EmailMessage], recipient: str) -> str:
        return self.mailer.send(message(), recipient)
