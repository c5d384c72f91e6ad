"""A user's devices as rows of `devices`: registered, refreshed, forgotten."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.database import Connection
from services.notify import ledger
from services.notify.push import Provider


@dataclass(frozen=True)
class Entry:
    """What an app says about its device.

    Attributes:
        changes: `quiet_hours` and `only_when_needed`, as far as the app says them.
    """

    user_id: UUID
    token: str
    platform: str
    provider: Provider
    endpoint: str | None
    changes: dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """A device as a push service of several keeps it."""

    provider: Provider
    address: str


def register(connection: Connection, entry: Entry) -> None:
    """Remember a device, or that it is still there; with a new user it is a new device.

    What is not said stays. `only_when_needed` is the user's: it holds for all their devices, and a
    new one takes it over.
    """
    hours = entry.changes.get("quiet_hours")
    names = {
        "user_id": entry.user_id,
        "token": entry.token,
        "platform": entry.platform,
        "provider": entry.provider,
        "endpoint": entry.endpoint,
        "quiet_hours": Jsonb(hours) if hours else None,
        "says_quiet_hours": "quiet_hours" in entry.changes,
        "only_when_needed": entry.changes.get("only_when_needed"),
    }
    if names["only_when_needed"] is not None:
        # All of the user's rows, as a push takes them: neither ends up waiting for the other.
        ledger.hold(connection, entry.user_id)
    connection.execute(
        "delete from devices where token = %(token)s and user_id <> %(user_id)s", names
    )
    connection.execute(
        """
        insert into devices
            (user_id, token, platform, provider, endpoint, quiet_hours, only_when_needed)
        values (%(user_id)s, %(token)s, %(platform)s, %(provider)s, %(endpoint)s, %(quiet_hours)s,
                (select coalesce(bool_or(only_when_needed), false)
                 from devices where user_id = %(user_id)s))
        on conflict (token) do update
        set user_id = excluded.user_id, platform = excluded.platform,
            provider = excluded.provider, endpoint = excluded.endpoint, last_seen = now(),
            quiet_hours = case when %(says_quiet_hours)s
                then excluded.quiet_hours else devices.quiet_hours end
        """,
        names,
    )
    if names["only_when_needed"] is not None:
        connection.execute(
            "update devices set only_when_needed = %(only_when_needed)s"
            " where user_id = %(user_id)s and only_when_needed <> %(only_when_needed)s",
            names,
        )


def forget(connection: Connection, user_id: UUID, token: str) -> Endpoint | None:
    """Forget a device of this user; another user's token stays.

    Returns:
        What is left of it at its push service, if anything is.
    """
    gone = connection.execute(
        "delete from devices where token = %s and user_id = %s returning provider, endpoint",
        [token, user_id],
    ).fetchone()
    return Endpoint(gone["provider"], gone["endpoint"]) if gone and gone["endpoint"] else None
