"""What a user may do where, read from Postgres: repositories, and tasks in flight."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.database import Database


@dataclass(frozen=True)
class Grant:
    """One repository that is registered to a user, and the limits that go with both.

    A limit of None was never set.
    """

    repo: str
    branch: str
    is_default: bool
    style_guide: str | None
    auto_merge_loc_limit: int | None
    notify_threshold_loc: int | None
    blocked_paths: tuple[str, ...]
    max_usd: float | None


@dataclass(frozen=True)
class Merged:
    """A task whose commit is on its branch."""

    job_id: UUID
    repo: str
    branch: str
    commit_sha: str


@dataclass(frozen=True)
class Registry:
    """Reads `users`, `repos` and `task_events`; writes nothing.

    Every method raises `psycopg.OperationalError` while the database is away.
    """

    database: Database

    def grants(self, user_id: UUID) -> list[Grant]:
        """Every repository of a user."""
        with self.database.transaction() as connection:
            rows = connection.execute(
                """
                select repo, branch, is_default, style_guide, auto_merge_loc_limit,
                       notify_threshold_loc, blocked_paths, max_usd
                from repos join users on users.id = repos.user_id
                where user_id = %s
                """,
                [user_id],
            ).fetchall()
        return [Grant(**row | {"blocked_paths": tuple(row["blocked_paths"])}) for row in rows]

    def pending_before(self, user_id: UUID, job_id: UUID, time: datetime) -> int:
        """How many tasks of a user are still pending that began before this one.

        Only earlier ones count: of seven requests at once, five go ahead instead of none.

        Args:
            user_id: whose tasks.
            job_id: the task that asks; it does not count itself.
            time: when it began, should `status` not have heard of it yet.
        """
        with self.database.transaction() as connection:
            row = connection.execute(
                """
                select count(*) as pending from task_events
                where user_id = %(user_id)s and status = 'pending' and (ts_start, id) < (
                    coalesce((select ts_start from task_events where id = %(job_id)s), %(time)s),
                    %(job_id)s
                )
                """,
                {"user_id": user_id, "job_id": job_id, "time": time},
            ).fetchone()
        return int(row["pending"]) if row else 0

    def newest_merged(
        self, user_id: UUID, repo: str | None, job_id: UUID, time: datetime
    ) -> Merged | None:
        """The user's newest merged task that nobody takes back yet; None if there is none.

        Asked again by the same task, the answer is the same: what began later does not count,
        nor what that task itself took back meanwhile.

        Args:
            user_id: whose tasks.
            repo: only those in this repository, if it is given.
            job_id: the task that asks.
            time: when it began.
        """
        with self.database.transaction() as connection:
            row = connection.execute(
                """
                select id as job_id, repo, branch, commit_sha from task_events merged
                where user_id = %(user_id)s and status in ('auto_merged', 'ok')
                  and commit_sha is not null and undoes is null and id <> %(job_id)s
                  and ts_start < coalesce(
                      (select ts_start from task_events where id = %(job_id)s), %(time)s
                  )
                  and lower(repo) = coalesce(lower(%(repo)s::text), lower(repo))
                  and not exists (
                      select 1 from task_events undo
                      where undo.undoes = merged.id and undo.status <> 'fail'
                        and undo.id <> %(job_id)s
                  )
                order by ts_start desc, id desc limit 1
                """,
                {"user_id": user_id, "repo": repo, "job_id": job_id, "time": time},
            ).fetchone()
        return Merged(**row) if row else None
