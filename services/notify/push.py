"""A push, and what each road to a phone has in common: the seam between the two."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

# The library has no types of its own, and this one call needs none.
import regex  # type: ignore[import-untyped]

MOST_BYTES = 4096
"""Of a push, as Apple and Google take it."""

LIFETIME_SECONDS = 24 * 3600
"""How long an unreachable phone is tried; a day later the app itself shows the task."""

NOT_TAKEN = "NotTaken"

Provider = Literal["expo", "apns", "fcm"]


class NotTaken(Exception):
    """Some push was not taken just now; sending it again later is right."""


class BadToken(ValueError):
    """A token that its own push service does not know the form of."""


@dataclass(frozen=True)
class Text:
    """What a lock screen shows."""

    title: str
    body: str


@dataclass(frozen=True)
class Push:
    """One message to one device.

    Attributes:
        to: the device, as its push service knows it.
        category: which actions the app attaches; `-` and `:` are not allowed in these names.
        collapse_id: a later push of the same takes the place of an earlier one; ASCII, at most 64.
        is_loud: whether it may wake the screen; within quiet hours it may not.
        has_sound: whether it makes itself heard.
        data: for the app. Its `url` alone is enough to open the right screen.
    """

    to: str
    text: Text
    category: str
    collapse_id: str
    is_loud: bool
    has_sound: bool
    data: Mapping[str, str | None]

    def fitting(self, size: Callable[["Push"], int]) -> "Push":
        """The same in at most 4096 bytes: the body gives way first, then all data but the `url`.

        Args:
            size: bytes of a push as its push service counts them.
        """
        push = self
        while (excess := size(push) - MOST_BYTES) > 0 and push.text.body:
            # By halves: what is written as an escape weighs more there than in the text.
            body = clipped(push.text.body, -(-excess // 2))
            push = replace(push, text=replace(push.text, body=body))
        if size(push) > MOST_BYTES:
            push = replace(push, data={key: self.data[key] for key in ("url",) if key in self.data})
        return push


@dataclass(frozen=True)
class Ticket:
    """What a push service says about one push.

    Attributes:
        id: by which a receipt can be asked for later; None where there are no receipts.
        error: why it was not taken, in the service's own word.
    """

    id: str | None = None
    error: str | None = None

    @property
    def is_device_gone(self) -> bool:
        """Whether the app was removed or its permission taken away: forget the device."""
        return self.error in ("DeviceNotRegistered", "EndpointDisabled", "NotFound")

    @property
    def is_deferred(self) -> bool:
        """Whether the push may be sent again later."""
        return self.error in (NOT_TAKEN, "MessageRateExceeded")


class PushService(Protocol):
    """A road to a phone."""

    def admit(self, token: str) -> str | None:
        """Make a device reachable; answer the address if it is another than the token.

        Raises:
            BadToken: the service does not take it for a token.
        """

    def release(self, address: str) -> None:
        """Forget an address; one that is unknown too."""

    def send(self, pushes: Sequence[Push]) -> list[Ticket]:
        """Send up to 100 pushes; a ticket for each, in the same order. Raises nothing."""


def clipped(text: str, excess: int) -> str:
    """A text that is at least `excess` bytes shorter, cut between what a reader sees as characters.

    It ends with an ellipsis, or is empty if that is all that would be left.
    """
    room = len(text.encode()) - excess - len("…".encode())
    kept, used = [], 0
    for character in regex.findall(r"\X", text):
        used += len(character.encode())
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…" if kept else ""
