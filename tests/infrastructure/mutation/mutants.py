"""Every way in which a template can be spoilt, found in the template itself."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Resources = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Mutant:
    """One thing wrong."""

    logical_id: str
    harm: str
    spoil: Callable[[Resources], object]

    def applied_to(self, resources: Resources) -> Resources:
        """A copy of the resources with this one thing wrong."""
        spoilt = copy.deepcopy(resources)
        self.spoil(spoilt)
        return spoilt


TAKEN_AWAY: dict[str, tuple[str, ...]] = {
    "AWS::SQS::Queue": ("RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout"),
    "AWS::SNS::Topic": ("KmsMasterKeyId", "TracingConfig"),
    "AWS::SNS::Subscription": ("RedrivePolicy", "FilterPolicy", "RawMessageDelivery"),
    "AWS::Lambda::EventSourceMapping": ("FunctionResponseTypes", "ScalingConfig"),
    "AWS::Lambda::EventInvokeConfig": ("DestinationConfig",),
    "AWS::Lambda::Function": ("TracingConfig", "Architectures", "LoggingConfig"),
    "AWS::S3::Bucket": (
        "BucketEncryption",
        "PublicAccessBlockConfiguration",
        "OwnershipControls",
        "LifecycleConfiguration",
    ),
    "AWS::DynamoDB::Table": (
        "TimeToLiveSpecification",
        "BillingMode",
        "PointInTimeRecoverySpecification",
    ),
    "AWS::Logs::LogGroup": ("RetentionInDays",),
    "AWS::ApiGatewayV2::Stage": ("DefaultRouteSettings", "AccessLogSettings"),
    "AWS::ApiGatewayV2::Api": ("CorsConfiguration",),
    "AWS::ECR::Repository": ("ImageScanningConfiguration", "LifecyclePolicy"),
    "AWS::AutoScaling::AutoScalingGroup": ("MetricsCollection",),
    "AWS::CloudWatch::Alarm": ("AlarmActions",),
    "AWS::KMS::Key": ("EnableKeyRotation",),
    "AWS::IAM::Role": ("PermissionsBoundary",),
}
"""Type -> properties without which something is lost, leaks, or goes unseen."""

NEEDED = {
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::S3::BucketPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Logs::MetricFilter",
    "AWS::Scheduler::Schedule",
    "AWS::ApiGatewayV2::Route",
    "AWS::AutoScaling::LifecycleHook",
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::EC2::VPCEndpoint",
    "AWS::XRay::ResourcePolicy",
}
"""Types of which each one has to be there."""

SET_TO: dict[str, tuple[tuple[str, Any], ...]] = {
    "AWS::SQS::Queue": (
        ("VisibilityTimeout", lambda seconds: seconds // 7),
        ("MessageRetentionPeriod", 60),
    ),
    "AWS::SNS::Subscription": (("RawMessageDelivery", False),),
    "AWS::CloudWatch::Alarm": (
        ("Threshold", lambda value: value * 10 + 1),
        ("EvaluationPeriods", lambda times: times + 60),
        ("ComparisonOperator", "LessThanOrEqualToThreshold"),
        ("TreatMissingData", "missing"),
    ),
    "AWS::Logs::LogGroup": (("RetentionInDays", 3653),),
    "AWS::ECR::Repository": (("ImageTagMutability", "MUTABLE"),),
    "AWS::Lambda::Function": (
        ("Timeout", lambda seconds: seconds * 2),
        ("Timeout", lambda seconds: seconds // 10),
        ("MemorySize", 10_240),
        ("Runtime", "python3.9"),
    ),
    "AWS::Lambda::EventSourceMapping": (("BatchSize", 1_000),),
    "AWS::Scheduler::Schedule": (
        ("ScheduleExpression", "rate(1 day)"),
        ("ScheduleExpressionTimezone", "Asia/Tokyo"),
    ),
    "AWS::AutoScaling::LifecycleHook": (
        ("DefaultResult", "ABANDON"),
        ("HeartbeatTimeout", 7_200),
        ("LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING"),
    ),
    "AWS::AutoScaling::AutoScalingGroup": (("MinSize", "0"), ("MaxSize", "100")),
    "AWS::DynamoDB::Table": (("BillingMode", "PROVISIONED"),),
    "AWS::Logs::MetricFilter": (("FilterPattern", ""),),
}
"""Type -> property and the harm done to it: a value, or a function of the one it has."""

DEEPER: dict[str, tuple[tuple[str, Any], ...]] = {
    "AWS::SQS::Queue": (("RedrivePolicy.maxReceiveCount", 1),),
    "AWS::Lambda::Function": (("Environment.Variables.GITHUB_TOKEN", "ghp_a_secret"),),
    "AWS::Scheduler::Schedule": (
        ("State", "DISABLED"),
        ("Target.RetryPolicy", {}),
        ("Target.RoleArn", {"Fn::GetAtt": ["RunnerAccessRole", "Arn"]}),
    ),
    "AWS::Lambda::EventSourceMapping": (("ScalingConfig.MaximumConcurrency", 1_000),),
    "AWS::SecretsManager::Secret": (("SecretString", "a-value"),),
    "AWS::EC2::LaunchTemplate": (
        ("LaunchTemplateData.MetadataOptions.HttpTokens", "optional"),
        ("LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 2),
        ("LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted", False),
        ("LaunchTemplateData.BlockDeviceMappings.0.Ebs.DeleteOnTermination", False),
        ("LaunchTemplateData.KeyName", "a-key"),
    ),
    "AWS::EC2::SecurityGroup": (
        (
            "SecurityGroupIngress",
            [{"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}],
        ),
        ("SecurityGroupEgress.0.FromPort", 0),
    ),
    "AWS::AutoScaling::AutoScalingGroup": (
        (
            "MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity",
            50,
        ),
        ("MixedInstancesPolicy.InstancesDistribution.OnDemandBaseCapacity", 1),
        ("MixedInstancesPolicy.LaunchTemplate.Overrides", [{"InstanceType": "t4g.micro"}]),
    ),
    "AWS::S3::Bucket": (
        *(
            (f"PublicAccessBlockConfiguration.{flag}", False)
            for flag in (
                "BlockPublicAcls",
                "BlockPublicPolicy",
                "IgnorePublicAcls",
                "RestrictPublicBuckets",
            )
        ),
    ),
    "AWS::ApiGatewayV2::Api": (("CorsConfiguration.AllowOrigins", ["*"]),),
    "AWS::ApiGatewayV2::Stage": (("DefaultRouteSettings.ThrottlingRateLimit", 10_000),),
}
"""Type -> path inside its properties and what is put there."""


def find(resources: Resources) -> Iterator[Mutant]:
    """Every mutant of a template, in the order of its resources."""
    for key, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        yield from _taken_away(key, kind, properties)
        yield from _changed(key, kind, properties)
        if kind in NEEDED:
            yield Mutant(key, f"{kind} is gone", lambda all_, key=key: all_.pop(key))
        if resource.get("DeletionPolicy") == "Retain":
            yield Mutant(key, "goes with its stack", _setting(key, "DeletionPolicy", "Delete"))
        if kind == "AWS::SNS::Subscription":
            yield from _filters(key, properties)
        if kind == "AWS::S3::Bucket":
            yield from _lifecycle(key, properties)
        for document in ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument"):
            # X-Ray takes its document as a text.
            if "Statement" in properties.get(document, {}):
                yield from _permissions(key, document, properties[document]["Statement"])


def _taken_away(key: str, kind: str, properties: dict[str, Any]) -> Iterator[Mutant]:
    for name in TAKEN_AWAY.get(kind, ()):
        if name in properties:
            yield Mutant(
                key,
                f"{kind} without {name}",
                lambda all_, key=key, name=name: all_[key]["Properties"].pop(name),
            )


def _changed(key: str, kind: str, properties: dict[str, Any]) -> Iterator[Mutant]:
    for name, harm in SET_TO.get(kind, ()):
        if name in properties:
            value = harm(properties[name]) if callable(harm) else harm
            if value != properties[name]:
                yield Mutant(
                    key, f"{name} is {value!r}", _setting(key, f"Properties.{name}", value)
                )
    for path, value in DEEPER.get(kind, ()):
        if _parent(properties, path) is not None:
            yield Mutant(key, f"{path} is {value!r}", _setting(key, f"Properties.{path}", value))


def _filters(key: str, properties: dict[str, Any]) -> Iterator[Mutant]:
    types = properties.get("FilterPolicy", {}).get("type", [])
    for number, name in enumerate(types):
        yield Mutant(
            key,
            f"no longer hears {name}",
            lambda all_, key=key, number=number: all_[key]["Properties"]["FilterPolicy"][
                "type"
            ].pop(number),
        )
    if types:
        more = [*types, "task.approved", "task.progressed"]
        yield Mutant(key, "hears more", _setting(key, "Properties.FilterPolicy.type", more))


def _lifecycle(key: str, properties: dict[str, Any]) -> Iterator[Mutant]:
    rules = properties["LifecycleConfiguration"]["Rules"]
    for number, rule in enumerate(rules):
        place = f"Properties.LifecycleConfiguration.Rules.{number}"
        said, later = f"{rule['Prefix']} is kept", rule["ExpirationInDays"] * 10
        yield Mutant(key, f"{said} longer", _setting(key, f"{place}.ExpirationInDays", later))
        yield Mutant(key, f"{said} for good", _setting(key, f"{place}.Status", "Disabled"))


def _permissions(key: str, document: str, statements: list[dict[str, Any]]) -> Iterator[Mutant]:
    for number, statement in enumerate(statements):
        place = f"Properties.{document}.Statement.{number}"
        said = f"{document} {statement.get('Sid') or statement.get('Action')}"
        yield Mutant(
            key,
            f"{said}: statement gone",
            lambda all_, key=key, document=document, number=number: all_[key]["Properties"][
                document
            ]["Statement"].pop(number),
        )
        if "Condition" in statement and document != "KeyPolicy":
            yield Mutant(key, f"{said}: no condition", _setting(key, f"{place}.Condition", {}))
        if statement["Effect"] == "Deny":
            yield Mutant(key, f"{said}: allowed", _setting(key, f"{place}.Effect", "Allow"))
        elif document == "PolicyDocument" and "Principal" not in statement:
            actions = statement["Action"]
            actions = [actions] if isinstance(actions, str) else actions
            for other, action in enumerate(actions):
                every = f"{action.partition(':')[0]}:*"
                wider = [*actions[:other], every, *actions[other + 1 :]]
                yield Mutant(key, f"{said}: may {every}", _setting(key, f"{place}.Action", wider))
            if statement["Resource"] != "*":
                yield Mutant(key, f"{said}: on *", _setting(key, f"{place}.Resource", "*"))
        elif document == "AssumeRolePolicyDocument":
            yield Mutant(
                key, f"{said}: by anybody", _setting(key, f"{place}.Principal", {"AWS": "*"})
            )


def _setting(key: str, path: str, value: Any) -> Callable[[Resources], None]:
    def spoil(resources: Resources) -> None:
        parent = _parent(resources[key], path)
        last = path.rpartition(".")[2]
        if isinstance(parent, list):
            parent[int(last)] = value
        elif parent is not None:
            parent[last] = value

    return spoil


def _parent(inside: Any, path: str) -> Any:
    """What holds the last part of a path; None if the way there ends before."""
    for part in path.split(".")[:-1]:
        if isinstance(inside, list):
            inside = inside[int(part)] if int(part) < len(inside) else None
        else:
            inside = inside.get(part) if isinstance(inside, dict) else None
        if inside is None:
            return None
    return inside
