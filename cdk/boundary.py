"""The outer wall of every role: whatever a policy may say one day, no role does more than this."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.nag import accept
from cdk.stage import Stage

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "autoscaling": ("CompleteLifecycleAction",),
    "dynamodb": ("DeleteItem", "GetItem", "PutItem", "UpdateItem"),
    "ecr": (
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "GetAuthorizationToken",
        "GetDownloadUrlForLayer",
    ),
    "lambda": ("InvokeFunction",),
    "logs": ("CreateLogStream", "DescribeLogStreams", "PutLogEvents"),
    "s3": ("GetObject", "ListBucket", "PutObject"),
    "secretsmanager": ("DescribeSecret", "GetSecretValue"),
    "ses": ("SendEmail", "SendRawEmail"),
    "sns": ("Publish",),
    "sqs": (
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ReceiveMessage",
        "SendMessage",
    ),
    "ssm": ("UpdateInstanceInformation",),
    "ssmmessages": (
        "CreateControlChannel",
        "CreateDataChannel",
        "OpenControlChannel",
        "OpenDataChannel",
    ),
    "xray": (
        "GetSamplingRules",
        "GetSamplingTargets",
        "PutTelemetryRecords",
        "PutTraceSegments",
    ),
}
"""Service -> all that any role of ours does there. No role can give itself or another one rights,
read somebody else's mail, or start a machine."""

MOBILE_PUSH = ("CreatePlatformEndpoint", "DeleteEndpoint", "SetEndpointAttributes")
"""What notify does at SNS besides, where a stage has a platform application there."""


def wall(scope: Construct, stage: Stage) -> None:
    """Put every role of a stack behind the boundary."""
    sns = MOBILE_PUSH if stage.platform_applications else ()
    boundary = iam.ManagedPolicy(
        scope,
        "Boundary",
        managed_policy_name=stage.named("boundary"),
        description=f"Sayso {stage.name}: the most that any of its roles may do",
        statements=[
            iam.PolicyStatement(
                actions=[
                    *(f"{service}:{name}" for service, names in ACTIONS.items() for name in names),
                    *(f"sns:{name}" for name in sns),
                ],
                resources=["*"],
            )
        ],
    )
    accept(
        boundary,
        "A boundary grants nothing; on which resources is said by each role's own policy.",
        "IAM5[Resource::*]",
    )
    iam.PermissionsBoundary.of(scope).apply(boundary)
