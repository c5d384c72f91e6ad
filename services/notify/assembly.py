"""The parts of notify, each built once from the settings."""

from functools import cache, partial

from contracts.auth import AuthSettings, Verifier
from contracts.database import Database
from contracts.media import Media, MediaSettings
from services.notify.devices import Devices
from services.notify.expo import Expo
from services.notify.notifier import Notifier
from services.notify.push import Provider, PushService
from services.notify.receipts import Receipts
from services.notify.settings import NotifySettings

LINK_SECONDS = 24 * 3600
"""How long the link to a clip holds at the most: as long as the push itself is tried. It is signed
by the function's role, whose session may end earlier."""


def devices() -> Devices:
    """What answers PUT and DELETE /device."""
    return Devices(_database(), Verifier(AuthSettings()), _services())


def notifier() -> Notifier:
    """What takes messages."""
    link = partial(Media.of(MediaSettings()).signed_url, seconds=LINK_SECONDS)
    return Notifier(_database(), _services(), link)


def receipts() -> Receipts:
    """What the clock calls."""
    return Receipts(_database(), _expo())


@cache
def _settings() -> NotifySettings:
    return NotifySettings()


@cache
def _database() -> Database:
    return Database(_settings().database_url.get_secret_value())


@cache
def _expo() -> Expo:
    return Expo(_settings().push_url, _settings().push_api_key.get_secret_value())


@cache
def _services() -> dict[Provider, PushService]:
    """The roads that are set up: Expo always, Apple's and Google's own where SNS knows the app."""
    applications: dict[Provider, str | None] = {
        "apns": _settings().apns_application_arn,
        "fcm": _settings().fcm_application_arn,
    }
    services: dict[Provider, PushService] = {"expo": _expo()}
    for provider, application in applications.items():
        if application:
            services[provider] = _sns(application)
    return services


def _sns(application: str) -> PushService:
    import boto3
    from botocore.config import Config

    from services.notify.sns import Sns

    patient = Config(
        connect_timeout=2, read_timeout=4, retries={"mode": "standard", "max_attempts": 3}
    )
    return Sns(application, boto3.client("sns", config=patient))
