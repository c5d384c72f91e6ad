"""Taking an SQS batch record by record: what fails comes back alone, and soon."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from contracts.bus import receive
from contracts.message import Message
from contracts.observing import step

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 300

logger = Logger()


def consume(
    event: dict[str, Any],
    context: LambdaContext,
    on_message: Callable[[Message], None],
    on_dead_letter: Callable[[Message], None] | None = None,
) -> PartialItemFailureResponse:
    """Give each record of an SQS event to `on_message`; answer which ones failed.

    A record whose handling raises returns to its queue by itself, after a wait that doubles with
    every try (2 s, 4 s, 8 s, … 5 min) instead of the whole visibility timeout. SQS moves it to
    the dead-letter queue after its `maxReceiveCount`.

    Args:
        event: the Lambda event of an SQS event source mapping.
        context: the Lambda context.
        on_message: called with each validated message.
        on_dead_letter: called instead with those that come from a `…-dead-letters` queue.
    """

    def on_record(record: SQSRecord) -> None:
        message = receive(record.body, _type_of(record))
        job_id = getattr(message, "job_id", None) or getattr(message, "demo_id", None)
        is_dead = record.event_source_arn.endswith("-dead-letters")
        with step(str(getattr(message, "type", "runner-job")), job_id):
            (on_dead_letter if is_dead and on_dead_letter else on_message)(message)

    return process_partial_response(event, on_record, _Processor(EventType.SQS), context)


def retry_wait(receive_count: int) -> int:
    """Seconds until the next try of a record that was received `receive_count` times."""
    doublings = min(receive_count - 1, 10)
    return min(FIRST_WAIT_SECONDS << doublings, LONGEST_WAIT_SECONDS)


def _type_of(record: SQSRecord) -> str | None:
    attribute = record.message_attributes["type"]
    return attribute.string_value if attribute else None


class _Processor(BatchProcessor):
    """Powertools' processor, which also shortens the wait of what failed."""

    def __init__(self, event_type: EventType) -> None:
        # A batch that failed whole is answered like any other: the waits below are set already.
        super().__init__(event_type, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: Any, exception: Any) -> Any:
        logger.exception("record failed", message_id=record.message_id, exc_info=exception)
        queue = record.event_source_arn.rsplit(":", 1)[-1]
        wait = retry_wait(int(record.attributes.approximate_receive_count))
        try:
            _sqs().change_message_visibility(
                QueueUrl=_queue_url(queue),
                ReceiptHandle=record.receipt_handle,
                VisibilityTimeout=wait,
            )
        except ClientError:
            # Then the record waits for the queue's own visibility timeout: later, but not lost.
            logger.warning("could not shorten the wait", queue=queue)
        return super().failure_handler(record, exception)


@cache
def _sqs() -> "SQSClient":
    return boto3.client("sqs")


@cache
def _queue_url(name: str) -> str:
    return _sqs().get_queue_url(QueueName=name)["QueueUrl"]
