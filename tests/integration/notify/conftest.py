"""notify on a real database, with a push service on a local port."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.database import Database
from services.notify import registry
from services.notify.expo import Expo
from services.notify.notifier import Notifier
from services.notify.push import Provider
from services.notify.receipts import Receipts
from tests.integration.notify.push_api import PushApi, push_api


@dataclass(frozen=True)
class Phones:
    """The devices that are registered, and what is remembered about them."""

    database: Database

    def add(
        self,
        user_id: UUID,
        number: int = 1,
        provider: Provider = "expo",
        endpoint: str | None = None,
        **changes: Any,
    ) -> list[str]:
        """Register new devices; their tokens."""
        tokens = [f"ExponentPushToken[{uuid4()}]" for _ in range(number)]
        with self.database.transaction() as connection:
            for token in tokens:
                entry = registry.Entry(user_id, token, "ios", provider, endpoint, changes)
                registry.register(connection, entry)
        return tokens

    def of(self, user_id: UUID) -> set[str]:
        """The tokens that are known."""
        return {row["token"] for row in self.rows(user_id)}

    def rows(self, user_id: UUID) -> list[dict[str, Any]]:
        """Everything that is known of a user's devices, in the order in which they came."""
        return self.ask("select * from devices where user_id = %s order by created_at", user_id)

    def states(self, subject_id: UUID) -> dict[tuple[str, int], str]:
        """What known devices were told of a task: (token, version) -> state."""
        rows = self.ask(
            "select token, version, state from private.notifications"
            " join devices on devices.id = device_id where subject_id = %s",
            subject_id,
        )
        return {(row["token"], row["version"]): row["state"] for row in rows}

    def told(self, subject_id: UUID) -> list[tuple[str, str | None]]:
        """State and reason of every push, of devices that are gone too."""
        rows = self.ask(
            "select state, reason from private.notifications where subject_id = %s"
            " order by state, reason",
            subject_id,
        )
        return [(row["state"], row["reason"]) for row in rows]

    def tickets(self, subject_id: UUID) -> list[str]:
        """Of every push that has one."""
        rows = self.ask(
            "select ticket from private.notifications"
            " where subject_id = %s and ticket is not null order by ticket",
            subject_id,
        )
        return [row["ticket"] for row in rows]

    def age(self, subject_id: UUID, minutes: int) -> None:
        """Let time pass since a task's pushes were sent, and since their devices were seen."""
        with self.database.transaction() as connection:
            connection.execute(
                "update devices set last_seen = last_seen - make_interval(mins => %(minutes)s)"
                " where id in"
                " (select device_id from private.notifications where subject_id = %(id)s)",
                {"id": subject_id, "minutes": minutes},
            )
            connection.execute(
                "update private.notifications set"
                " updated_at = updated_at - make_interval(mins => %(minutes)s),"
                " asked_at = asked_at - make_interval(mins => %(minutes)s)"
                " where subject_id = %(id)s",
                {"id": subject_id, "minutes": minutes},
            )

    def ask(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Ask the database."""
        with self.database.transaction() as connection:
            return connection.execute(query, values).fetchall()


def wait_for_a_blocked_session(database: Database) -> None:
    """Until somebody waits for a row that another session holds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with database.transaction() as connection:
            if connection.execute(
                "select from pg_stat_activity where wait_event_type = 'Lock'"
            ).fetchall():
                return
    raise AssertionError("nobody waits")


@pytest.fixture
def phones(postgres_url: str) -> Iterator[Phones]:
    database = Database(postgres_url)
    yield Phones(database)
    database.close()


@pytest.fixture
def api() -> Iterator[PushApi]:
    with push_api() as one:
        yield one


@pytest.fixture
def waits() -> list[float]:
    """Seconds that were waited before each retry, without anybody having slept."""
    return []


@pytest.fixture
def expo(api: PushApi, waits: list[float]) -> Expo:
    return Expo(api.url, "the access token", sleep=waits.append)


@pytest.fixture
def notifier(postgres_url: str, expo: Expo) -> Iterator[Notifier]:
    database = Database(postgres_url)
    yield Notifier(database, {"expo": expo}, lambda key: f"https://media.example/{key}?signed")
    database.close()


@pytest.fixture
def receipts(postgres_url: str, expo: Expo) -> Iterator[Receipts]:
    """Nothing that another test sent waits for a receipt."""
    database = Database(postgres_url)
    with database.transaction() as connection:
        connection.execute(
            "update private.notifications set state = 'unknown' where state = 'sent'"
        )
    yield Receipts(database, expo)
    database.close()


@pytest.fixture
def ada() -> UUID:
    """A user whom nobody has heard of but by a verified token."""
    return uuid4()
