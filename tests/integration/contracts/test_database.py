"""The one connection: kept, given up when broken, and free of session state."""

import psycopg
import pytest

from contracts import database
from contracts.database import Database


@pytest.fixture
def kept(postgres_url):
    one = Database(postgres_url)
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


def test_after_a_connection_was_lost_the_next_try_has_another(kept, postgres_url):
    lost = backend(kept)
    hang_up(postgres_url, lost)
    with pytest.raises(psycopg.OperationalError):
        backend(kept)
    assert backend(kept) != lost


def test_one_that_was_lost_in_a_pause_is_not_even_noticed(kept, postgres_url, monkeypatch):
    lost = backend(kept)
    hang_up(postgres_url, lost)
    monkeypatch.setattr(database, "IDLE_SECONDS", 0)
    assert backend(kept) != lost


def test_nothing_is_prepared_on_a_server_that_the_pooler_may_swap(kept):
    for _ in range(10):  # psycopg prepares on its own what it sees six times
        backend(kept)
    with kept.transaction() as connection:
        row = connection.execute("select count(*) as prepared from pg_prepared_statements")
        assert row.fetchone() == {"prepared": 0}
