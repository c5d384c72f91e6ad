"""What a runner may do, and where its image lies."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.messaging import Messaging
from cdk.nag import accept
from cdk.secrets import Secrets
from cdk.stage import Stage
from cdk.storage import CLAIM, DIFFS, VOCABULARY, Storage

SESSION_MANAGER = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""A shell without an open port. Of AmazonSSMManagedInstanceCore only what a session needs:
https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html"""

TRACE = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)


class RunnerAccess(Construct):
    """The role of the instances, their log, and the repository of their image."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "RunnerAccess")
        self._stage = stage
        removal = RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY
        self.image = ecr.Repository(
            self,
            "Image",
            repository_name=stage.named("runner"),
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=10)],
            empty_on_delete=not stage.keeps_data,
            removal_policy=removal,
        )
        self.log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/{stage.named('runner')}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=removal,
        )
        self.role = iam.Role(
            self,
            "Role",
            role_name=stage.named("runner"),
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        )

    def grant(self, messaging: Messaging, storage: Storage, secrets: Secrets) -> None:
        """Let the role do a runner's work, and nothing else."""
        role, stack = self.role, Stack.of(self)
        self.image.grant_pull(role)
        for name in self.secrets():
            secrets[name].grant_read(role)
        for name in ("runner-jobs", "runner-control"):
            messaging.queues[name].grant_consume_messages(role)
        messaging.runner_events.grant_publish(role)
        storage.grant_media(role, "GetObject", VOCABULARY, DIFFS)
        storage.grant_media(role, "PutObject", VOCABULARY, DIFFS)
        storage.grant_finding(role)
        storage.job_control.grant(role, *CLAIM)
        self.log.grant(role, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
        iam.Grant.add_to_principal(
            grantee=role, actions=[*SESSION_MANAGER, *TRACE], resource_arns=["*"]
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["autoscaling:CompleteLifecycleAction"],
            resource_arns=[
                stack.format_arn(
                    service="autoscaling",
                    resource="autoScalingGroup",
                    resource_name=f"*:autoScalingGroupName/{group}",
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
                for group in self.groups()
            ],
        )
        accept(
            role,
            "A login to ECR, a session, and a trace are about no resource that AWS could name.",
            "IAM5[Resource::*]",
        )
        for group in self.groups():
            accept(
                role,
                "An Auto Scaling group's ARN has an identifier in it that nobody chooses.",
                f"IAM5[Resource::arn:<AWS::Partition>:autoscaling:<AWS::Region>:<AWS::AccountId>"
                f":autoScalingGroup:*:autoScalingGroupName/{group}]",
            )

    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that a runner reads."""
        return self._stage.github_secret, "anthropic-api-key"

    def groups(self) -> tuple[str, str]:
        """The names of the Auto Scaling groups: spot, on demand."""
        return self._stage.named("runners"), self._stage.named("runners-on-demand")
