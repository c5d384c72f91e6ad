"""Which device was told what: `devices` and `private.notifications` in Postgres."""

from dataclasses import dataclass
from uuid import UUID

from contracts.database import Connection
from contracts.models import TaskSettled
from services.notify.expo import Ticket


@dataclass(frozen=True)
class Device:
    """A phone that takes pushes."""

    id: UUID
    token: str


def hold(connection: Connection, user_id: UUID) -> None:
    """Let nobody else push to this user until the transaction ends.

    A statement of its own: what the one before us sent is seen only by a later statement.
    """
    connection.execute(
        "select id from devices where user_id = %s order by id for update", [user_id]
    )


def waiting(connection: Connection, settled: TaskSettled, most: int | None = None) -> list[Device]:
    """At most `most` devices that were told neither this version nor a later one."""
    rows = connection.execute(
        """
        select id, token from devices
        where user_id = %(user_id)s and not exists (
            select from private.notifications told
            where told.device_id = devices.id and told.job_id = %(job_id)s
              and (told.version = %(version)s and told.state <> 'undelivered'
                   or told.version > %(version)s and told.state = 'sent')
        )
        order by id limit %(most)s
        """,
        _names(settled) | {"most": most},
    ).fetchall()
    return [Device(**row) for row in rows]


def record(connection: Connection, settled: TaskSettled, device: Device, ticket: Ticket) -> None:
    """Remember what came of telling one device: `sent` with its ticket, or `failed`."""
    connection.execute(
        """
        insert into private.notifications (job_id, version, device_id, state, ticket)
        values (%(job_id)s, %(version)s, %(device_id)s, %(state)s, %(ticket)s)
        on conflict (job_id, version, device_id) do update
        set state = excluded.state, ticket = excluded.ticket, updated_at = now()
        """,
        _names(settled)
        | {
            "device_id": device.id,
            "state": "failed" if ticket.error else "sent",
            "ticket": ticket.id,
        },
    )


def mark_undelivered(connection: Connection, settled: TaskSettled, device: Device) -> None:
    """Remember that a device could not be told, unless it was after all."""
    connection.execute(
        """
        insert into private.notifications (job_id, version, device_id, state)
        values (%(job_id)s, %(version)s, %(device_id)s, 'undelivered')
        on conflict do nothing
        """,
        _names(settled) | {"device_id": device.id},
    )


def register(connection: Connection, user_id: UUID, token: str, platform: str) -> None:
    """Remember a device, or that it is still there; with a new user it is a new device."""
    connection.execute("delete from devices where token = %s and user_id <> %s", [token, user_id])
    connection.execute(
        """
        insert into devices (user_id, token, platform) values (%s, %s, %s)
        on conflict (token) do update
        set user_id = excluded.user_id, platform = excluded.platform, last_seen = now()
        """,
        [user_id, token, platform],
    )


def forget(connection: Connection, device: Device) -> None:
    """Forget a device that is no more, and what it was told."""
    connection.execute("delete from devices where id = %s", [device.id])


def forget_token(connection: Connection, user_id: UUID, token: str) -> None:
    """Forget a device of this user; another user's token stays."""
    connection.execute("delete from devices where token = %s and user_id = %s", [token, user_id])


def _names(settled: TaskSettled) -> dict[str, object]:
    return {
        "user_id": settled.user_id,
        "job_id": settled.job_id,
        "version": settled.data.version,
    }
