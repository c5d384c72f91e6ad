"""PUT and DELETE /device: where a user's pushes go."""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from contracts import http
from contracts.auth import Verifier
from contracts.database import Database
from contracts.message import Message
from services.notify import ledger

# Printable ASCII without the closing bracket.
PushToken = Annotated[str, Field(max_length=255, pattern=r"^Expo(nent)?PushToken\[[!-\\^-~]+\]$")]


class Registration(Message):
    """The body of PUT /device."""

    token: PushToken
    platform: Literal["ios", "android", "web"]


class Removal(Message):
    """The body of DELETE /device."""

    token: PushToken


B = TypeVar("B", Registration, Removal)


@dataclass(frozen=True)
class Devices:
    """Answers the app. A user need not have said anything yet: any verified token will do."""

    database: Database
    verifier: Verifier

    def register(self, request: http.Request) -> http.Answer:
        """Register or refresh a device; one that was another user's is this user's from now on."""
        user = self.verifier.user_of(request)
        device = _body(request, Registration)
        with self.database.transaction() as connection:
            ledger.register(connection, user.id, device.token, device.platform)
        return http.answer(204)

    def forget(self, request: http.Request) -> http.Answer:
        """Forget a device, whether or not it was known."""
        user = self.verifier.user_of(request)
        device = _body(request, Removal)
        with self.database.transaction() as connection:
            ledger.forget_token(connection, user.id, device.token)
        return http.answer(204)


def _body(request: http.Request, model: type[B]) -> B:
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, item["loc"])) for item in error.errors()) or "the body"
        raise http.Problem(
            400,
            "malformed",
            f"Not understood: {wrong}. Send JSON with the device's Expo push token as `token`, and "
            "to register it `platform`: ios, android or web.",
        ) from error
