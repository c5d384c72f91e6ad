"""report: yesterday's tasks become a mail, once a night; a weekly tag becomes a clip."""

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from contracts import batch
from contracts.observing import step
from services.report.memory import Memory
from services.report.settings import ClipSettings, MailSettings, MemorySettings

if TYPE_CHECKING:
    from services.report.clips import Clips
    from services.report.nightly import Nightly

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take a batch of the queue, or mail a day's report.

    `{"schedule": "nightly"}` is about the day that ended last, and with `"date": "2026-11-22"`
    about that one; who has its mail gets no other.
    """
    _memory().at_work(context)
    if "Records" in event:
        return batch.consume(event, context, _clips().on_message)
    if event.get("schedule") != "nightly":
        raise ValueError('report waits for {"schedule": "nightly"} and for messages of its queue')
    with step("nightly"):
        nightly, asked = _nightly(), event.get("date")
        day = date.fromisoformat(asked) if asked else nightly.yesterday(datetime.now(UTC))
        return {"day": day.isoformat(), "message_ids": nightly.mail_once(day)}


@cache
def _memory() -> Memory:
    return Memory.of(MemorySettings().idempotency_table)


@cache
def _nightly() -> "Nightly":
    from services.report.nightly import Nightly

    return Nightly.of(MailSettings(), boto3.client("ses"), _memory())


@cache
def _clips() -> "Clips":
    from services.report.clips import Clips

    return Clips.of(ClipSettings(), boto3.client("sns"), boto3.client("sqs"), _memory())
