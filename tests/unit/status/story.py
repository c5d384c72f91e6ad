"""A task to tell events about: each method makes one, a second later than the one before."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.identity import new_event, run_id_for
from contracts.job_token import job_token
from contracts.models import (
    RunnerStatus,
    RunnerStatusReported,
    TaskApproved,
    TaskApprovedData,
    TaskCancelled,
    TaskCancelledData,
    TaskDispatched,
    TaskDispatchedData,
    TaskFailed,
    TaskFailedData,
    TaskProgressed,
    TaskProgressedData,
    TaskRejected,
    TaskRejectedData,
    TaskTranscribed,
    TaskTranscribedData,
    TaskUndoRequested,
    TaskUndoRequestedData,
    TaskUploaded,
    TaskUploadedData,
)

KEY = "the key of the job tokens"
REPO = "git@github.com:sayso/wordcount.git"
TESTED = "1" * 40
NEXT = "2" * 40
BASE = "b" * 40
WORDS = "Add a --stdin flag."
PULL = "https://github.com/sayso/wordcount/pull/7"


@dataclass
class Story:
    """One task of one user."""

    job_id: UUID = field(default_factory=uuid4)
    user_id: UUID = field(default_factory=uuid4)
    email: str = ""
    now: datetime = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.email = self.email or f"{self.user_id}@example.com"

    def run(self, kind: str, subject: str = "") -> UUID:
        return run_id_for(self.job_id, kind, subject)

    def uploaded(self) -> TaskUploaded:
        data = TaskUploadedData(
            producer="ingest",
            audio_key=f"recordings/{self.user_id}/{self.job_id}.wav",
            audio_ms=2000,
            email=self.email,
            repo=None,
        )
        return self._event(TaskUploaded, data)

    def transcribed(self, text: str = WORDS) -> TaskTranscribed:
        data = TaskTranscribedData(
            producer="transcribe",
            text=text,
            confidence=0.9,
            source="speech",
            email=self.email,
            repo=None,
        )
        return self._event(TaskTranscribed, data)

    def dispatched(
        self, kind: Any = "change", subject: str = "", undoes: UUID | None = None
    ) -> TaskDispatched:
        run = self.run(kind, subject)
        data = TaskDispatchedData(kind=kind, run=run, repo=REPO, branch="main", undoes=undoes)
        return self._event(TaskDispatched, data)

    def progressed(self, phase: Any, kind: str = "change", subject: str = "") -> TaskProgressed:
        data = TaskProgressedData(run=self.run(kind, subject), phase=phase, elapsed_ms=10)
        return self._event(TaskProgressed, data)

    def status(
        self, status: Any, kind: Any = "change", subject: str = "", **more: Any
    ) -> RunnerStatusReported:
        run = self.run(kind, subject)
        usual = {
            "commit_sha": TESTED,
            "pr_url": PULL if status == "pr_opened" else None,
            "loc_delta": 12,
            "files_touched": ["cli.py"],
            "tests_passed": True,
            "lint_passed": True,
            "tok_in": 100,
            "tok_out": 20,
            "cost_usd": 0.01,
            "duration_ms": 900,
            "notes": "Added --stdin.",
            "repo": REPO,
            "branch": "main",
            "base_sha": BASE,
            "job_token": job_token(KEY, self.job_id, run),
        }
        data = RunnerStatus.model_validate(
            {**usual, "job_id": self.job_id, "status": status, "kind": kind, "run": run, **more}
        )
        return self._event(RunnerStatusReported, data)

    def approved(self, commit_sha: str = TESTED) -> TaskApproved:
        return self._event(
            TaskApproved, TaskApprovedData(**self._decided(commit_sha), override=False)
        )

    def rejected(self, commit_sha: str = TESTED) -> TaskRejected:
        return self._event(TaskRejected, TaskRejectedData(**self._decided(commit_sha)))

    def cancelled(self) -> TaskCancelled:
        data = TaskCancelledData(producer="status", message="You cancelled it.")
        return self._event(TaskCancelled, data)

    def undo_requested(self, undoes: UUID) -> TaskUndoRequested:
        data = TaskUndoRequestedData(
            undoes=undoes,
            commit_sha=TESTED,
            repo=REPO,
            branch="main",
            text=f"Undo: {WORDS}",
            email=self.email,
        )
        return self._event(TaskUndoRequested, data)

    def failed(self, producer: Any = "transcribe", reason: str = "no_speech") -> TaskFailed:
        data = TaskFailedData(
            producer=producer, reason=reason, message="I heard nothing; please say it again."
        )
        return self._event(TaskFailed, data)

    def asked(self) -> list[Any]:
        """Everything up to a pull request that waits for an answer."""
        return [
            self.uploaded(),
            self.transcribed(),
            self.dispatched(),
            self.progressed("test"),
            self.status("pr_opened"),
        ]

    def _decided(self, commit_sha: str) -> dict[str, Any]:
        return {
            "commit_sha": commit_sha,
            "repo": REPO,
            "branch": "main",
            "base_sha": BASE,
            "pr_url": PULL,
            "text": WORDS,
        }

    def _event(self, model: Any, data: Any) -> Any:
        self.now += timedelta(seconds=1)
        return new_event(model, self.job_id, self.user_id, data, self.now)
