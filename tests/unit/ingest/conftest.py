"""ingest with real parts: AWS runs in process (moto)."""

from types import SimpleNamespace
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from contracts.auth import AuthSettings, Verifier
from contracts.bus import Topic
from services.ingest.admission import Admission
from services.ingest.intake import Intake, Media
from tests.unit.ingest.door import SECRET, Door

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def aws():
    """One client of each kind: making them is what takes time."""
    with mock_aws():
        names = ("s3", "sns", "sqs", "dynamodb")
        yield SimpleNamespace(**{name: boto3.client(name, region_name=REGION) for name in names})


@pytest.fixture
def door(aws) -> Door:
    """Ingest in front of a new bucket, topic and table."""
    name = f"test-{uuid4()}"
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    topic = aws.sns.create_topic(Name=name)["TopicArn"]
    queue_url = aws.sqs.create_queue(QueueName=name)["QueueUrl"]
    queue = aws.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    aws.sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    settings = AuthSettings(
        supabase_url="https://project.supabase.test", supabase_jwt_secret=SECRET
    )
    intake = Intake(
        verifier=Verifier(settings),
        admission=Admission(name, aws.dynamodb, tasks_per_minute=1000),
        media=Media(name, aws.s3),
        topic=Topic(topic, aws.sns),
    )
    return Door(intake, aws.sqs, queue_url)
