"""The tables, brought to their newest migration."""

import os
import subprocess
import sys
from pathlib import Path

MIGRATIONS = Path(__file__).parents[1] / "services" / "status" / "supabase" / "migrations"


class MigrationError(Exception):
    """A migration did not apply; none of its statements did."""


def migrate(url: str) -> str:
    """Create the database if it is missing and apply what it lacks; a repeat does nothing.

    Args:
        url: of the database; a pooler in transaction mode will do. Encrypted unless it says
            `sslmode=disable`.

    Returns:
        What was applied, a line each.

    Raises:
        MigrationError: with the tool's own words.
    """
    done = subprocess.run(
        [
            Path(sys.executable).parent / "dbmate",
            *("--migrations-dir", MIGRATIONS, "--no-dump-schema", "up"),
        ],
        # Not as an argument, where everybody on this machine could read the password.
        env=os.environ | {"DATABASE_URL": url.replace("postgresql:", "postgres:", 1)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MigrationError(f"The migrations did not apply:\n{done.stdout}{done.stderr}".strip())
    return done.stdout
