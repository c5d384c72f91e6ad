"""The only producer of jobs: what was asked becomes a job, or a sentence why it does not."""

from dataclasses import dataclass
from uuid import UUID

from aws_lambda_powertools import Logger

from contracts.bus import BrokenContract, Queue, Topic
from contracts.identity import new_event
from contracts.message import Message
from contracts.models import (
    RunnerJob,
    TaskDispatched,
    TaskDispatchedData,
    TaskFailed,
    TaskFailedData,
    TaskTranscribed,
    TaskUploaded,
)
from services.dispatch.jobs import KINDS, LONG_KINDS, Request, inspection_of, job_for
from services.dispatch.registry import Grant, Merged, Registry
from services.dispatch.rules import Limits, Refused, admit, choose
from services.dispatch.undo import asks_to_undo

logger = Logger()


@dataclass(frozen=True)
class Dispatcher:
    """Hands out jobs.

    Attributes:
        registry: who may use what.
        topic: task-events.
        jobs: the queue of jobs that write code.
        control: the queue of short jobs.
        limits: the widest that any job may have.
        max_in_flight: tasks of one user that may be pending at a time. A soft bound: it counts
            what `status` has heard of.
        token_key: key of the job tokens.
    """

    registry: Registry
    topic: Topic
    jobs: Queue
    control: Queue
    limits: Limits
    max_in_flight: int
    token_key: str

    def on_message(self, message: Message) -> None:
        """Turn a request into a job, or into `task.failed` with a sentence for the user.

        Raises:
            BrokenContract: a message that nobody here waits for.
            psycopg.OperationalError: the database is away; the queue brings the message again.
        """
        if not isinstance(message, Request):
            raise BrokenContract(f"dispatch can't use a {type(message).__name__}")
        try:
            undone = self._undone(message)
            grant = self._permitted(message, undone.repo if undone else message.data.repo)
        except Refused as refused:
            self._fail(message, refused.reason, refused.message)
        else:
            limits = self.limits.tightened_by(grant)
            job = job_for(message, grant, limits, self.token_key, undone)
            undoes = undone.job_id if undone else getattr(message.data, "undoes", None)
            self._hand_out(job, undoes)

    def on_dead_letter(self, message: Message) -> None:
        """Find out what became of a job that no runner finished.

        Git remembers what was delivered, so an `inspect` job looks there. If even that one died,
        the task fails, which never overturns an outcome that a runner reported.
        """
        match message:
            case RunnerJob(kind="inspect"):
                self._fail(
                    message,
                    "internal_error",
                    "Something broke on our side; look at the repository, then say it again.",
                )
            case RunnerJob():
                self._hand_out(inspection_of(message, self.token_key))
            case TaskUploaded():
                logger.info("a cue to warm up came to nothing; its job warms up by itself")
            case _:
                raise BrokenContract(f"a {type(message).__name__} never went to a runner")

    def _undone(self, request: Request) -> Merged | None:
        """What somebody who says "undo that" means.

        Raises:
            Refused: there is nothing to undo.
        """
        if not isinstance(request, TaskTranscribed) or not asks_to_undo(request.data.text):
            return None
        repo = request.data.repo
        merged = self.registry.newest_merged(request.user_id, repo, request.job_id, request.time)
        if merged is None:
            raise Refused(
                "nothing_to_undo",
                "Nothing of yours is merged that could be undone: say what should be changed.",
            )
        return merged

    def _permitted(self, request: Request, repo: str | None) -> Grant:
        """The repository that the request may use now, whatever was allowed earlier.

        Raises:
            Refused: not that repository, or not that many tasks.
        """
        grant = choose(self.registry.grants(request.user_id), repo)
        if KINDS[type(request)] in LONG_KINDS:
            pending = self.registry.pending_before(request.user_id, request.job_id, request.time)
            admit(pending, self.max_in_flight)
        return grant

    def _hand_out(self, job: RunnerJob, undoes: UUID | None = None) -> None:
        """Say that the job is queued, then queue it.

        In this order, because a failure in between brings the request again: an event said twice
        costs nothing (it has the same id), a job queued twice may cost a run.
        """
        dispatched = TaskDispatchedData(
            kind=job.kind, run=job.run, repo=job.repo, branch=job.branch, undoes=undoes
        )
        self.topic.publish(new_event(TaskDispatched, job.job_id, job.user_id, dispatched))
        if job.kind in LONG_KINDS:
            self.jobs.send(job, group=str(job.user_id))
        else:
            self.control.send(job)
        logger.info("dispatched", kind=job.kind, run=str(job.run))

    def _fail(self, about: Request | RunnerJob, reason: str, message: str) -> None:
        failed = TaskFailedData(producer="dispatch", reason=reason, message=message)
        self.topic.publish(new_event(TaskFailed, about.job_id, about.user_id, failed))
        logger.info("failed", reason=reason)
