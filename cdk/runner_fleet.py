"""The runner's image and role: it takes jobs and says what became of them."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.messaging import Messaging
from cdk.secrets import Secrets
from cdk.stage import Stage
from cdk.storage import CLAIM, DIFFS, VOCABULARY, Storage


def role_name(stage: Stage) -> str:
    """The name of the runner's role, by which runner-events knows its only publisher."""
    return stage.named("runner")


class RunnerFleet(Construct):
    """The image repository and the role of the instances."""

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        messaging: Messaging,
        storage: Storage,
        secrets: Secrets,
    ) -> None:
        super().__init__(scope, "RunnerFleet")
        self.image = ecr.Repository(
            self,
            "Image",
            repository_name=stage.named("runner"),
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=10)],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(
            self,
            "Role",
            role_name=role_name(stage),
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        )
        self.image.grant_pull(self.role)
        secrets["github-token"].grant_read(self.role)
        for name in ("runner-jobs", "runner-control"):
            messaging.queues[name].grant_consume_messages(self.role)
        messaging.runner_events.grant_publish(self.role)
        storage.grant_media(self.role, "GetObject", VOCABULARY, DIFFS)
        storage.grant_media(self.role, "PutObject", VOCABULARY, DIFFS)
        storage.grant_finding(self.role)
        storage.job_control.grant(self.role, *CLAIM)


def role_arn(stack: Stack, stage: Stage) -> str:
    """The runner role's ARN, known before the role is made."""
    return stack.format_arn(
        service="iam", region="", resource="role", resource_name=role_name(stage)
    )
