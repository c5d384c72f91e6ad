"""What report is told by its environment."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from contracts.settings import Settings


class TotalsSettings(Settings):
    """Enough to compute a report: where tasks are, and where its readers live."""

    database_url: SecretStr
    mail_time_zone: ZoneInfo = ZoneInfo("UTC")


def _addresses(given: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(address.strip() for address in parts if address.strip())


class MailSettings(TotalsSettings):
    """Enough to mail one; recipients are separated by commas."""

    mail_from: str
    mail_to: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses), Field(min_length=1)]
    idempotency_table: str
