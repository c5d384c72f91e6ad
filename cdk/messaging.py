"""Who hears what: two topics, a queue for each consumer, and a dead-letter queue for each queue."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.nag import accept
from cdk.service import TIMEOUTS
from cdk.stage import Stage

RECEIVES = 5
MORE_RECEIVES: Mapping[str, int] = {"dispatch": 10, "notify": 10, "status": 100}
"""Consumer -> tries, of those that need Postgres or a push service. Waits double up to 5 minutes:
ten tries outlast a quarter of an hour without it, a hundred the better part of a day."""

# AWS asks for six times the function's timeout, so that a batch is not handed out again while a
# retry of it is still running.
VISIBILITY_TIMEOUTS = 6

RUNNER_VISIBILITY = Duration.seconds(60)
"""How soon the job of a runner that was lost comes back; a living one extends it as it works."""

TASK_EVENTS: Mapping[str, tuple[str, ...]] = {
    "transcribe": ("task.uploaded",),
    "dispatch": ("task.transcribed", "task.approved", "task.rejected", "task.undo_requested"),
    "status": (),
    "notify": ("task.settled", "demo.ready"),
    "report": ("demo.requested",),
    "runner-control": ("task.uploaded",),
}
"""Consumer -> the types of event it hears on task-events; none named means all of them."""

RUNNER_EVENTS = ("task.progressed", "runner.status")
"""All that is believed of a runner: one that was taken over can't say `task.approved`."""


class Messaging(Construct):
    """Topics, queues, dead-letter queues and subscriptions.

    `queues` and `dead_letters` are keyed by the consumer's name.
    """

    def __init__(self, scope: Construct, stage: Stage, *, runner_role_arn: str) -> None:
        super().__init__(scope, "Messaging")
        self._stage = stage
        self._key = kms.Alias.from_alias_name(self, "SnsKey", "alias/aws/sns")
        self.task_events = self._topic("task-events")
        self.runner_events = self._topic("runner-events")
        self.runner_events.add_to_resource_policy(_only(runner_role_arn, self.runner_events))

        self.queues: dict[str, sqs.Queue] = {}
        self.dead_letters: dict[str, sqs.Queue] = {}
        for service, timeout in TIMEOUTS.items():
            if service != "ingest":
                self._queue(service, timeout * VISIBILITY_TIMEOUTS)
        self._queue("runner-jobs", RUNNER_VISIBILITY.to_seconds())
        self._queue("runner-control", RUNNER_VISIBILITY.to_seconds())

        for consumer, types in TASK_EVENTS.items():
            self._subscribe(consumer, self.task_events, types)
        self._subscribe("status", self.runner_events, RUNNER_EVENTS)

    def grant_endpoints(self, who: iam.IGrantable, application: str) -> None:
        """Allow to make endpoints of one platform application (its ARN), and to push to them."""
        endpoints = f"{application.replace(':app/', ':endpoint/')}/*"
        for actions, resource in (
            (("sns:CreatePlatformEndpoint",), application),
            (("sns:Publish", "sns:SetEndpointAttributes", "sns:DeleteEndpoint"), endpoints),
        ):
            iam.Grant.add_to_principal(grantee=who, actions=[*actions], resource_arns=[resource])
        accept(
            Stack.of(self),
            "An endpoint is a phone: which ones there are is known only once they register.",
            f"IAM5[Resource::{endpoints}]",
        )

    def _topic(self, name: str) -> sns.Topic:
        return sns.Topic(
            self,
            name,
            topic_name=self._stage.named(name),
            master_key=self._key,
            enforce_ssl=True,
            # A trace goes on through the queues behind it.
            tracing_config=sns.TracingConfig.ACTIVE,
        )

    def _queue(self, name: str, visibility_seconds: float) -> None:
        dead_letters = sqs.Queue(
            self,
            f"{name}-dead-letters",
            queue_name=self._stage.named(f"{name}-dead-letters"),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            # Some are consumed too, each by a service that is not the one that failed.
            visibility_timeout=Duration.seconds(max(TIMEOUTS.values()) * VISIBILITY_TIMEOUTS),
        )
        self.dead_letters[name] = dead_letters
        self.queues[name] = sqs.Queue(
            self,
            name,
            queue_name=self._stage.named(name),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14 if name == "status" else 4),
            visibility_timeout=Duration.seconds(visibility_seconds),
            receive_message_wait_time=Duration.seconds(20),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=dead_letters, max_receive_count=MORE_RECEIVES.get(name, RECEIVES)
            ),
        )

    def _subscribe(self, consumer: str, topic: sns.Topic, types: tuple[str, ...]) -> None:
        """Let a queue hear a topic; what SNS can't deliver lands in its dead letters."""
        by_type = {"type": sns.SubscriptionFilter.string_filter(allowlist=list(types))}
        topic.add_subscription(
            subscriptions.SqsSubscription(
                self.queues[consumer],
                raw_message_delivery=True,
                filter_policy=by_type if types else None,
                dead_letter_queue=self.dead_letters[consumer],
            )
        )


def _only(role_arn: str, topic: sns.Topic) -> iam.PolicyStatement:
    """Refuse every publisher but one role, whatever a policy elsewhere allows by mistake."""
    return iam.PolicyStatement(
        sid="OnlyTheRunnerPublishes",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={"ArnNotEquals": {"aws:PrincipalArn": role_arn}},
    )
