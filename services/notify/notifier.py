"""What happened, told to each of its user's devices once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from contracts.bus import BrokenContract
from contracts.database import Connection, Database
from contracts.message import Message
from contracts.models import DemoReady, TaskSettled
from services.notify import ledger, news
from services.notify.ledger import Device
from services.notify.loudness import Loudness, decide
from services.notify.news import News
from services.notify.push import NotTaken, Provider, PushService, Ticket

MOST_AT_ONCE = 100
"""Devices that are told before it is remembered: what fits one request."""

NOT_SET_UP = Ticket(error="not_set_up")
"""For a device whose push service this installation no longer has."""

logger = Logger()


@dataclass(frozen=True)
class Notifier:
    """Tells devices, and remembers which was told.

    Attributes:
        services: the roads to a phone that are set up.
        sign_url: makes the address at which an object of `media` can be fetched for a while.
        now: the time, with its zone.
    """

    database: Database
    services: Mapping[Provider, PushService]
    sign_url: Callable[[str], str]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def on_message(self, message: Message) -> None:
        """Tell every device of the user that was not told yet.

        A device is told at least once. Were we killed between sending and remembering, it is told
        again; the collapse id makes the second one take the place of the first.

        Raises:
            BrokenContract: a message that nobody is to be told of.
            NotTaken: some device is still to be told; the queue brings the message again.
            psycopg.OperationalError: the database is away.
        """
        told = self._news(message)
        while self._tell_some(told):
            pass

    def on_dead_letter(self, message: Message) -> None:
        """Mark as undelivered what no try could deliver."""
        told = self._news(message)
        with self.database.transaction() as connection:
            ledger.hold(connection, told.user_id)
            for device in self._listening(connection, told, ledger.waiting(connection, told)):
                ledger.give_up(connection, told, device)

    def _news(self, message: Message) -> News:
        match message:
            case TaskSettled():
                return news.of_task(message)
            case DemoReady():
                return news.of_clip(message, self.sign_url(message.data.clip_key))
        raise BrokenContract(f"notify can't tell anybody about a {type(message).__name__}")

    def _tell_some(self, told: News) -> bool:
        """Tell as many devices as fit one request; answer whether there may be more."""
        with self.database.transaction() as connection:
            ledger.hold(connection, told.user_id)
            devices = ledger.waiting(connection, told, MOST_AT_ONCE)
            tickets = self._send(told, self._listening(connection, told, devices))
            for device, ticket in tickets.items():
                if not ticket.is_deferred:
                    ledger.record(connection, told, device, ticket)
                if ticket.is_device_gone:
                    ledger.forget(connection, device)
        errors = sorted(ticket.error for ticket in tickets.values() if ticket.error)
        logger.info("told", version=told.version, devices=len(devices), errors=errors)
        if any(ticket.is_deferred for ticket in tickets.values()):
            raise NotTaken(f"some devices are still to be told: {', '.join(errors)}")
        return len(devices) == MOST_AT_ONCE

    def _listening(
        self, connection: Connection, told: News, devices: Iterable[Device]
    ) -> dict[Device, Loudness]:
        """How each device is told; of those that are not, it is remembered."""
        now = self.now()
        listening: dict[Device, Loudness] = {}
        for device in devices:
            loudness = decide(told.is_needed, device.only_when_needed, device.quiet_hours, now)
            if loudness == "skipped":
                ledger.skip(connection, told, device)
            else:
                listening[device] = loudness
        return listening

    def _send(self, told: News, devices: Mapping[Device, Loudness]) -> dict[Device, Ticket]:
        """Hand each device's push to the service that reaches it."""
        tickets: dict[Device, Ticket] = {}
        for provider in sorted({device.provider for device in devices}):
            reached = [device for device in devices if device.provider == provider]
            pushes = [told.push_to(device.address, devices[device]) for device in reached]
            service = self.services.get(provider)
            answers = service.send(pushes) if service else [NOT_SET_UP] * len(pushes)
            tickets |= dict(zip(reached, answers, strict=True))
        return tickets
