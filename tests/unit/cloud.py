"""AWS in process (moto): a bucket, a table and a topic of its own for each test."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from contracts.bus import Topic, receive
from contracts.message import Message


@dataclass(frozen=True)
class Cloud:
    """What a service finds around it, all under one name, and a queue that hears every event."""

    aws: SimpleNamespace
    name: str
    topic: Topic
    queue_url: str

    @classmethod
    def of(cls, aws: SimpleNamespace) -> "Cloud":
        """A new one; `aws` holds the clients `s3`, `sns`, `sqs` and `dynamodb`."""
        name = f"test-{uuid4()}"
        aws.s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": aws.s3.meta.region_name},
        )
        aws.dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        topic_arn = aws.sns.create_topic(Name=name)["TopicArn"]
        queue_url = aws.sqs.create_queue(QueueName=name)["QueueUrl"]
        queue = aws.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        aws.sns.subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=queue["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        return cls(aws, name, Topic(topic_arn, aws.sns), queue_url)

    def said(self) -> list[Message]:
        """The events since the last time this was asked."""
        messages: list[Message] = []
        while batch := self.aws.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for item in batch:
                kind = item["MessageAttributes"]["type"]["StringValue"]
                messages.append(receive(item["Body"], kind))
                receipt = item["ReceiptHandle"]
                self.aws.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=receipt)
        return messages

    def objects(self) -> dict[str, bytes]:
        """What is in the bucket, by key."""
        listed = self.aws.s3.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {item["Key"]: self._read(item["Key"]) for item in listed}

    def items(self) -> list[dict[str, Any]]:
        """What is in the table."""
        items: list[dict[str, Any]] = self.aws.dynamodb.scan(TableName=self.name)["Items"]
        return items

    def _read(self, key: str) -> bytes:
        body: bytes = self.aws.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return body
