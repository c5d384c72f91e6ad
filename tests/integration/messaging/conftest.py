"""The messaging of the synthesised app, and nothing else of it, on an emulator of its own."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template

from cdk.app import build
from cdk.local import emulator
from cdk.local.processes import Processes
from cdk.local.settings import LocalSettings
from contracts import models
from contracts.bus import Topic, receive
from contracts.message import Message
from tests.integration.messaging.emulators import LACKS, daemon

EXAMPLES = Path(models.__file__).parent / "examples/valid"
MESSAGING = (
    "AWS::SNS::Topic",
    "AWS::SNS::Subscription",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
)
QUEUES = ("transcribe", "dispatch", "status", "notify", "report", "runner-jobs", "runner-control")


@dataclass(frozen=True)
class Messaging:
    """Topics and queues by the names that `cdk/messaging.py` gives them."""

    sns: Any
    sqs: Any

    def publish(self, topic: str, example: str) -> Message:
        """Publish one of the contracts' examples, as a service does."""
        body = (EXAMPLES / f"{example}.json").read_text()
        event = receive(body, json.loads(body)["type"])
        Topic(self.topic_arn(topic), self.sns).publish(event)
        return event

    def topic_arn(self, topic: str) -> str:
        """The ARN of a topic."""
        [arn] = [
            each["TopicArn"]
            for each in self.sns.list_topics()["Topics"]
            if each["TopicArn"].endswith(f"-{topic}")
        ]
        return str(arn)

    def take(self, queue: str, **more: Any) -> list[dict[str, Any]]:
        """The messages that can be received now."""
        found: list[dict[str, Any]] = self.sqs.receive_message(
            QueueUrl=self.url(queue),
            MaxNumberOfMessages=10,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            **more,
        ).get("Messages", [])
        return found

    def url(self, queue: str) -> str:
        """The address of a queue."""
        return str(self.sqs.get_queue_url(QueueName=f"sayso-local-{queue}")["QueueUrl"])

    def empty(self) -> None:
        """Forget every message."""
        for queue in QUEUES:
            self.sqs.purge_queue(QueueUrl=self.url(queue))
            self.sqs.purge_queue(QueueUrl=self.url(f"{queue}-dead-letters"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the emulator does not do."""
    lacks = LACKS[config.getoption("emulator")]
    needs = {item: {mark.args[0] for mark in item.iter_markers("needs")} for item in items}
    left_out = [item for item in items if needs[item] & lacks]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Messaging]:
    """The messaging resources of the template, made by CloudFormation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = LocalSettings(home=tmp_path_factory.mktemp("emulator"), port_emulator=port)
    processes = Processes(settings.home)
    try:
        processes.start(daemon(pytestconfig.getoption("emulator"), settings))
        cloudformation = emulator.client(settings, "cloudformation")
        cloudformation.create_stack(StackName="messaging", TemplateBody=json.dumps(template()))
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName="messaging", WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
        yield Messaging(emulator.client(settings, "sns"), emulator.client(settings, "sqs"))
    finally:
        processes.stop_all()


@pytest.fixture
def messaging(deployed: Messaging) -> Messaging:
    """With nothing under way."""
    deployed.empty()
    return deployed


def template() -> dict[str, Any]:
    """What the app's template says about topics, queues and subscriptions."""
    app = build(stage="local", code="sources")
    [platform] = [
        each
        for each in app.node.children
        if isinstance(each, Stack) and each.stack_name.endswith("Platform")
    ]
    resources = Template.from_stack(platform).to_json()["Resources"]
    return {
        "Resources": {
            name: resource for name, resource in resources.items() if resource["Type"] in MESSAGING
        }
    }
