"""One connection to Postgres, as a pooler in transaction mode wants it: no session state.

Needs psycopg, which only the services that have a database ship.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import FloatLoader

Connection = psycopg.Connection[DictRow]

IDLE_SECONDS = 30
"""After such a pause the other side may have hung up: ask before relying on the connection."""


class Database:
    """A connection that is opened when first needed and kept; for one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._last_used = 0.0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back when it raises."""
        connection = self._live()
        with connection.transaction():
            yield connection
        self._last_used = time.monotonic()

    def close(self) -> None:
        """Close the connection; the next transaction opens another."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _live(self) -> Connection:
        if self._connection is None or not self._answers(self._connection):
            self.close()
            self._connection = _connect(self._url)
        return self._connection

    def _answers(self, connection: Connection) -> bool:
        if connection.closed or time.monotonic() - self._last_used < IDLE_SECONDS:
            return not connection.closed
        try:
            connection.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True


def _connect(url: str) -> Connection:
    connection = psycopg.Connection[DictRow].connect(
        url,
        autocommit=True,
        # The pooler gives each transaction another server: what was prepared would be elsewhere.
        prepare_threshold=None,
        row_factory=dict_row,
        connect_timeout=5,
    )
    connection.adapters.register_loader("numeric", FloatLoader)
    return connection
