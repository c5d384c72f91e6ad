"""What is kept outside of Postgres: media, and two small tables."""

from typing import cast

from aws_cdk import CfnElement, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.nag import accept
from cdk.stage import Stage

RECORDINGS = "recordings/"
VOCABULARY = "vocabulary/"
DIFFS = "diffs/"
CLIPS = "clips/"

COUNT = ("dynamodb:PutItem", "dynamodb:UpdateItem")
"""What admission needs of the idempotency table: to claim a key and to count."""

REMEMBER = ("dynamodb:GetItem", "dynamodb:DeleteItem", *COUNT)
"""What Powertools Idempotency needs of it."""

CANCEL = "dynamodb:PutItem"
"""Enough to put a task's job-control item where it may be put; the condition says where."""

CLAIM = ("dynamodb:GetItem", *COUNT)
"""Enough to move a task's job-control item, not to forget it."""


class Storage(Construct):
    """The private media bucket and the idempotency and job-control tables."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Storage")
        removal = RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY
        self.media = s3.Bucket(
            self,
            "Media",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=removal,
            # The app in a browser fetches a diff by its signed address.
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.GET],
                    allowed_origins=[stage.web_origin],
                    max_age=3600,
                )
            ],
            lifecycle_rules=[
                _gone_after(30, RECORDINGS),
                _gone_after(180, DIFFS),
                _gone_after(180, CLIPS),
            ],
        )
        accept(
            self.media,
            "An object is reached by a few roles and by addresses that are signed for a while;"
            " who asked for one stands in the services' own logs.",
            "S1",
        )
        self.idempotency = dynamodb.Table(
            self,
            "Idempotency",
            table_name=stage.named("idempotency"),
            partition_key=_text("id"),
            time_to_live_attribute="expiration",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(
            self.idempotency,
            "What is lost here costs one transcription or mail more, and is gone after a day.",
            "DDB3",
        )
        self.job_control = dynamodb.Table(
            self,
            "JobControl",
            table_name=stage.named("job-control"),
            partition_key=_text("job_id"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=stage.keeps_data
            ),
            removal_policy=removal,
        )

    @property
    def _media_id(self) -> str:
        """What the template calls the bucket."""
        return Stack.of(self).get_logical_id(cast(CfnElement, self.media.node.default_child))

    def grant_media(self, who: iam.IGrantable, action: str, *prefixes: str) -> None:
        """Allow one S3 action (`GetObject`, `PutObject`) on what lies under the prefixes."""
        iam.Grant.add_to_principal(
            grantee=who,
            actions=[f"s3:{action}"],
            resource_arns=[self.media.arn_for_objects(f"{prefix}*") for prefix in prefixes],
        )
        accept(
            Stack.of(self),
            "An object is named after a user and a task, and nothing else lies under its prefix.",
            *(f"IAM5[Resource::<{self._media_id}.Arn>/{prefix}*]" for prefix in prefixes),
        )

    def grant_finding(self, who: iam.IGrantable) -> None:
        """Let a missing object answer 404: without ListBucket, S3 hides it behind a 403."""
        iam.Grant.add_to_principal(
            grantee=who, actions=["s3:ListBucket"], resource_arns=[self.media.bucket_arn]
        )


def _gone_after(days: int, prefix: str) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        prefix=prefix,
        expiration=Duration.days(days),
        abort_incomplete_multipart_upload_after=Duration.days(1),
    )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
