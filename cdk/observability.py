"""What is seen of a stage: its dashboard, its alarms, and the runners' word that they are well."""

from aws_cdk import Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_xray as xray
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
        # Without this, a topic whose tracing is active passes traces on, and says nothing itself.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
        xray.CfnResourcePolicy(
            self,
            "TracesOfSns",
            policy_name=stage.named("traces-of-sns"),
            policy_document=Stack.of(self).to_json_string(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": [
                                "xray:PutTraceSegments",
                                "xray:GetSamplingRules",
                                "xray:GetSamplingTargets",
                            ],
                            "Resource": "*",
                            "Condition": {
                                "StringEquals": {"aws:SourceAccount": Stack.of(self).account}
                            },
                        }
                    ],
                }
            ),
        )
        self.alarms = Alarms(self, stage, metrics, services)
        Dashboard(self, stage, metrics, services)
