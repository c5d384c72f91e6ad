"""Every figure that the dashboard shows and the alarms watch, by name."""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.stage import Stage

OUTCOMES = ("auto_merged", "ok", "pr_opened", "fail")
PHASES = ("checkout", "propose", "lint", "test", "deliver")
"""Of a run, in the order of the road."""


class Metrics:
    """The metrics of one stage. Without a period they are taken over five minutes."""

    def __init__(self, stage: Stage, api_id: str) -> None:
        self._stage, self._api_id = stage, api_id

    # What people came for.

    def accepted(self) -> cloudwatch.Metric:
        """Requests that were taken in."""
        return self._ours("Accepted", "Sum", service="ingest", label="requests")

    def settled(self, status: str) -> cloudwatch.Metric:
        """Tasks that came to an outcome."""
        return self._ours("Settled", "Sum", service="status", status=status, label=status)

    def voice_to_merge(self, statistic: str) -> cloudwatch.Metric:
        """Milliseconds from an upload to its merge, where nobody was asked."""
        return self._ours("VoiceToMerge", statistic, service="status", label=statistic)

    def cost(self, statistic: str = "Average") -> cloudwatch.Metric:
        """Dollars that a task cost."""
        return self._ours("CostUsd", statistic, service="status", label="USD a task")

    def merged_share(self, period: Duration, least: int = 1) -> cloudwatch.MathExpression:
        """Of 100 tasks that ended, how many needed nobody; 100 below `least` tasks."""
        ended = {status: self.settled(status) for status in ("auto_merged", "ok", "fail")}
        label = "% merged without repair"
        return _share("auto_merged", ended, period, least=least, otherwise=100, label=label)

    # The road.

    def queue(self, name: str, what: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        """Something that SQS measures of one of our queues."""
        return cloudwatch.Metric(
            namespace="AWS/SQS",
            metric_name=what,
            dimensions_map={"QueueName": self._stage.named(name)},
            statistic=statistic,
            period=Duration.minutes(1),
            label=name.removesuffix("-dead-letters"),
        )

    def age(self, queue: str) -> cloudwatch.Metric:
        """Seconds that the oldest message of a queue has waited."""
        return self.queue(queue, "ApproximateAgeOfOldestMessage")

    def depth(self, queue: str) -> cloudwatch.Metric:
        """Messages that wait in a queue."""
        return self.queue(queue, "ApproximateNumberOfMessagesVisible")

    def api(self, what: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """Something that API Gateway measures: Count, 4xx, 5xx, Latency."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=what,
            dimensions_map={"ApiId": self._api_id},
            statistic=statistic,
            label=what,
        )

    def function(self, service: str, what: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """Something that Lambda measures: Errors, Throttles, Duration."""
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=what,
            dimensions_map={"FunctionName": self._stage.named(service)},
            statistic=statistic,
            label=service,
        )

    def schedules(self, what: str) -> cloudwatch.Metric:
        """Something that EventBridge Scheduler measures of the account's schedules."""
        return cloudwatch.Metric(
            namespace="AWS/Scheduler",
            metric_name=what,
            dimensions_map={"ScheduleGroup": "default"},
            statistic="Sum",
        )

    # The machines.

    def runners_in_service(self, group: str) -> cloudwatch.Metric:
        """Instances of an Auto Scaling group that are up."""
        return cloudwatch.Metric(
            namespace="AWS/AutoScaling",
            metric_name="GroupInServiceInstances",
            dimensions_map={"AutoScalingGroupName": group},
            statistic="Average",
            period=Duration.minutes(1),
            label=group.removeprefix(self._stage.named("")),
        )

    def runners_well(self) -> cloudwatch.Metric:
        """Runners that said in this minute that all their loops come round."""
        return cloudwatch.Metric(
            namespace=self._stage.metrics,
            metric_name="RunnersWell",
            statistic="Sum",
            period=Duration.minutes(1),
            label="well",
        )

    def jobs(self, status: str) -> cloudwatch.Metric:
        """Jobs that runners ended."""
        return self._ours("JobsEnded", "Sum", service="runner", status=status, label=status)

    def phase(self, phase: str) -> cloudwatch.Metric:
        """Milliseconds after it took a job that a runner began a phase."""
        return self._ours("PhaseBegan", "p50", service="runner", phase=phase, label=phase)

    def jobs_failing(self, period: Duration, least: int) -> cloudwatch.MathExpression:
        """Of 100 jobs, how many failed; 0 below `least` jobs."""
        ended = {status: self.jobs(status) for status in OUTCOMES}
        label = "% of jobs failing"
        return _share("fail", ended, period, least=least, otherwise=0, label=label)

    def _ours(
        self, name: str, statistic: str, *, label: str, **dimensions: str
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self._stage.metrics,
            metric_name=name,
            dimensions_map=dimensions,
            statistic=statistic,
            label=label,
        )


def total(metrics: Iterable[cloudwatch.Metric], label: str) -> cloudwatch.MathExpression:
    """The sum of metrics, over the period of the first; one that has nothing to say is left out."""
    summands = list(metrics)
    # Two sums in one graph must not call different metrics by the same name.
    name = label.lower().replace(" ", "_")
    using = {f"{name}_{number}": metric for number, metric in enumerate(summands)}
    return cloudwatch.MathExpression(
        expression=f"SUM([{', '.join(using)}])",
        using_metrics=dict(using),
        label=label,
        period=summands[0].period,
    )


def _share(
    part: str,
    whole: Mapping[str, cloudwatch.Metric],
    period: Duration,
    *,
    least: int,
    otherwise: float,
    label: str,
) -> cloudwatch.MathExpression:
    """Of 100, how many are of one kind. Whoever counts one kind says 0 of the others too."""
    ended = f"({' + '.join(whole)})"
    return cloudwatch.MathExpression(
        expression=f"IF({ended} >= {least}, 100 * {part} / {ended}, {otherwise})",
        using_metrics={kind: metric.with_(period=period) for kind, metric in whole.items()},
        label=label,
        period=period,
    )
