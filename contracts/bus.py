"""publish() and receive(): no message leaves or enters unvalidated."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_args, overload

from pydantic import ValidationError

from contracts import models
from contracts.message import Message

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

M = TypeVar("M", bound=Message)

MODELS: dict[str, type[Message]] = {
    get_args(model.model_fields["type"].annotation)[0]: model
    for model in get_args(get_args(models.AnyMessage.__value__)[0])
}
"""Every message by its `type`."""


class BrokenContract(ValueError):
    """A message that is not what its schema says; it is left to the dead-letter queue."""


@dataclass(frozen=True)
class Topic:
    """An SNS topic that takes our events."""

    arn: str
    sns: "SNSClient"

    def publish(self, event: Message) -> None:
        """Say an event; its `type` goes along as the attribute that filters look at.

        Raises:
            BrokenContract: the event does not fit its schema.
        """
        event_type, body = _checked(event)
        self.sns.publish(
            TopicArn=self.arn,
            Message=body,
            MessageAttributes={"type": {"DataType": "String", "StringValue": event_type}},
        )


@dataclass(frozen=True)
class Queue:
    """An SQS queue that takes our jobs."""

    url: str
    sqs: "SQSClient"

    def send(self, message: Message, group: str | None = None, delay_seconds: int = 0) -> None:
        """Queue a message.

        Args:
            message: any message of the contracts.
            group: `MessageGroupId`; on a standard queue this makes shares fair between groups.
            delay_seconds: until anybody sees it, at most 900.

        Raises:
            BrokenContract: the message does not fit its schema.
        """
        message_type, body = _checked(message)
        fair: Any = {"MessageGroupId": group} if group else {}
        self.sqs.send_message(
            QueueUrl=self.url,
            MessageBody=body,
            MessageAttributes={"type": {"DataType": "String", "StringValue": message_type}},
            DelaySeconds=delay_seconds,
            **fair,
        )


@overload
def receive(body: str, type_attribute: str | None) -> Message: ...
@overload
def receive(body: str, type_attribute: str | None, model: type[M]) -> M: ...
def receive(body: str, type_attribute: str | None, model: type[Message] | None = None) -> Message:
    """Read one message.

    Args:
        body: the JSON text of a record (raw delivery: no SNS wrapping).
        type_attribute: the record's `type` attribute; it must say what the body says.
        model: the one kind that is expected here; any of the contracts if not given.

    Raises:
        BrokenContract: unknown type, attribute and body differ, or the body does not fit.
    """
    known = MODELS.get(type_attribute or "")
    if known is None or (model is not None and known is not model):
        raise BrokenContract(f"a message of type {type_attribute!r} is not expected here")
    try:
        return known.model_validate_json(body)
    except ValidationError as error:
        raise BrokenContract(f"{type_attribute}: {_where(error)}") from error


def _checked(message: Message) -> tuple[str, str]:
    """The type and the JSON of a message that was checked once more just before it leaves."""
    body = message.model_dump_json()
    message_type = str(getattr(message, "type", None))
    receive(body, message_type)
    return message_type, body


def _where(error: ValidationError) -> str:
    """Which fields are wrong and why, without their values: those may be secrets."""
    return "; ".join(
        f"{'.'.join(map(str, item['loc']))}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    )
