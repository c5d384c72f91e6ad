"""What happens by the clock."""

from typing import cast

from aws_cdk import CfnElement, Duration, Stack, TimeZone
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from cdk.functions import Functions
from cdk.nag import accept
from cdk.service import Service
from cdk.stage import Stage


class Schedules(Construct):
    """The sweep of the outbox every minute, and the report on each day just after it ended."""

    def __init__(self, scope: Construct, stage: Stage, functions: Functions) -> None:
        super().__init__(scope, "Schedules")
        self._stage = stage
        self._schedule(
            "sweep-outbox",
            functions.status,
            scheduler.ScheduleExpression.rate(Duration.minutes(1)),
            retries=0,  # the next one is a minute away
        )
        self._schedule(
            "receipts",
            functions.notify,
            scheduler.ScheduleExpression.rate(Duration.minutes(5)),
            retries=0,  # it asks for whatever is due, whenever it comes
        )
        self._schedule(
            "nightly",
            functions.report,
            scheduler.ScheduleExpression.cron(
                minute="5", hour="0", time_zone=TimeZone.of(stage.mail_time_zone)
            ),
            retries=10,
        )

    def _schedule(
        self, name: str, service: Service, when: scheduler.ScheduleExpression, *, retries: int
    ) -> None:
        scheduler.Schedule(
            self,
            name,
            schedule_name=self._stage.named(name),
            schedule=when,
            time_window=scheduler.TimeWindow.off(),
            target=targets.LambdaInvoke(
                service,
                input=scheduler.ScheduleTargetInput.from_object({"schedule": name}),
                retry_attempts=retries,
                max_event_age=Duration.hours(1),
            ),
        )
        function = Stack.of(self).get_logical_id(cast(CfnElement, service.node.default_child))
        accept(
            Stack.of(self),
            "Lambda knows a function by its versions too; the schedule names none.",
            f"IAM5[Resource::<{function}.Arn>:*]",
        )
