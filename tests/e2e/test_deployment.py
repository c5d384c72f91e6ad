"""What runs on this machine is what the app's constructs say, read back from the emulator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cdk.local import emulator
from tests.e2e.system import LocalSystem
from tests.infrastructure.conftest import synthesise
from tests.infrastructure.template import Template, listed


@pytest.fixture(scope="module")
def template() -> Template:
    """The stage of this machine; `test_stages.py` proves it to be prod's."""
    return synthesise(stage="local")


@pytest.fixture(scope="module")
def aws(system: LocalSystem) -> Any:
    """Clients of the emulator by service."""
    return lambda service: emulator.client(system.settings, service)


def last(arn: str) -> str:
    """The name at the end of an ARN or address, without what all names have in common."""
    return arn.replace("/", ":").rpartition(":")[2].removeprefix("sayso-local-")


def named(template: Template, value: Any) -> str:
    return template.name(value).removeprefix("sayso-local-")


def test_queues(template: Template, aws: Any) -> None:
    sqs = aws("sqs")
    urls = sqs.list_queues(QueueNamePrefix="sayso-local-")["QueueUrls"]
    running = {}
    for url in urls:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        redrive = json.loads(found.get("RedrivePolicy", "null"))
        running[last(url)] = (
            int(found["VisibilityTimeout"]),
            int(found["MessageRetentionPeriod"]),
            redrive and (last(redrive["deadLetterTargetArn"]), int(redrive["maxReceiveCount"])),
        )
    assert running == {
        each["QueueName"].removeprefix("sayso-local-"): (
            each["VisibilityTimeout"],
            each["MessageRetentionPeriod"],
            redrive
            and (named(template, redrive["deadLetterTargetArn"]), redrive["maxReceiveCount"]),
        )
        for each in template.all("AWS::SQS::Queue")
        for redrive in [each.get("RedrivePolicy")]
    }


def test_subscriptions_and_their_filters(template: Template, aws: Any) -> None:
    sns = aws("sns")
    running = {}
    for each in sns.list_subscriptions()["Subscriptions"]:
        found = sns.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])[
            "Attributes"
        ]
        running[last(each["TopicArn"]), last(each["Endpoint"])] = (
            json.loads(found.get("FilterPolicy") or "null"),
            json.loads(found["RawMessageDelivery"]),
        )
    assert running == {
        (named(template, each["TopicArn"]), named(template, each["Endpoint"])): (
            each.get("FilterPolicy"),
            each["RawMessageDelivery"],
        )
        for each in template.all("AWS::SNS::Subscription")
    }


def test_who_consumes_which_queue(template: Template, aws: Any) -> None:
    mappings = aws("lambda").list_event_source_mappings()["EventSourceMappings"]
    running = {
        (last(each["FunctionArn"]), last(each["EventSourceArn"])): (
            each["BatchSize"],
            each["FunctionResponseTypes"],
            each["ScalingConfig"],
        )
        for each in mappings
    }
    assert running == {
        (named(template, each["FunctionName"]), named(template, each["EventSourceArn"])): (
            each["BatchSize"],
            each["FunctionResponseTypes"],
            each["ScalingConfig"],
        )
        for each in template.all("AWS::Lambda::EventSourceMapping")
    }


def test_schedules(template: Template, aws: Any) -> None:
    """All of them but their time zones, of which the emulator knows none."""
    scheduler = aws("scheduler")
    running = {}
    for entry in scheduler.list_schedules(NamePrefix="sayso-local-")["Schedules"]:
        each = scheduler.get_schedule(Name=entry["Name"])
        running[last(each["Name"])] = (
            each["ScheduleExpression"],
            last(each["Target"]["Arn"]),
            json.loads(each["Target"]["Input"]),
        )
    assert running == {
        each["Name"].removeprefix("sayso-local-"): (
            each["ScheduleExpression"],
            named(template, each["Target"]["Arn"]),
            json.loads(each["Target"]["Input"]),
        )
        for each in template.all("AWS::Scheduler::Schedule")
    }


def test_routes(template: Template, aws: Any) -> None:
    gateway = aws("apigatewayv2")
    [api] = gateway.get_apis()["Items"]
    targets = {
        f"integrations/{each['IntegrationId']}": last(each["IntegrationUri"])
        for each in gateway.get_integrations(ApiId=api["ApiId"])["Items"]
    }
    running = {
        each["RouteKey"]: targets[each["Target"]]
        for each in gateway.get_routes(ApiId=api["ApiId"], MaxResults="100")["Items"]
    }
    promised = {}
    for route in template.all("AWS::ApiGatewayV2::Route"):
        [_, integration] = route["Target"]["Fn::Join"][1]
        target = template.resources[integration["Ref"]]["Properties"]["IntegrationUri"]
        promised[route["RouteKey"]] = named(template, target)
    assert running == promised


def test_permissions(template: Template, aws: Any) -> None:
    """Each role may do the same actions, on as many resources, as its template says."""
    iam = aws("iam")
    running = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        if not name.lower().startswith("sayso-local"):
            continue
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [
            iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"]
            for each in policies
        ]
        assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
        running[name] = sorted(granted(documents))
    promised = {}
    stack = aws("cloudformation").describe_stack_resources(StackName=emulator.STACK)
    for resource in stack["StackResources"]:
        if resource["ResourceType"] == "AWS::IAM::Role":
            key = resource["LogicalResourceId"]
            documents = [
                policy["PolicyDocument"]
                for policy in template.all("AWS::IAM::Policy")
                if {"Ref": key} in policy["Roles"]
            ]
            promised[resource["PhysicalResourceId"]] = sorted(granted(documents))
    assert running == promised


def granted(documents: list[dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    """Effect, action, and on how many resources."""
    for document in documents:
        for statement in document["Statement"]:
            for action in listed(statement["Action"]):
                yield statement["Effect"], action, len(listed(statement["Resource"]))
