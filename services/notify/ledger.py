"""Which device was told what: `devices` and `private.notifications` in Postgres.

| state | means |
| --- | --- |
| `sent` | a push service took it; where it gave a ticket, the receipt is still to come |
| `delivered` | its receipt says that Apple or Google took it |
| `skipped` | the user does not want to hear of it |
| `undelivered` | it could not be told; `reason` says why |
| `unknown` | no receipt came within a day |
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.database import Connection
from services.notify.loudness import QuietHours
from services.notify.news import News
from services.notify.push import Provider, Ticket

GAVE_UP = "gave_up"
"""Why a push was not delivered that no try could send; a redrive of the dead letters may."""

NEWCOMER = timedelta(minutes=1)
"""How much later than an event a device may come and still be told: clocks differ, too."""


@dataclass(frozen=True)
class Device:
    """A phone or browser that takes pushes.

    Attributes:
        endpoint: its address, where that is another than its token.
    """

    id: UUID
    token: str
    provider: Provider
    endpoint: str | None
    quiet_hours: QuietHours | None
    only_when_needed: bool

    @property
    def address(self) -> str:
        """How its push service knows it."""
        return self.endpoint or self.token

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Device":
        """Read a row of `devices`."""
        hours = row["quiet_hours"]
        return cls(**row | {"quiet_hours": hours and QuietHours.of(hours)})


def hold(connection: Connection, user_id: UUID) -> None:
    """Let nobody else push to this user until the transaction ends.

    A statement of its own: what the one before us sent is seen only by a later statement.
    """
    connection.execute(
        "select id from devices where user_id = %s order by id for update", [user_id]
    )


def waiting(connection: Connection, news: News, most: int | None = None) -> list[Device]:
    """At most `most` devices that were told neither this version nor a later one.

    A device that was registered after the event hears of the next one.
    """
    rows = connection.execute(
        """
        select id, token, provider, endpoint, quiet_hours, only_when_needed from devices
        where user_id = %(user_id)s and created_at <= %(time)s and not exists (
            select from private.notifications told
            where told.device_id = devices.id and told.subject_id = %(subject_id)s
              and (told.version = %(version)s and told.reason is distinct from %(gave_up)s
                   or told.version > %(version)s and told.state <> 'undelivered')
        )
        order by id limit %(most)s
        """,
        _names(news) | {"time": news.time + NEWCOMER, "most": most, "gave_up": GAVE_UP},
    ).fetchall()
    return [Device.of(row) for row in rows]


def record(connection: Connection, news: News, device: Device, ticket: Ticket) -> None:
    """Remember what came of telling one device: `sent` with its ticket, or `undelivered`."""
    state = "undelivered" if ticket.error else "sent"
    _remember(connection, news, device, state, ticket)


def skip(connection: Connection, news: News, device: Device) -> None:
    """Remember that a device's user does not want to hear of this."""
    _remember(connection, news, device, "skipped", Ticket())


def give_up(connection: Connection, news: News, device: Device) -> None:
    """Remember that a device could not be told."""
    _remember(connection, news, device, "undelivered", Ticket(error=GAVE_UP))


def forget(connection: Connection, device: Device) -> None:
    """Forget a device that is no more; what it could not be told stays."""
    connection.execute("delete from devices where id = %s", [device.id])


def _remember(
    connection: Connection, news: News, device: Device, state: str, ticket: Ticket
) -> None:
    connection.execute(
        """
        insert into private.notifications
            (subject_id, version, device_id, user_id, state, reason, ticket)
        values (%(subject_id)s, %(version)s, %(device_id)s, %(user_id)s,
                %(state)s, %(reason)s, %(ticket)s)
        on conflict (subject_id, version, device_id) do update
        set state = excluded.state, reason = excluded.reason, ticket = excluded.ticket,
            updated_at = now()
        """,
        _names(news)
        | {
            "device_id": device.id,
            "state": state,
            "reason": ticket.error,
            "ticket": ticket.id,
        },
    )


def _names(news: News) -> dict[str, object]:
    return {
        "user_id": news.user_id,
        "subject_id": news.subject_id,
        "version": news.version,
    }
