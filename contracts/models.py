"""Generated from events/*.schema.json by `make contracts`: change those."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from contracts.message import Message
from pydantic import AwareDatetime, Field
from typing_extensions import TypeAliasType

JobKind = TypeAliasType(
    "JobKind", Literal["change", "merge", "close", "revert", "inspect"]
)
"""
What a runner is asked to do: write a change, merge or close an approved or rejected one, revert a merged one, or tell what became of a job.
"""


Outcome = TypeAliasType("Outcome", Literal["auto_merged", "pr_opened", "ok", "fail"])
"""
How a run ended: merged by itself, waits for a person, nothing left to do (merged on approval, or nothing needed changing), or failed.
"""


Phase = TypeAliasType(
    "Phase", Literal["checkout", "propose", "lint", "test", "deliver"]
)
"""
The steps of a run, in this order; lint and test may come again after a rebase.
"""


Repo = TypeAliasType(
    "Repo",
    Annotated[
        str,
        Field(
            pattern="^git@github\\.com:[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\\.git$"
        ),
    ],
)
"""
A repository as git's SSH address: git@github.com:org/project.git.
"""


Branch = TypeAliasType(
    "Branch",
    Annotated[
        str,
        Field(max_length=200, min_length=1, pattern="^[A-Za-z0-9_][A-Za-z0-9._/-]*$"),
    ],
)
"""
A branch name that needs no quoting and is no option.
"""


CommitSha = TypeAliasType("CommitSha", Annotated[str, Field(pattern="^[0-9a-f]{40}$")])
"""
A full SHA-1 commit name.
"""


Reason = TypeAliasType(
    "Reason", Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,63}$")]
)
"""
A stable word for why: no_speech, repo_not_allowed, tests_failed, …
"""


MediaKey = TypeAliasType(
    "MediaKey",
    Annotated[
        str,
        Field(
            max_length=300,
            min_length=3,
            pattern="^(recordings|vocabulary|diffs|clips)/[A-Za-z0-9_./-]+$",
        ),
    ],
)
"""
An object in the private bucket `media`.
"""


Confidence = TypeAliasType("Confidence", Annotated[float, Field(ge=0.0, le=1.0)])
"""
How sure the recognition is of the words; 1 for typed text.
"""


TaskText = TypeAliasType(
    "TaskText", Annotated[str, Field(max_length=4000, min_length=1)]
)
"""
The request in the user's words.
"""


TestsAdded = TypeAliasType("TestsAdded", Annotated[int, Field(ge=0, le=1000000)])
"""
Tests that were found with the change beyond those of the base.
"""


Usd = TypeAliasType("Usd", Annotated[float, Field(ge=0.0)])
"""
US dollars.
"""


class DemoEnvelope(Message):
    """
    What every event about a demo clip carries around its data.
    """

    id: UUID
    """
    uuid5 of the job, the type and the type's own key (contracts/identity.py): a repeat has the same id.
    """
    version: Annotated[int, Field(ge=1)]
    """
    Version of this message's schema.
    """
    demo_id: UUID
    """
    The clip.
    """
    user_id: UUID
    """
    The `sub` of the verified token.
    """
    time: AwareDatetime
    """
    When it happened, RFC 3339 in UTC.
    """


class DemoReadyData(Message):
    tag: Annotated[str, Field(max_length=100, min_length=1)]
    clip_key: MediaKey
    seconds: Annotated[float, Field(gt=0.0)]
    notes: Annotated[str, Field(max_length=500)]
    """
    How the clip was made.
    """


class DemoReady(DemoEnvelope):
    """
    A demo clip is stored.
    """

    type: Literal["demo.ready"]
    data: Annotated[DemoReadyData, Field(title="DemoReadyData")]


class DemoRequestedData(Message):
    tag: Annotated[str, Field(max_length=100, min_length=1)]
    """
    The release the clip shows.
    """
    prompt: Annotated[str, Field(max_length=2000, min_length=1)]
    screenshots: Annotated[list[MediaKey], Field(max_length=20)]
    maker: Literal["veo", "ffmpeg"] | None = None
    """
    Who makes it: Veo, for money, or FFmpeg from the screenshots. If not said, Veo wherever its credentials are known.
    """


class DemoRequested(DemoEnvelope):
    """
    A demo clip is wanted.
    """

    type: Literal["demo.requested"]
    data: Annotated[DemoRequestedData, Field(title="DemoRequestedData")]


class DemoSubmittedData(Message):
    tag: Annotated[str, Field(max_length=100, min_length=1)]
    screenshots: Annotated[list[MediaKey], Field(max_length=20)]
    """
    What the clip is made of, should nothing come of the operation.
    """
    operation: Annotated[str, Field(max_length=500, min_length=1)]
    """
    The name of Vertex AI's long-running operation.
    """
    look: Annotated[int, Field(ge=1, le=1000)]
    """
    The how-many-eth look at it this is.
    """


class DemoSubmitted(DemoEnvelope):
    """
    A clip is being made elsewhere; report tells itself when to look again.
    """

    type: Literal["demo.submitted"]
    data: Annotated[DemoSubmittedData, Field(title="DemoSubmittedData")]


class Envelope(Message):
    """
    What every event about a task carries around its data.
    """

    id: UUID
    """
    uuid5 of the job, the type and the type's own key (contracts/identity.py): a repeat has the same id.
    """
    version: Annotated[int, Field(ge=1)]
    """
    Version of this message's schema.
    """
    job_id: UUID
    """
    The task.
    """
    user_id: UUID
    """
    The `sub` of the verified token.
    """
    time: AwareDatetime
    """
    When it happened, RFC 3339 in UTC.
    """


class Heuristics(Message):
    auto_merge_loc_limit: Annotated[int, Field(ge=0)]
    """
    A change this large or larger asks a person.
    """
    blocked_paths: Annotated[list[str], Field(max_length=1000)]
    """
    Path prefixes, relative to the root.
    """


PrUrl = TypeAliasType(
    "PrUrl", Annotated[str, Field(max_length=500, pattern="^https?://[^ ]+$")]
)


class RunnerJob(Message):
    """
    One job for a runner: the fields of SPEC §4, and what came later.
    """

    type: Literal["runner.job"]
    version: Annotated[int, Field(ge=1)]
    """
    Version of this message's schema.
    """
    job_id: UUID
    user_id: UUID
    repo: Repo
    branch: Branch
    task_text: TaskText
    style_guide: Annotated[str, Field(max_length=2000)]
    """
    PEP8, use argparse, avoid globals
    """
    heuristics: Annotated[Heuristics, Field(title="Heuristics")]
    kind: JobKind
    run: UUID
    commit_sha: CommitSha | None
    """
    merge, close: the commit that was approved or rejected; revert: the commit to revert.
    """
    pr_url: PrUrl | None = None
    override: bool
    max_usd: Usd
    max_seconds: Annotated[int, Field(ge=1)]
    """
    Seconds of wall clock for the whole run.
    """
    confidence: Confidence
    job_token: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """
    HMAC-SHA256 of job and run: comes back in the status.
    """


PatchId = TypeAliasType("PatchId", Annotated[str, Field(pattern="^[0-9a-f]{40}$")])
"""
git patch-id --stable of the change.
"""


class RunnerStatus(Message):
    """
    How a run ended: the fields of SPEC §4, and what came later.
    """

    job_id: UUID
    commit_sha: CommitSha | None
    """
    The commit that was gated, if there is one.
    """
    pr_url: PrUrl | None
    loc_delta: Annotated[int, Field(ge=0)]
    """
    Lines added plus lines removed.
    """
    files_touched: Annotated[list[str], Field(max_length=10000)]
    """
    Every path that was created, changed, deleted, renamed from or to, or that a link was pointed at.
    """
    tests_passed: bool
    lint_passed: bool
    status: Outcome
    tok_in: Annotated[int, Field(ge=0)]
    """
    Tokens read by models.
    """
    tok_out: Annotated[int, Field(ge=0)]
    """
    Tokens written by models.
    """
    duration_ms: Annotated[int, Field(ge=0)]
    """
    Milliseconds from taking the job to this message.
    """
    notes: Annotated[str, Field(max_length=2000)]
    """
    One sentence for the user.
    """
    kind: JobKind
    run: UUID
    job_token: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """
    The job's token as it was handed out: a runner speaks only for jobs it was given.
    """
    reason: Reason | None = None
    repo: Repo | None = None
    branch: Branch | None = None
    base_sha: CommitSha | None = None
    """
    The base that the commit was gated on.
    """
    patch_id: PatchId | None = None
    """
    git patch-id --stable of the change.
    """
    diff_key: MediaKey | None = None
    summary: Annotated[str | None, Field(max_length=200)] = None
    """
    What was done, in a few words: the commit's subject.
    """
    tests_added: TestsAdded | None = None
    cost_usd: Usd | None = None
    asks: Annotated[list[str] | None, Field(max_length=100)] = None
    """
    Every reason why a person is asked; empty when none is.
    """


class RunnerStatusReported(Envelope):
    """
    A run ended.
    """

    type: Literal["runner.status"]
    data: RunnerStatus


class TaskApprovedData(Message):
    commit_sha: CommitSha
    """
    Exactly the commit that was tested and shown.
    """
    repo: Repo
    branch: Branch
    base_sha: CommitSha | None
    pr_url: PrUrl | None
    text: TaskText
    override: bool
    """
    A person insists although lint or tests failed.
    """


class TaskApproved(Envelope):
    """
    A person approved one commit.
    """

    type: Literal["task.approved"]
    data: Annotated[TaskApprovedData, Field(title="TaskApprovedData")]


class TaskCancelledData(Message):
    producer: Literal["status"]
    """
    The service that says so.
    """
    message: Annotated[str, Field(max_length=500, min_length=1)]
    """
    One sentence for the user: what it means.
    """


class TaskCancelled(Envelope):
    """
    A person took a request back before it was merged. Part of the history; nobody hears it.
    """

    type: Literal["task.cancelled"]
    data: Annotated[TaskCancelledData, Field(title="TaskCancelledData")]


class TaskDispatchedData(Message):
    kind: JobKind
    run: UUID
    """
    This job's run; comes back in every message about it.
    """
    repo: Repo
    branch: Branch
    undoes: UUID | None = None
    """
    revert: the task whose commit is taken back.
    """


class TaskDispatched(Envelope):
    """
    A job was queued for a runner.
    """

    type: Literal["task.dispatched"]
    data: Annotated[TaskDispatchedData, Field(title="TaskDispatchedData")]


class TaskFailedData(Message):
    producer: Literal["ingest", "transcribe", "dispatch", "status"]
    """
    The service that says so.
    """
    reason: Reason
    message: Annotated[str, Field(max_length=500, min_length=1)]
    """
    One sentence for the user: what went wrong and what to do.
    """


class TaskFailed(Envelope):
    """
    A task ended before a runner had it.
    """

    type: Literal["task.failed"]
    data: Annotated[TaskFailedData, Field(title="TaskFailedData")]


class TaskProgressedData(Message):
    run: UUID
    phase: Phase
    elapsed_ms: Annotated[int, Field(ge=0)]
    """
    Milliseconds since the run started.
    """


class TaskProgressed(Envelope):
    """
    A runner entered a phase of a run.
    """

    type: Literal["task.progressed"]
    data: Annotated[TaskProgressedData, Field(title="TaskProgressedData")]


class TaskRejectedData(Message):
    commit_sha: CommitSha
    """
    Exactly the commit that was tested and shown.
    """
    repo: Repo
    branch: Branch
    base_sha: CommitSha | None
    pr_url: PrUrl | None
    text: TaskText


class TaskRejected(Envelope):
    """
    A person rejected a pull request.
    """

    type: Literal["task.rejected"]
    data: Annotated[TaskRejectedData, Field(title="TaskRejectedData")]


Subject = TypeAliasType("Subject", Annotated[str, Field(max_length=200)])
"""
What was done, in a few words: the commit's subject.
"""


Why = TypeAliasType("Why", Annotated[str, Field(max_length=500)])
"""
The first reason why a person is asked, as a clause.
"""


class TaskSettledData(Message):
    version: Annotated[int, Field(ge=1)]
    """
    The row's version; a smaller one is old news.
    """
    status: Outcome
    reason: Reason | None
    summary: Annotated[str, Field(max_length=500)]
    """
    One line for a lock screen.
    """
    repo: Repo | None
    commit_sha: CommitSha | None
    pr_url: PrUrl | None
    loc_delta: Annotated[int, Field(ge=0)]
    """
    Lines added plus lines removed.
    """
    files_touched: Annotated[list[str], Field(max_length=10000)]
    duration_ms: Annotated[int, Field(ge=0)]
    """
    Milliseconds from the upload to this outcome.
    """
    cost_usd: Usd
    needs_approval: bool
    """
    Whether Approve can be offered.
    """
    subject: Subject | None = None
    """
    What was done, in a few words: the commit's subject.
    """
    tests_added: TestsAdded | None = None
    why: Why | None = None
    """
    The first reason why a person is asked, as a clause.
    """


class TaskSettled(Envelope):
    """
    What a person should be told: the outcome of a task, or a new one.
    """

    type: Literal["task.settled"]
    data: Annotated[TaskSettledData, Field(title="TaskSettledData")]


class TaskTranscribedData(Message):
    producer: Literal["ingest", "transcribe", "dispatch", "status"]
    """
    The service that says so.
    """
    text: TaskText
    confidence: Confidence
    source: Literal["speech", "typed"]
    """
    Whether it was spoken or typed.
    """
    email: Annotated[str, Field(max_length=320, pattern="^[^@ ]+@[^@ ]+$")]
    """
    The verified address of the token.
    """
    repo: Repo | None


class TaskTranscribed(Envelope):
    """
    The words of a request are known.
    """

    type: Literal["task.transcribed"]
    data: Annotated[TaskTranscribedData, Field(title="TaskTranscribedData")]


class TaskUndoRequestedData(Message):
    undoes: UUID
    """
    The merged task.
    """
    commit_sha: CommitSha
    """
    The commit to revert.
    """
    repo: Repo
    branch: Branch
    text: TaskText
    email: Annotated[str, Field(max_length=320, pattern="^[^@ ]+@[^@ ]+$")]
    """
    The verified address of the token.
    """


class TaskUndoRequested(Envelope):
    """
    A person asks to revert a merged task; job_id is the new task.
    """

    type: Literal["task.undo_requested"]
    data: Annotated[TaskUndoRequestedData, Field(title="TaskUndoRequestedData")]


class TaskUploadedData(Message):
    producer: Literal["ingest", "transcribe", "dispatch", "status"]
    """
    The service that says so.
    """
    audio_key: MediaKey
    audio_ms: Annotated[int, Field(ge=1, le=60000)]
    """
    Length of the recording in milliseconds.
    """
    email: Annotated[str, Field(max_length=320, pattern="^[^@ ]+@[^@ ]+$")]
    """
    The verified address of the token.
    """
    repo: Repo | None


class TaskUploaded(Envelope):
    """
    A recording was accepted and stored.
    """

    type: Literal["task.uploaded"]
    data: Annotated[TaskUploadedData, Field(title="TaskUploadedData")]


AnyMessage = TypeAliasType(
    "AnyMessage",
    Annotated[
        DemoReady
        | DemoRequested
        | DemoSubmitted
        | RunnerJob
        | RunnerStatusReported
        | TaskApproved
        | TaskCancelled
        | TaskDispatched
        | TaskFailed
        | TaskProgressed
        | TaskRejected
        | TaskSettled
        | TaskTranscribed
        | TaskUndoRequested
        | TaskUploaded,
        Field(title="AnyMessage"),
    ],
)
"""
Whatever may cross a queue or a topic.
"""
