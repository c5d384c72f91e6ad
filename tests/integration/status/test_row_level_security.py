"""What Supabase's public API lets a signed-in user see: their own rows, and nothing to write."""

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from services.status.history import History
from tests.unit.status.story import Story

TABLES = ("users", "repos", "task_events", "devices")


@pytest.fixture(scope="module")
def role(server_url: str) -> Iterator[str]:
    """A role with every grant on the schema public, as `authenticated` has on Supabase."""
    name = f"signed_in_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as owner:
        owner.execute(f"create role {name}")
        owner.execute(f"grant all on all tables in schema public to {name}")
        yield name
        owner.execute(f"drop owned by {name}")
        owner.execute(f"drop role {name}")


@pytest.fixture
def ada(history: History) -> Story:
    """A user with a task; there is another one beside them."""
    ada, other = Story(), Story()
    for event in (*ada.asked(), *other.asked()):
        history.hear(event)
    with history.database.transaction() as connection:
        connection.execute(
            "insert into repos (user_id, repo) values (%s, 'git@github.com:a/b.git')", [ada.user_id]
        )
        connection.execute(
            "insert into devices (user_id, token, platform) values (%s, %s, 'ios')",
            [ada.user_id, str(uuid4())],
        )
    return ada


@pytest.fixture
def session(server_url: str, role: str, ada: Story) -> Iterator[psycopg.Connection]:
    """A session of Ada's, as PostgREST opens one."""
    with psycopg.connect(server_url) as connection:
        sign_in(connection, role, ada.user_id)
        yield connection
        connection.rollback()


def sign_in(connection: psycopg.Connection, role: str, user_id: UUID | None) -> None:
    claims = json.dumps({"sub": str(user_id)}) if user_id else ""
    connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    connection.execute(f"set local role {role}")


def everything_in(*table: str) -> sql.Composed:
    return sql.SQL("select * from {}").format(sql.Identifier(*table))


def test_users_see_themselves_and_their_tasks_alone(
    session: psycopg.Connection, ada: Story
) -> None:
    assert session.execute("select id from users").fetchall() == [(ada.user_id,)]
    assert session.execute("select id from task_events").fetchall() == [(ada.job_id,)]


@pytest.mark.parametrize("table", ["repos", "devices"])
def test_the_rest_is_hidden_even_from_its_user(session: psycopg.Connection, table: str) -> None:
    assert session.execute(everything_in(table)).fetchall() == []


@pytest.mark.parametrize("table", TABLES)
def test_who_is_not_signed_in_sees_nothing(
    server_url: str, role: str, ada: Story, table: str
) -> None:
    with psycopg.connect(server_url) as connection:
        sign_in(connection, role, None)
        assert connection.execute(everything_in(table)).fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "insert into task_events (id, user_id) values (gen_random_uuid(), '{user}')",
        "insert into users (id, email) values (gen_random_uuid(), 'mallory@example.com')",
        "insert into repos (user_id, repo) values ('{user}', 'git@github.com:x/y.git')",
        "insert into devices (user_id, token, platform) values ('{user}', 'mine', 'ios')",
    ],
)
def test_nobody_adds_rows(session: psycopg.Connection, ada: Story, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement.format(user=ada.user_id))


@pytest.mark.parametrize(
    "statement",
    [
        "update task_events set status = 'ok'",
        "delete from task_events",
        "update users set email = 'mallory@example.com'",
        "delete from users",
        "update repos set repo = 'git@github.com:x/y.git'",
        "delete from devices",
    ],
)
def test_nobody_changes_rows_not_even_their_own(
    session: psycopg.Connection, statement: str
) -> None:
    assert session.execute(statement).rowcount == 0


@pytest.mark.parametrize("table", ["inbox", "outbox", "notifications"])
def test_the_services_own_tables_are_out_of_reach(session: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(everything_in("private", table))


def test_even_the_list_of_migrations_is_hidden(session: psycopg.Connection) -> None:
    assert session.execute("select * from schema_migrations").fetchall() == []


def test_no_table_that_is_served_goes_without(server_url: str) -> None:
    with psycopg.connect(server_url) as owner:
        without = owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') and not relrowsecurity"
        )
        assert without.fetchall() == []
