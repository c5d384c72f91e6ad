"""The migrations apply by any tool, and leave the tables of the specification."""

import re
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from cdk.migrations import MIGRATIONS, MigrationError, migrate

SPECIFIED = {
    "users": {
        "id": "uuid",
        "email": "text",
        "provider_choice": "text",
        "notify_threshold_loc": "integer",
        "created_at": "timestamp with time zone",
    },
    "task_events": {
        "id": "uuid",
        "user_id": "uuid",
        "ts_start": "timestamp with time zone",
        "duration_ms": "integer",
        "tok_in": "integer",
        "tok_out": "integer",
        "loc_delta": "integer",
        "files_touched": "jsonb",
        "status": "text",
        "notes": "text",
    },
}


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """The address of a database that nothing was applied to."""
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"create database {name}")
        yield server_url.replace("/postgres?", f"/{name}?")
        server.execute(f"drop database {name} with (force)")


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('public', 'private') and table_name <> 'schema_migrations'"
        )
        return {name for (name,) in found}


def columns(url: str, table: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'public' and table_name = %s",
            [table],
        )
        return dict(found.fetchall())


@pytest.mark.parametrize("table", SPECIFIED)
def test_the_specified_columns_are_there(server_url: str, table: str) -> None:
    assert columns(server_url, table).items() >= SPECIFIED[table].items()


def test_they_are_applied_once(empty_url: str) -> None:
    assert [line.split()[1] for line in migrate(empty_url).splitlines() if "Applied" in line] == [
        migration.name for migration in sorted(MIGRATIONS.glob("*.sql"))
    ]
    assert {"public.task_events", "private.inbox", "private.outbox"} < tables(empty_url)
    assert migrate(empty_url) == ""


def test_they_go_through_a_pooler_in_transaction_mode(empty_url: str, postgres_url: str) -> None:
    name = conninfo_to_dict(empty_url)["dbname"]
    migrate(postgres_url.replace("/postgres?", f"/{name}?"))
    assert "public.task_events" in tables(empty_url)


def test_a_file_is_all_that_psql_or_supabase_need(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for migration in sorted(MIGRATIONS.glob("*.sql")):
            connection.execute(migration.read_bytes())
    assert {"public.task_events", "private.inbox", "private.outbox"} < tables(empty_url)


def test_pushes_from_before_receipts_keep_what_became_of_them(empty_url: str) -> None:
    before, after = [], []
    for migration in sorted(MIGRATIONS.glob("*.sql")):
        (before if migration.name < "20261129000000" else after).append(migration.read_bytes())
    user = uuid4()
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for statements in before:
            connection.execute(statements)
        connection.execute(
            "insert into devices (user_id, token, platform) values (%s, 't', 'ios')", [user]
        )
        for state in ("failed", "sent", "undelivered"):
            connection.execute(
                "insert into private.notifications (job_id, version, device_id, state)"
                " select gen_random_uuid(), 1, id, %s from devices",
                [state],
            )
        for statements in after:
            connection.execute(statements)
        connection.execute("delete from devices")
        kept = connection.execute(
            "select state, reason, user_id from private.notifications order by state, reason"
        )
        assert kept.fetchall() == [
            ("sent", None, user),
            ("undelivered", "gave_up", user),
            ("undelivered", "refused", user),
        ]


def test_their_names_are_as_supabase_wants_them() -> None:
    names = [migration.name for migration in MIGRATIONS.iterdir()]
    assert [name for name in names if not re.fullmatch(r"\d{14}_[a-z_]+\.sql", name)] == []


def test_what_does_not_apply_is_said_without_the_password(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("create table repos ()")
    with pytest.raises(MigrationError, match='relation "repos" already exists') as failed:
        migrate(empty_url.replace("postgres:@", "postgres:open-sesame@"))
    assert "open-sesame" not in str(failed.value)
    assert tables(empty_url) == {"public.repos"}
