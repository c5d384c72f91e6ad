"""The machines that write code: spot instances that come and go with the backlog."""

from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk.messaging import Messaging
from cdk.nag import accept
from cdk.runner_access import RunnerAccess
from cdk.runner_machine import RunnerMachine
from cdk.stage import Stage

BACKLOG_PER_INSTANCE = 2.0
"""Waiting jobs that one instance works off before anybody minds: a job takes seconds."""

DRAIN = "drain"
DRAIN_SECONDS = 120
"""A runner gives its jobs back at once; the rest is for one that does not answer."""

TOO_OLD_SECONDS = 120
"""A job that waits so long says that there is no spot capacity, for whatever reason."""


class RunnerFleet(Construct):
    """Two groups of the same machine: spot by backlog, and on demand when spot fails."""

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        *,
        machine: RunnerMachine,
        messaging: Messaging,
        access: RunnerAccess,
    ) -> None:
        super().__init__(scope, "RunnerFleet")
        self._stage, self._machine, self._messaging = stage, machine, messaging
        spot_name, on_demand_name = access.groups()
        self.spot = self._group("Spot", spot_name, least=1, most=stage.runner_most, is_spot=True)
        self.on_demand = self._group("OnDemand", on_demand_name, least=0, most=1, is_spot=False)
        self._follow_backlog(self.spot, spot_name)
        self._stand_in(spot_name)

    def _group(
        self, name: str, physical_name: str, *, least: int, most: int, is_spot: bool
    ) -> autoscaling.AutoScalingGroup:
        distribution = autoscaling.InstancesDistribution(
            on_demand_base_capacity=0,
            on_demand_percentage_above_base_capacity=0 if is_spot else 100,
            on_demand_allocation_strategy=autoscaling.OnDemandAllocationStrategy.LOWEST_PRICE,
            spot_allocation_strategy=autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        )
        group = autoscaling.AutoScalingGroup(
            self,
            name,
            auto_scaling_group_name=physical_name,
            vpc=self._machine.vpc,
            min_capacity=least,
            max_capacity=most,
            mixed_instances_policy=autoscaling.MixedInstancesPolicy(
                launch_template=self._machine.template,
                launch_template_overrides=[
                    autoscaling.LaunchTemplateOverrides(instance_type=ec2.InstanceType(each))
                    for each in self._stage.runner_instance_types
                ],
                instances_distribution=distribution,
            ),
            # A spot instance that is likely to go is replaced before it goes.
            capacity_rebalance=is_spot,
            group_metrics=[autoscaling.GroupMetrics.all()],
            default_instance_warmup=Duration.minutes(2),
            max_instance_lifetime=Duration.days(7),
            update_policy=autoscaling.UpdatePolicy.rolling_update(
                max_batch_size=1,
                min_instances_in_service=0 if most == 1 else least,
                pause_time=Duration.minutes(3),
                suspend_processes=[
                    autoscaling.ScalingProcess.AZ_REBALANCE,
                    autoscaling.ScalingProcess.ALARM_NOTIFICATION,
                ],
            ),
        )
        group.add_lifecycle_hook(
            "Drain",
            lifecycle_hook_name=DRAIN,
            lifecycle_transition=autoscaling.LifecycleTransition.INSTANCE_TERMINATING,
            default_result=autoscaling.DefaultResult.CONTINUE,
            heartbeat_timeout=Duration.seconds(DRAIN_SECONDS),
        )
        accept(
            group,
            "Instances come and go all day: what matters of it is on the dashboard and in alarms.",
            "AS3",
        )
        accept(
            group,
            "The rule can't read the launch template of a mixed policy: its disk is encrypted.",
            "EC26",
        )
        return group

    def _follow_backlog(self, group: autoscaling.AutoScalingGroup, name: str) -> None:
        """As many instances as keep the backlog of each at what it works off in seconds.

        https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
        """
        query = autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty
        waiting = _metric(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            self._messaging.queues["runner-jobs"].queue_name,
            "Sum",
        )
        running = _metric(
            "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", name, "Average"
        )
        autoscaling.CfnScalingPolicy(
            self,
            "FollowBacklog",
            auto_scaling_group_name=group.auto_scaling_group_name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=autoscaling.CfnScalingPolicy.TargetTrackingConfigurationProperty(
                target_value=BACKLOG_PER_INSTANCE,
                customized_metric_specification=autoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty(
                    metrics=[
                        query(id="waiting", metric_stat=waiting, return_data=False),
                        query(id="running", metric_stat=running, return_data=False),
                        query(
                            id="backlog",
                            expression="IF(running > 0, waiting / running, waiting)",
                            label="Waiting jobs per instance",
                        ),
                    ]
                ),
            ),
        )

    def _stand_in(self, spot_name: str) -> None:
        """One instance on demand while jobs wait too long for spot ones."""
        age = self._messaging.queues["runner-jobs"].metric_approximate_age_of_oldest_message(
            period=Duration.minutes(1), statistic="Maximum"
        )
        if_ = cloudwatch.ComparisonOperator
        self._on_demand(1, age, if_.GREATER_THAN_THRESHOLD, TOO_OLD_SECONDS, minutes=2)
        running = cloudwatch.Metric(
            namespace="AWS/AutoScaling",
            metric_name="GroupInServiceInstances",
            dimensions_map={"AutoScalingGroupName": spot_name},
            statistic="Minimum",
        )
        done = cloudwatch.MathExpression(
            expression=f"IF(running > 0, age, {TOO_OLD_SECONDS})",
            using_metrics={"running": running, "age": age},
            label="Seconds waited, where spot runs",
            period=Duration.minutes(1),
        )
        self._on_demand(0, done, if_.LESS_THAN_THRESHOLD, 1, minutes=10)

    def _on_demand(
        self,
        instances: int,
        metric: cloudwatch.IMetric,
        comparison: cloudwatch.ComparisonOperator,
        threshold: float,
        *,
        minutes: int,
    ) -> None:
        """Have so many instances on demand once a metric was beyond a threshold for minutes."""
        policy = autoscaling.CfnScalingPolicy(
            self,
            f"OnDemand{instances}",
            auto_scaling_group_name=self.on_demand.auto_scaling_group_name,
            policy_type="StepScaling",
            adjustment_type="ExactCapacity",
            metric_aggregation_type="Maximum",
            step_adjustments=[
                autoscaling.CfnScalingPolicy.StepAdjustmentProperty(
                    scaling_adjustment=instances,
                    **(
                        {"metric_interval_lower_bound": 0}
                        if comparison is cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
                        else {"metric_interval_upper_bound": 0}
                    ),
                )
            ],
        )
        alarm = cloudwatch.Alarm(
            self,
            f"OnDemand{instances}Alarm",
            metric=metric,
            comparison_operator=comparison,
            threshold=threshold,
            evaluation_periods=minutes,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"Not for people: has {instances} runners on demand.",
        )
        cast(cloudwatch.CfnAlarm, alarm.node.default_child).alarm_actions = [policy.ref]


def _metric(
    namespace: str, name: str, dimension: str, value: str, statistic: str
) -> autoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty:
    kind = autoscaling.CfnScalingPolicy
    return kind.TargetTrackingMetricStatProperty(
        metric=kind.MetricProperty(
            namespace=namespace,
            metric_name=name,
            dimensions=[kind.MetricDimensionProperty(name=dimension, value=value)],
        ),
        stat=statistic,
    )
