"""Takes messages from the two queues until it is told to stop: one approval, a change a core."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from contracts.batch import retry_wait
from contracts.bus import BrokenContract, receive
from contracts.message import Message
from contracts.models import RunnerJob, TaskUploaded

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    from runner.health import Health
    from runner.kinds import Jobs
    from runner.tracing import Tracing
    from runner.warmup import WarmUp

PAUSE_SECONDS = 2
WAKE_SECONDS = 1

LAST_POLL_SECONDS = 2
"""How long a runner that was told to end stays for what a poll of its own may still bring it."""

logger = Logger(service="runner")


@dataclass(frozen=True)
class Inbox:
    """One queue, taken from message by message."""

    url: str
    sqs: SQSClient
    visibility_seconds: int
    poll_seconds: int = 20
    """How long one call waits for a message; AWS allows no more than 20."""
    _held: dict[str, None] = field(default_factory=dict)
    """Receipts of messages that are being worked on."""
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def take(self, wait_seconds: int) -> MessageTypeDef | None:
        """The next message, or None if none came in time."""
        received = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=wait_seconds,
            VisibilityTimeout=self.visibility_seconds,
            MessageAttributeNames=["type"],
            MessageSystemAttributeNames=["ApproximateReceiveCount", "AWSTraceHeader"],
        )
        return next(iter(received.get("Messages", [])), None)

    @contextmanager
    def holding(self, receipt: str, beat: Callable[[], object]) -> Iterator[None]:
        """Keep a message from other runners: it stays invisible as long as this one lives.

        Args:
            receipt: of the message.
            beat: called whenever the message was hidden anew.
        """
        ended = threading.Event()
        heart = threading.Thread(target=self._beat, args=(receipt, ended, beat), daemon=True)
        self._held[receipt] = None
        beat()
        heart.start()
        try:
            yield
        finally:
            ended.set()
            heart.join()
            self._held.pop(receipt, None)

    def delete(self, receipt: str) -> None:
        """The message was dealt with."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)

    def give_back(self, receipt: str, after_seconds: int = 0) -> None:
        """Let another runner, or this one, have the message."""
        self.sqs.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=after_seconds
        )

    def give_all_back(self) -> None:
        """Let other runners have what this one can't finish; no heartbeat hides it again."""
        with self._turn:
            self._leaving.set()
            for receipt in list(self._held):
                try:
                    self.give_back(receipt)
                except (BotoCoreError, ClientError):
                    logger.exception("not given back: it comes back by its visibility timeout")

    def _beat(self, receipt: str, ended: threading.Event, beat: Callable[[], object]) -> None:
        while not ended.wait(self.visibility_seconds / 3):
            with self._turn:
                if self._leaving.is_set():
                    return
                try:
                    self.give_back(receipt, after_seconds=self.visibility_seconds)
                    beat()
                except (BotoCoreError, ClientError):
                    # Another runner may take the job now; git lets one of the two deliver.
                    logger.exception("heartbeat failed")


class Worker:
    """Works on both queues: approvals never wait behind a change that takes long."""

    def __init__(
        self,
        jobs: Jobs,
        warm_up: WarmUp,
        changes: Inbox,
        control: Inbox,
        *,
        health: Health,
        tracing: Tracing,
        changes_at_once: int = 1,
    ) -> None:
        """Take changes from one queue, some at once; approvals and cues from the other."""
        self._jobs = jobs
        self._warm_up = warm_up
        self._inboxes = (control, changes)
        self._health, self._tracing = health, tracing
        self._loops = {"control": control} | {
            f"changes-{number}": changes for number in range(1, changes_at_once + 1)
        }
        self._cold: SimpleQueue[str | None] = SimpleQueue()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until `stop`; then what is unfinished is given back at once."""
        loops = [
            threading.Thread(target=self._work, args=loop, daemon=True)
            for loop in self._loops.items()
        ]
        for each in loops:
            each.start()
        threading.Thread(target=self._keep_warm, daemon=True).start()
        # A signal that another thread was given is handled when this one wakes.
        while not self._stopping.wait(WAKE_SECONDS):
            continue
        self._health.drain()
        for inbox in self._inboxes:
            inbox.give_all_back()
        # A poll that is under way may be handed just that: whoever waits there gives it back, too.
        end = time.monotonic() + LAST_POLL_SECONDS
        for each in loops:
            each.join(max(0, end - time.monotonic()))

    def run_once(self) -> None:
        """Work until both queues are empty."""
        while any(self._next("once", inbox, wait_seconds=1) for inbox in self._inboxes):
            pass

    def stop(self) -> None:
        """Take nothing more, and end `run`."""
        self._stopping.set()

    @property
    def stopping(self) -> threading.Event:
        """Set when nothing more is taken."""
        return self._stopping

    def _work(self, loop: str, inbox: Inbox) -> None:
        while not self._stopping.is_set():
            self._health.beat(loop)
            try:
                self._next(loop, inbox, inbox.poll_seconds)
            except (BotoCoreError, ClientError):
                logger.exception("the queue can't be reached")
                self._stopping.wait(PAUSE_SECONDS)

    def _next(self, loop: str, inbox: Inbox, wait_seconds: int) -> bool:
        message = inbox.take(wait_seconds)
        if message is None or self._stopping.is_set():
            if message:
                inbox.give_back(message["ReceiptHandle"])
            return False
        receipt = message["ReceiptHandle"]
        beat = partial(self._health.beat, loop, message["MessageId"])
        with inbox.holding(receipt, beat):
            is_done = self._is_done(message)
        if is_done:
            inbox.delete(receipt)
        elif not self._stopping.is_set():
            tries = int(message["Attributes"]["ApproximateReceiveCount"])
            inbox.give_back(receipt, after_seconds=retry_wait(tries))
        return True

    def _is_done(self, message: MessageTypeDef) -> bool:
        """Whether a message needs no further try."""
        attribute = message.get("MessageAttributes", {}).get("type")
        header = message.get("Attributes", {}).get("AWSTraceHeader")
        try:
            self._do(receive(message["Body"], attribute and attribute.get("StringValue")), header)
        except BrokenContract:
            logger.exception("left to the dead-letter queue", message_id=message["MessageId"])
            return False
        except Exception:
            # Whatever broke, it broke on our side: the message is tried again, and after the
            # last try an inspection tells the user.
            logger.exception("will be tried again", message_id=message["MessageId"])
            return False
        return True

    def _do(self, message: Message, trace_header: str | None) -> None:
        match message:
            case RunnerJob():
                with self._tracing.job(message, trace_header):
                    outcome = self._jobs.do(message)
                logger.info(
                    "job ended",
                    correlation_id=str(message.job_id),
                    kind=message.kind,
                    status=outcome.ending,
                    reason=outcome.reason,
                )
                self._cold.put(message.repo)
            case TaskUploaded():
                self._cold.put(message.data.repo)
            case _:
                raise BrokenContract(f"{type(message).__name__} is not for a runner")

    def _keep_warm(self) -> None:
        while True:
            repo = self._cold.get()
            try:
                self._warm_up.prepare(repo)
            except Exception:
                # A job does without; it meets the same trouble itself, and reports it.
                logger.exception("not warmed up", repo=repo)
