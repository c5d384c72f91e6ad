"""notify on a real database, with a push service on a local port."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from contracts.database import Database
from services.notify import ledger
from services.notify.expo import Expo
from services.notify.notifier import Notifier
from tests.integration.notify.push_api import PushApi, push_api


@dataclass(frozen=True)
class Phones:
    """The devices that are registered, and what is remembered about them."""

    database: Database

    def add(self, user_id: UUID, number: int = 1) -> list[str]:
        """Register new devices; their tokens."""
        tokens = [f"ExponentPushToken[{uuid4()}]" for _ in range(number)]
        with self.database.transaction() as connection:
            for token in tokens:
                ledger.register(connection, user_id, token, "ios")
        return tokens

    def of(self, user_id: UUID) -> set[str]:
        """The tokens that are known."""
        with self.database.transaction() as connection:
            rows = connection.execute("select token from devices where user_id = %s", [user_id])
            return {row["token"] for row in rows}

    def states(self, job_id: UUID) -> dict[tuple[str, int], str]:
        """What is remembered of a task: (token, version) -> state."""
        with self.database.transaction() as connection:
            rows = connection.execute(
                """
                select token, version, state from private.notifications
                join devices on devices.id = device_id where job_id = %s
                """,
                [job_id],
            )
            return {(row["token"], row["version"]): row["state"] for row in rows}

    def tickets(self, job_id: UUID) -> list[str | None]:
        with self.database.transaction() as connection:
            rows = connection.execute(
                "select ticket from private.notifications where job_id = %s", [job_id]
            )
            return [row["ticket"] for row in rows]


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
def notifier(postgres_url: str, api: PushApi) -> Iterator[Notifier]:
    database = Database(postgres_url)
    yield Notifier(database, Expo(api.url, "the access token"))
    database.close()


@pytest.fixture
def ada() -> UUID:
    """A user whom nobody has heard of but by a verified token."""
    return uuid4()
