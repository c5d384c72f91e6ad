"""One connection to Postgres, as a pooler in transaction mode wants it: no session state.

Needs psycopg, which only the services that have a database ship.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import FloatLoader

Connection = psycopg.Connection[DictRow]


class Database:
    """A connection that is opened when first needed and kept; for one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises:
            psycopg.OperationalError: the database is away.
        """
        with ExitStack() as block:
            yield self._begin(block)

    def close(self) -> None:
        """Close the connection; the next transaction opens another."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _begin(self, block: ExitStack) -> Connection:
        """Begin on the kept connection or, if the other side hung up meanwhile, on a new one."""
        if self._connection:
            try:
                block.enter_context(self._connection.transaction())
                return self._connection
            except psycopg.OperationalError:
                self.close()
        self._connection = _connect(self._url)
        block.enter_context(self._connection.transaction())
        return self._connection


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
