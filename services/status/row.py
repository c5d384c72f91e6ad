"""A task as people see it: one row of `task_events`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Row:
    """A row of `task_events`, without the columns that the database keeps for itself."""

    id: UUID
    user_id: UUID
    ts_start: datetime
    status: str
    phase: str | None
    reason: str | None
    summary: str
    subject: str | None
    why: str | None
    notes: str | None
    transcript: str | None
    confidence: float | None
    repo: str | None
    branch: str | None
    base_sha: str | None
    commit_sha: str | None
    pr_url: str | None
    undoes: UUID | None
    diff_key: str | None
    loc_delta: int | None
    files_touched: tuple[str, ...]
    lint_passed: bool | None
    tests_passed: bool | None
    tests_added: int | None
    tok_in: int
    tok_out: int
    cost_usd: float
    duration_ms: int | None

    @property
    def outcome(self) -> tuple[str | None, ...] | None:
        """What a person is told about, once for each change of it; None while pending."""
        if self.status == "pending":
            return None
        if self.is_cancelled:
            return (self.status, self.reason)
        return (self.status, self.reason, self.commit_sha, self.pr_url)

    @property
    def needs_approval(self) -> bool:
        """Whether a person's answer is waited for: asked, and not decided yet."""
        return self.status == "pr_opened" and self.phase is None

    @property
    def is_final(self) -> bool:
        """Whether nothing more is done about it."""
        return self.status in ("auto_merged", "ok", "fail")

    @property
    def is_merged(self) -> bool:
        """Whether a commit of it is on its branch."""
        return self.status in ("auto_merged", "ok") and self.commit_sha is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether its user took it back before it was merged."""
        return self.status == "fail" and self.reason == "cancelled"

    @property
    def proven(self) -> bool:
        """Whether lint and tests passed for the commit."""
        return bool(self.lint_passed and self.tests_passed)
