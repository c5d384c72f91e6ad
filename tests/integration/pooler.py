"""PgBouncer in transaction mode, set up to show what a session must not be used for."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg.conninfo import conninfo_to_dict

SETTINGS = """\
[databases]
* = host={host} port=5432 user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 15
; Each transaction gets another server than the one before it.
min_pool_size = 3
server_round_robin = 1
"""
DAEMONS = f"{os.defpath}:/usr/sbin"
"""Where Debian puts it, which is on nobody's PATH but root's."""


@contextmanager
def pooler(server_url: str) -> Iterator[str]:
    """A pooler for as long as the block lasts.

    Args:
        server_url: of a server behind a Unix socket.

    Yields:
        The same database's address through the pooler.
    """
    server = conninfo_to_dict(server_url)
    host = Path(str(server["host"]))
    port = _free_port()
    url = f"postgresql://postgres@127.0.0.1:{port}/{server['dbname']}?sslmode=disable"
    with TemporaryDirectory(prefix="sayso-pooler-") as folder:
        Path(folder).chmod(0o755)
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(host=host, port=port))
        process = subprocess.Popen(
            [shutil.which("pgbouncer", path=DAEMONS) or "pgbouncer", "-q", settings],
            user=host.owner() if os.geteuid() == 0 else None,  # it does not run as root
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"pgbouncer does not answer; its exit status is {process.poll()}")
