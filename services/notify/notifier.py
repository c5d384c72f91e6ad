"""What a task came to, told to each of its user's devices once."""

from dataclasses import dataclass

from aws_lambda_powertools import Logger

from contracts.bus import BrokenContract
from contracts.database import Database
from contracts.message import Message
from contracts.models import TaskSettled
from services.notify import ledger
from services.notify.expo import MOST_MESSAGES, Expo, NotTaken, push_for

logger = Logger()


@dataclass(frozen=True)
class Notifier:
    """Tells devices, and remembers which was told."""

    database: Database
    expo: Expo

    def on_message(self, message: Message) -> None:
        """Tell every device of the user that was not told yet.

        A device is told at least once. Were we killed between sending and remembering, it is told
        again; the collapse id makes the second one take the place of the first.

        Raises:
            BrokenContract: a message that is no `task.settled`.
            NotTaken: some device is still to be told; the queue brings the message again.
            psycopg.OperationalError: the database is away.
        """
        settled = _settled(message)
        while self._tell_some(settled):
            pass

    def on_dead_letter(self, message: Message) -> None:
        """Mark as undelivered what no try could deliver."""
        settled = _settled(message)
        with self.database.transaction() as connection:
            ledger.hold(connection, settled.user_id)
            for device in ledger.waiting(connection, settled):
                ledger.mark_undelivered(connection, settled, device)

    def _tell_some(self, settled: TaskSettled) -> bool:
        """Tell as many devices as fit one request; answer whether there may be more."""
        with self.database.transaction() as connection:
            ledger.hold(connection, settled.user_id)
            devices = ledger.waiting(connection, settled, MOST_MESSAGES)
            if not devices:
                return False
            tickets = self.expo.send([push_for(settled, device.token) for device in devices])
            for device, ticket in zip(devices, tickets, strict=True):
                if ticket.is_device_gone:
                    ledger.forget(connection, device)
                elif not ticket.is_throttled:
                    ledger.record(connection, settled, device, ticket)
        errors = [ticket.error for ticket in tickets if ticket.error]
        logger.info("told", version=settled.data.version, devices=len(devices), errors=errors)
        if any(ticket.is_throttled for ticket in tickets):
            raise NotTaken("some devices get too many messages at once")
        return len(devices) == MOST_MESSAGES


def _settled(message: Message) -> TaskSettled:
    if not isinstance(message, TaskSettled):
        raise BrokenContract(f"notify can't tell anybody about a {type(message).__name__}")
    return message
