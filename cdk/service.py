"""What the six functions have in common: a bundle, a log, and a role that may do nothing else."""

import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk import bundles
from cdk.nag import accept
from cdk.stage import Stage

TIMEOUTS: Mapping[str, int] = MappingProxyType(
    {"ingest": 20, "transcribe": 60, "dispatch": 20, "status": 20, "notify": 30, "report": 60}
)
"""Service -> seconds until Lambda stops it. HTTP API itself gives up after 30."""


class Service(lambda_.Function):
    """One service as a Lambda function, able to write its own log and nothing more."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        stage: Stage,
        *,
        memory_mib: int,
        settings: Mapping[str, str | None],
        on_failure: lambda_.IDestination | None = None,
    ) -> None:
        log = logs.LogGroup(
            scope,
            f"{name}-log",
            log_group_name=f"/aws/lambda/{stage.named(name)}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        role = iam.Role(
            scope, f"{name}-role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        log.grant_write(role)
        super().__init__(
            scope,
            name,
            function_name=stage.named(name),
            description=f"Sayso {stage.name}: {name}",
            runtime=_runtime(stage),
            architecture=_architecture(stage),
            code=lambda_.Code.from_asset(str(_code(name, stage))),
            handler=f"services.{name}.handler.handler",
            timeout=Duration.seconds(TIMEOUTS[name]),
            memory_size=memory_mib,
            role=role,
            log_group=log,
            on_failure=on_failure,
            tracing=lambda_.Tracing.ACTIVE,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": stage.metrics,
                "LOG_LEVEL": stage.log_level,
                **{key: value for key, value in settings.items() if value is not None},
            },
        )

        accept(role, "X-Ray knows no resource to put a trace to.", "IAM5[Resource::*]")

    def hears(self, queue: sqs.Queue, *, batch: int = 10, at_once: int = 5) -> None:
        """Consume a queue; a batch may fail in part.

        Args:
            queue: the queue, whose visibility timeout covers six of this function's timeouts.
            batch: most messages in one call.
            at_once: most calls at a time: each may hold one connection to Postgres.
        """
        self.add_event_source(
            event_sources.SqsEventSource(
                queue,
                batch_size=batch,
                max_concurrency=at_once,
                report_batch_item_failures=True,
            )
        )

    def reads(self, **secrets: secretsmanager.Secret | None) -> None:
        """Name secrets in the environment as `<KEY>_SECRET_ARN`, and allow to read just those."""
        for key, secret in secrets.items():
            if secret is not None:
                self.add_environment(f"{key.upper()}_SECRET_ARN", secret.secret_arn)
                secret.grant_read(self)


def _code(name: str, stage: Stage) -> Path:
    if stage.code == "sources":
        return bundles.ROOT / "services" / name
    return bundles.build(name, "host" if stage.is_local else "aarch64").archive


def _runtime(stage: Stage) -> lambda_.Runtime:
    if stage.is_local:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return lambda_.Runtime(version, lambda_.RuntimeFamily.PYTHON)
    return lambda_.Runtime.PYTHON_3_14


def _architecture(stage: Stage) -> lambda_.Architecture:
    is_intel = stage.is_local and platform.machine() == "x86_64"
    return lambda_.Architecture.X86_64 if is_intel else lambda_.Architecture.ARM_64
