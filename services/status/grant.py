"""Give, change or take away access to a repository: `python -m services.status.grant --help`."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from pydantic import SecretStr, ValidationError

from contracts.database import Connection, Database
from contracts.settings import Settings
from services.status.history import register

Repository = dict[str, Any]

NAME = re.compile(r"(?:git@github\.com:|https://github\.com/)?([\w-]+/[\w.-]+?)(?:\.git)?/?", re.A)


class DatabaseSettings(Settings):
    """Where the tables are."""

    database_url: SecretStr


class Refused(Exception):
    """What was asked can't be done; the text says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when done, 1 when refused (2 when it can't be understood)."""
    options = _options(arguments)
    try:
        database = Database(DatabaseSettings().database_url.get_secret_value())
        with database.transaction() as connection:
            repositories = run(connection, options)
    except ValidationError:
        return _complain("Set DATABASE_URL (or DATABASE_URL_SECRET_ARN).")
    except psycopg.OperationalError as error:
        return _complain(f"The database does not answer: {error}")
    except Refused as refusal:
        return _complain(str(refusal))
    print(json.dumps(repositories, indent=2) if options.json else _listing(options, repositories))
    return 0


def run(connection: Connection, options: argparse.Namespace) -> list[Repository]:
    """Do what was asked.

    Returns:
        The user's repositories afterwards, the default one first.

    Raises:
        Refused: there is no such user, or no such grant to revoke.
    """
    user_id = _user(connection, options.email, options.user_id)
    if options.revoke:
        _revoke(connection, user_id, options.repo)
    elif not options.list:
        _grant(connection, user_id, options)
    return connection.execute(
        "select repo, branch, is_default, style_guide, auto_merge_loc_limit, blocked_paths, max_usd"
        " from repos where user_id = %s order by is_default desc, repo",
        [user_id],
    ).fetchall()


def _user(connection: Connection, email: str, user_id: UUID | None) -> UUID:
    if user_id:
        register(connection, user_id, email)
        return user_id
    user = connection.execute(
        "select id from users where lower(email) = lower(%s)", [email]
    ).fetchone()
    if user is None:
        raise Refused(
            f"Nobody known as {email}: let them say something first, or pass --user-id with the"
            " id that Supabase shows under Authentication."
        )
    return UUID(str(user["id"]))


def _grant(connection: Connection, user_id: UUID, options: argparse.Namespace) -> None:
    """Give a repository; of one that was given before, change only what is mentioned.

    A user's first repository becomes the default, as does any that is asked to be.
    """
    first = connection.execute("select 1 from repos where user_id = %s", [user_id]).fetchone()
    is_default = first is None if options.default is None else options.default
    if is_default:
        connection.execute(
            "update repos set is_default = false where user_id = %s and repo <> %s",
            [user_id, options.repo],
        )
    mentioned = {
        "branch": options.branch,
        "is_default": True if is_default else options.default,
        "style_guide": options.style,
        "auto_merge_loc_limit": options.auto_merge_loc_limit,
        "blocked_paths": options.blocked_path,
        "max_usd": options.max_usd,
    }
    values = {"user_id": user_id, "repo": options.repo} | {
        name: value for name, value in mentioned.items() if value is not None
    }
    connection.execute(
        sql.SQL(
            "insert into repos ({columns}) values ({values})"
            " on conflict (user_id, repo) do update set ({columns}) = row ({values})"
        ).format(
            columns=sql.SQL(", ").join(map(sql.Identifier, values)),
            values=sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )


def _revoke(connection: Connection, user_id: UUID, repo: str) -> None:
    gone = connection.execute(
        "delete from repos where user_id = %s and repo = %s", [user_id, repo]
    ).rowcount
    if not gone:
        raise Refused(f"{repo} was not given; --list shows what is.")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.status.grant",
        description="Give a user a repository, or change the limits of one. Needs DATABASE_URL.",
    )
    parser.add_argument("email", type=str.lower, help="the address that they sign in with")
    parser.add_argument("repo", nargs="?", type=_repo, help="org/project, or its GitHub address")
    parser.add_argument("--user-id", type=UUID, help="of somebody who has not said anything yet")
    parser.add_argument("--branch", help="where changes go; main if never given")
    parser.add_argument(
        "--default",
        action=argparse.BooleanOptionalAction,
        help="meant when a request names no repository; a user's first one is, unless told not to",
    )
    parser.add_argument("--style", help="style guide for the agent")
    parser.add_argument(
        "--auto-merge-loc-limit", type=int, metavar="N", help="changes of N lines or more ask"
    )
    parser.add_argument(
        "--blocked-path", action="append", metavar="P", help="paths that begin so ask; repeatable"
    )
    parser.add_argument("--max-usd", type=float, metavar="X", help="budget of one task, US dollars")
    parser.add_argument("--revoke", action="store_true", help="take the repository away")
    parser.add_argument("--list", action="store_true", help="change nothing, show what is given")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    if not (options.repo or options.list):
        parser.error("name a repository, or ask for the --list")
    return options


def _repo(written: str) -> str:
    name = NAME.fullmatch(written)
    if name is None:
        raise argparse.ArgumentTypeError(f"{written!r} names no repository: write org/project")
    return f"git@github.com:{name[1]}.git"


def _listing(options: argparse.Namespace, repositories: list[Repository]) -> str:
    lines = [
        f"  {one['repo']} ({one['branch']}){' default' if one['is_default'] else ''}"
        for one in repositories
    ]
    return "\n".join([f"{options.email} may change:", *(lines or ["  nothing"])])


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
