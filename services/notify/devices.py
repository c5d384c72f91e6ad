"""PUT and DELETE /device: where a user's pushes go, and how they wish to be told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as validator

from contracts import http
from contracts.auth import Verifier
from contracts.database import Database
from contracts.message import Message
from services.notify import registry
from services.notify.push import BadToken, Provider, PushService

TOKENS: Mapping[Provider, re.Pattern[str]] = {
    # Printable ASCII without the closing bracket.
    "expo": re.compile(r"Expo(nent)?PushToken\[[!-\\^-~]+\]"),
    # Apple's are 32 bytes today, and of no length that it promises.
    "apns": re.compile(r"([0-9A-Fa-f]{2}){32,100}"),
    "fcm": re.compile(r"[A-Za-z0-9_:-]{20,4096}"),
}
LONGEST = {"expo": 255, "apns": 200, "fcm": 4096}

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


def _is_known(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("no time zone of the IANA database")
    return zone


class Hours(Message):
    """Quiet hours as an app says them."""

    model_config = ConfigDict(serialize_by_alias=True)

    begin: Clock = Field(alias="from")
    to: Clock
    time_zone: Annotated[str, AfterValidator(_is_known)]

    @validator(mode="after")
    def _last_a_while(self) -> Self:
        if self.begin == self.to:
            raise ValueError("from and to are the same")
        return self


class Removal(Message):
    """The body of DELETE /device."""

    token: str
    provider: Provider = "expo"

    @validator(mode="after")
    def _has_a_token_of_its_provider(self) -> Self:
        is_long = len(self.token) > LONGEST[self.provider]
        if is_long or not TOKENS[self.provider].fullmatch(self.token):
            raise ValueError(f"no push token of {self.provider}")
        return self


class Registration(Removal):
    """The body of PUT /device; what is not said stays as it was."""

    platform: Literal["ios", "android", "web"]
    quiet_hours: Hours | None = None
    only_when_needed: bool | None = None

    @validator(mode="after")
    def _is_reached_on_its_platform(self) -> Self:
        if self.provider != "expo" and self.platform == "web":
            raise ValueError("a browser is reached through expo only")
        return self


B = TypeVar("B", Registration, Removal)


@dataclass(frozen=True)
class Devices:
    """Answers the app. A user need not have said anything yet: any verified token will do.

    Attributes:
        services: the roads to a phone that are set up.
    """

    database: Database
    verifier: Verifier
    services: Mapping[Provider, PushService]

    def register(self, request: http.Request) -> http.Answer:
        """Register or refresh a device; one that was another user's is this user's from now on."""
        user = self.verifier.user_of(request)
        device = _body(request, Registration)
        entry = registry.Entry(
            user_id=user.id,
            token=device.token,
            platform=device.platform,
            provider=device.provider,
            endpoint=self._admit(device),
            changes=_said(device),
        )
        with self.database.transaction() as connection:
            registry.register(connection, entry)
        return http.answer(204)

    def forget(self, request: http.Request) -> http.Answer:
        """Forget a device, whether or not it was known."""
        user = self.verifier.user_of(request)
        device = _body(request, Removal)
        with self.database.transaction() as connection:
            gone = registry.forget(connection, user.id, device.token)
        if gone and gone.provider in self.services:
            self.services[gone.provider].release(gone.address)
        return http.answer(204)

    def _admit(self, device: Registration) -> str | None:
        service = self.services.get(device.provider)
        if service is None:
            raise http.Problem(
                422,
                "provider-not-set-up",
                f"This installation sends no pushes through {device.provider}: register an Expo "
                "push token.",
            )
        try:
            return service.admit(device.token)
        except BadToken as error:
            raise http.Problem(
                400, "malformed", f"{device.provider} does not take this for a push token."
            ) from error


def _said(device: Registration) -> dict[str, Any]:
    """The settings that the app named."""
    named = device.model_fields_set & {"quiet_hours", "only_when_needed"}
    return device.model_dump(include=named)


def _body(request: http.Request, model: type[B]) -> B:
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        wrong = ", ".join(map(_where, error.errors()))
        raise http.Problem(
            400,
            "malformed",
            f"Not understood: {wrong}. Send JSON with the device's push token as `token`, its "
            "`provider` unless that is expo and, to register it, `platform`: ios, android or web.",
        ) from error


def _where(error: Any) -> str:
    """What is wrong with a body, without what was said: it may be a token."""
    place = ".".join(map(str, error["loc"])) or "the body"
    why = str(error["msg"]).removeprefix("Value error, ")
    return f"{place} ({why})" if error["type"] == "value_error" else place
