"""What Lambda hands to a function."""

import json
from types import SimpleNamespace
from typing import Any

from contracts.message import Message

CONTEXT = SimpleNamespace(
    function_name="sayso-test",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:sayso-test",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 30_000,
)


def batch_of(message: Message, queue: str) -> dict[str, Any]:
    """The Lambda event that brings one message of a queue."""
    body = json.loads(message.model_dump_json())
    return {
        "Records": [
            {
                "messageId": "1",
                "receiptHandle": "r",
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {"type": {"stringValue": body["type"], "dataType": "String"}},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:{queue}",
            }
        ]
    }
