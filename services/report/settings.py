"""What report is told by its environment."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from contracts.media import MediaSettings
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


class MemorySettings(Settings):
    """Where what was done is remembered."""

    idempotency_table: str


class ClipSettings(MediaSettings):
    """What a clip is made with, and where it is told."""

    task_events_topic_arn: str
    report_queue_url: str
    vertex_credentials: SecretStr | None = None
    """A Google service account's key as JSON; without one, clips are made of screenshots."""
    veo_model: str = "veo-3.1-generate-001"
    veo_location: str = "us-central1"
    veo_base_url: str | None = None
    """Of an API like Vertex AI's, if it is not Google's own."""
    veo_usd_per_second: float = Field(0.20, ge=0)
    veo_look_seconds: int = Field(20, ge=0, le=900)
    """Between two looks at what Veo is making."""
    veo_looks: int = Field(30, ge=1, le=1000)
    """After so many it has taken too long."""
