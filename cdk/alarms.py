"""When a person is called: the promises of the specification, and whatever gets stuck.

Each alarm has a line of its name in `docs/runbook.md`, and its mail says so.
"""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cdk.metrics import Metrics, total
from cdk.stage import Stage

OLDEST_SECONDS: Mapping[str, int] = {
    "transcribe": 60,
    "dispatch": 60,
    "runner-jobs": 300,
    "runner-control": 60,
    "status": 300,
    "notify": 300,
    "report": 3_600,
}
"""Queue -> how long a message may wait before somebody looks. Runners get time to come up."""

ENOUGH = 20
"""Tasks an hour from which a share or a percentile says something."""

BEYOND = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
HOUR = Duration.hours(1)
FIVE_MINUTES = Duration.minutes(5)


class Alarms(Construct):
    """Every alarm, and the topic through which it reaches a person."""

    def __init__(
        self, scope: Construct, stage: Stage, metrics: Metrics, services: Iterable[str]
    ) -> None:
        super().__init__(scope, "Alarms")
        self._stage, self._metrics = stage, metrics
        self.topic = self._topic()
        self._promises()
        for queue, seconds in OLDEST_SECONDS.items():
            self._stuck(queue, seconds)
        self._functions(list(services))
        self._runners()

    def _topic(self) -> sns.Topic:
        # CloudWatch can't use the key that AWS keeps for SNS; this one lets it.
        key = kms.Key(
            self,
            "Key",
            description="Sayso's alarms on their way to a person",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        cloudwatch_itself = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        topic = sns.Topic(
            self,
            "Topic",
            topic_name=self._stage.named("alarms"),
            display_name=f"Sayso {self._stage.name}",
            master_key=key,
            enforce_ssl=True,
        )
        # This lets it use the key as well.
        topic.grant_publish(cloudwatch_itself)
        if self._stage.alarms_to:
            topic.add_subscription(subscriptions.EmailSubscription(self._stage.alarms_to))
        return topic

    def _promises(self) -> None:
        """SPEC §9."""
        metrics = self._metrics
        for statistic, milliseconds in (("p50", 4_000), ("p95", 8_000)):
            self._alarm(
                f"voice-to-merge-{statistic}",
                metrics.voice_to_merge(statistic).with_(period=HOUR),
                BEYOND,
                milliseconds,
                f"{statistic} from voice to merge is over {milliseconds // 1000} s",
                # A percentile of a handful is a matter of chance.
                few_ignored=True,
            )
        self._alarm(
            "merged-share",
            metrics.merged_share(HOUR, ENOUGH),
            BELOW,
            85,
            "fewer than 85 % of the tasks were merged without repair",
        )
        self._alarm(
            "cost-per-task",
            metrics.cost().with_(period=HOUR),
            BEYOND,
            0.03,
            "a task costs more than $0.03 on average",
        )
        answered = cloudwatch.MathExpression(
            expression=f"IF(count >= {ENOUGH}, 100 * failed / count, 0)",
            using_metrics={
                "count": metrics.api("Count").with_(period=FIVE_MINUTES),
                "failed": metrics.api("5xx").with_(period=FIVE_MINUTES),
            },
            label="% 5xx",
            period=FIVE_MINUTES,
        )
        self._alarm("api-5xx", answered, BEYOND, 2, "over 2 % of the requests end in 5xx")
        self._alarm(
            "runner-jobs-failing",
            metrics.jobs_failing(HOUR, ENOUGH),
            BEYOND,
            5,
            "over 5 % of the runners' jobs fail",
        )

    def _stuck(self, queue: str, seconds: int) -> None:
        metrics = self._metrics
        self._alarm(
            f"age-{queue}",
            metrics.age(queue),
            BEYOND,
            seconds,
            f"a message has waited for over {seconds} s in the queue {queue}",
            times=2,
        )
        self._alarm(
            f"dead-letters-{queue}",
            metrics.depth(f"{queue}-dead-letters"),
            BEYOND,
            0,
            f"a message of the queue {queue} was given up",
        )

    def _functions(self, services: list[str]) -> None:
        metrics = self._metrics
        for what, threshold, sentence in (
            ("Errors", 3, "the functions fail again and again"),
            ("Throttles", 0, "Lambda turns calls of the functions away"),
        ):
            self._alarm(
                f"functions-{what.lower()}",
                total((metrics.function(service, what) for service in services), what),
                BEYOND,
                threshold,
                sentence,
                times=2,
            )
        failing = [
            metrics.schedules(what) for what in ("TargetErrorCount", "InvocationDroppedCount")
        ]
        self._alarm(
            "schedules",
            total(failing, "failed calls"),
            BEYOND,
            0,
            "the clock could not call a function: outbox, receipts or mail have to wait",
            times=2,
        )

    def _runners(self) -> None:
        self._alarm(
            "no-runner",
            self._metrics.runners_well(),
            BELOW,
            1,
            "no runner is well",
            times=10,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )
        spot = self._metrics.runners_in_service(self._stage.named("runners"))
        self._alarm(
            "runners-at-most",
            spot,
            cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            self._stage.runner_most,
            "as many runners as there may be have been up for half an hour",
            times=30,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        comparison: cloudwatch.ComparisonOperator,
        threshold: float,
        sentence: str,
        *,
        times: int = 1,
        missing: cloudwatch.TreatMissingData = QUIET,
        few_ignored: bool = False,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=self._stage.named(name),
            alarm_description=f"Sayso {self._stage.name}: {sentence}. docs/runbook.md, {name}",
            metric=_plain(metric),
            comparison_operator=comparison,
            threshold=threshold,
            evaluation_periods=times,
            treat_missing_data=missing,
            evaluate_low_sample_count_percentile="ignore" if few_ignored else None,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))


def _plain(metric: cloudwatch.IMetric) -> cloudwatch.IMetric:
    """A metric without its label: a query has one, and knows nothing of low sample counts."""
    if not isinstance(metric, cloudwatch.Metric):
        return metric
    return cloudwatch.Metric(
        namespace=metric.namespace,
        metric_name=metric.metric_name,
        dimensions_map=metric.dimensions,
        statistic=metric.statistic,
        period=metric.period,
    )
