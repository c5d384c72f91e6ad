"""The migrations go up, down and up again, and leave the tables of the specification."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.conftest import MIGRATIONS, dbmate

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
def empty_url(postgres_url: str) -> Iterator[str]:
    """The address of a database that nothing was applied to."""
    url = postgres_url.replace("/postgres?", "/migrations?")
    dbmate(url, "create")
    yield url
    dbmate(url, "drop")


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
def test_the_specified_columns_are_there(postgres_url: str, table: str) -> None:
    assert columns(postgres_url, table).items() >= SPECIFIED[table].items()


def test_each_step_can_be_undone_and_done_again(empty_url: str) -> None:
    dbmate(empty_url, "up")
    complete = tables(empty_url)
    assert {"public.task_events", "private.inbox", "private.outbox"} < complete
    for _ in MIGRATIONS.glob("*.sql"):
        dbmate(empty_url, "down")
    assert tables(empty_url) == set()
    dbmate(empty_url, "up")
    assert tables(empty_url) == complete


def test_no_tool_is_needed_to_apply_them(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for migration in sorted(MIGRATIONS.glob("*.sql")):
            up, _, _ = migration.read_text().partition("-- migrate:down")
            connection.execute(up.encode())
    assert "public.task_events" in tables(empty_url)
