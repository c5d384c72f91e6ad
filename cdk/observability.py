"""What is seen of a stage: its dashboard, its alarms, and the runners' word that they are well."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.alarms import Alarms
from cdk.dashboard import Dashboard
from cdk.metrics import Metrics
from cdk.service import TIMEOUTS
from cdk.stage import Stage


class Observability(Construct):
    """Everything that watches; the services and runners only print what they do."""

    def __init__(
        self, scope: Construct, stage: Stage, *, api_id: str, runner_log: logs.ILogGroup
    ) -> None:
        super().__init__(scope, "Observability")
        metrics = Metrics(stage, api_id)
        services = list(TIMEOUTS)
        # A line a minute of each runner: `python -m runner health --json`.
        logs.MetricFilter(
            self,
            "RunnersWell",
            log_group=runner_log,
            filter_pattern=logs.FilterPattern.literal("{ $.is_well IS TRUE }"),
            metric_namespace=stage.metrics,
            metric_name="RunnersWell",
            metric_value="1",
        )
        self.alarms = Alarms(self, stage, metrics, services)
        Dashboard(self, stage, metrics, services)
