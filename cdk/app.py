"""The whole of Sayso on AWS: `cdk deploy -c stage=local|staging|prod` (prod unless said)."""

import sys
from collections.abc import Iterator
from typing import Any

from aws_cdk import App, CfnOutput, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from cdk.api import Api
from cdk.boundary import wall
from cdk.functions import Functions
from cdk.mail import Mail
from cdk.messaging import Messaging
from cdk.observability import Observability
from cdk.runner_access import RunnerAccess
from cdk.runner_fleet import RunnerFleet
from cdk.runner_machine import RunnerMachine
from cdk.schedules import Schedules
from cdk.secrets import Secrets
from cdk.stage import Stage, StageError
from cdk.storage import Storage


class Platform(Stack):
    """Everything between the app and the runner."""

    def __init__(self, app: App, stage: Stage) -> None:
        super().__init__(app, f"Sayso-{stage.name}-Platform")
        self.secrets = Secrets(self, stage)
        self.storage = Storage(self, stage)
        self.runner = RunnerAccess(self, stage)
        self.messaging = Messaging(self, stage, runner_role_arn=self.runner.role.role_arn)
        self.runner.grant(self.messaging, self.storage, self.secrets)
        self.functions = Functions(
            self,
            stage,
            messaging=self.messaging,
            storage=self.storage,
            secrets=self.secrets,
            mail=Mail(self, stage),
        )
        self.api = Api(self, stage, self.functions)
        Schedules(self, stage, self.functions)
        wall(self, stage)
        for key, value in self._outputs():
            CfnOutput(self, key, value=value)

    def _outputs(self) -> Iterator[tuple[str, str]]:
        yield "ApiId", self.api.http.api_id
        yield "ApiUrl", self.api.http.api_endpoint
        yield "MediaBucket", self.storage.media.bucket_name
        yield "IdempotencyTable", self.storage.idempotency.table_name
        yield "JobControlTable", self.storage.job_control.table_name
        yield "TaskEventsTopicArn", self.messaging.task_events.topic_arn
        yield "RunnerEventsTopicArn", self.messaging.runner_events.topic_arn
        for name, queue in self.messaging.queues.items():
            yield f"{_camel(name)}QueueUrl", queue.queue_url
        for name, queue in self.messaging.dead_letters.items():
            yield f"{_camel(name)}DeadLettersQueueUrl", queue.queue_url
        yield "RunnerRoleArn", self.runner.role.role_arn
        yield "RunnerImageUri", self.runner.image.repository_uri
        for service in self.functions.all():
            yield f"{_camel(service.node.id)}FunctionName", service.function_name
        for name, physical_name in self.secrets.names.items():
            yield f"{_camel(name)}SecretName", physical_name


class Runners(Stack):
    """The machines that write code. Their own stack: they are replaced without touching the API."""

    def __init__(self, app: App, stage: Stage, platform: Platform) -> None:
        super().__init__(app, f"Sayso-{stage.name}-Runners")
        machine = RunnerMachine(
            self,
            stage,
            messaging=platform.messaging,
            storage=platform.storage,
            access=platform.runner,
        )
        self.fleet = RunnerFleet(
            self, stage, machine=machine, messaging=platform.messaging, access=platform.runner
        )
        for name, group in (("Spot", self.fleet.spot), ("OnDemand", self.fleet.on_demand)):
            CfnOutput(self, f"{name}GroupName", value=group.auto_scaling_group_name)


class Watch(Stack):
    """What is seen of the other two, and who is called. The emulator knows no metric math."""

    def __init__(self, app: App, stage: Stage, platform: Platform) -> None:
        super().__init__(app, f"Sayso-{stage.name}-Watch")
        Observability(self, stage, api_id=platform.api.http.api_id, runner_log=platform.runner.log)


def build(**context: Any) -> App:
    """Put the stacks of one stage together; context given here overrides cdk.json and `-c`."""
    app = App(post_cli_context=context, analytics_reporting=False)
    stage = Stage.read(app.node)
    platform = Platform(app, stage)
    Runners(app, stage, platform)
    Watch(app, stage, platform)
    # CloudFormation takes no tags on a dashboard.
    Tags.of(app).add(
        "sayso:stage", stage.name, exclude_resource_types=["AWS::CloudWatch::Dashboard"]
    )
    return app


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def checked(application: App) -> App:
    """The app as AWS wants it: synthesis fails on what cdk-nag finds, but for one machine."""
    if not Stage.read(application.node).is_local:
        Validations.of(application).add_plugins(AwsSolutionsChecks(application))
    return application


def main() -> None:
    """Synthesise for the CDK's command line; a stage that can't be is said in a sentence."""
    try:
        application = build()
    except StageError as error:
        sys.exit(str(error))
    checked(application).synth()


if __name__ == "__main__":
    main()
