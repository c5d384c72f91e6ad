"""The one connection: kept, given up when broken, and free of session state."""

import psycopg
import pytest

from contracts.database import Database


@pytest.fixture
def kept(server_url):
    one = Database(server_url)
    yield one
    one.close()


def backend(kept: Database) -> int:
    """The server process that answers."""
    with kept.transaction() as connection:
        return connection.execute("select pg_backend_pid() as pid").fetchone()["pid"]


def hang_up(url: str, pid: int) -> None:
    """End a connection from the other side, and wait until it is gone."""
    with psycopg.connect(url) as other:
        assert other.execute("select pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


def test_the_connection_is_kept(kept):
    assert backend(kept) == backend(kept)


def test_a_block_that_raises_leaves_nothing_behind(kept):
    with pytest.raises(KeyError), kept.transaction() as connection:
        connection.execute("create table left_behind ()")
        raise KeyError
    with kept.transaction() as connection:
        row = connection.execute("select to_regclass('left_behind') as it").fetchone()
    assert row == {"it": None}


def test_a_connection_that_was_lost_is_not_even_noticed(kept, server_url):
    lost = backend(kept)
    hang_up(server_url, lost)
    assert backend(kept) != lost


def test_a_block_is_never_run_twice(kept, server_url):
    runs = []
    with pytest.raises(psycopg.OperationalError), kept.transaction() as connection:
        runs.append(connection)
        hang_up(server_url, connection.info.backend_pid)
        connection.execute("select 1")
    assert len(runs) == 1
    assert backend(kept)


def test_a_database_that_is_away_is_said_to_be(kept):
    with pytest.raises(psycopg.OperationalError):
        backend(Database("postgresql://127.0.0.1:9/nobody"))


def test_nothing_is_prepared_on_a_server_that_the_pooler_may_swap(kept):
    for _ in range(10):  # psycopg prepares on its own what it sees six times
        backend(kept)
    with kept.transaction() as connection:
        row = connection.execute("select count(*) as prepared from pg_prepared_statements")
        assert row.fetchone() == {"prepared": 0}
