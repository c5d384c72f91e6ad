"""One page that answers at a glance: is it fast, is it right, what does it cost, what is stuck?"""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk.alarms import OLDEST_SECONDS
from cdk.metrics import OUTCOMES, PHASES, Metrics, total
from cdk.stage import Stage

WIDE, HIGH = 8, 6
"""A third of the page, in the grid's own units (24 to a row)."""

DAY = Duration.days(1)

INTRODUCTION = """\
# Sayso, {stage}
Promised: voice to merge p50 < 4 s, p95 < 8 s; > 85 % merged without repair; < $0.03 a task; \
< 2 % 5xx; < 5 % of the runners' jobs failing. What each alarm means: `docs/runbook.md`. \
A task's whole road: Logs Insights, `filter correlation_id = "<job_id>"`."""


class Dashboard(Construct):
    """The dashboard `Sayso-<stage>`, from what people came for down to the machines."""

    def __init__(
        self, scope: Construct, stage: Stage, metrics: Metrics, services: Sequence[str]
    ) -> None:
        super().__init__(scope, "Dashboard")
        self._metrics, self._stage, self._services = metrics, stage, services
        cloudwatch.Dashboard(
            self,
            "Page",
            dashboard_name=f"Sayso-{stage.name}",
            default_interval=Duration.hours(12),
            widgets=[
                [
                    cloudwatch.TextWidget(
                        markdown=INTRODUCTION.format(stage=stage.name), width=24, height=2
                    )
                ],
                self._figures(),
                self._promises(),
                self._road(),
                self._services_row(),
                self._machines(),
            ],
        )

    def _figures(self) -> list[cloudwatch.IWidget]:
        """Yesterday to now in six numbers."""
        metrics = self._metrics
        dead = total(
            (metrics.depth(f"{queue}-dead-letters") for queue in OLDEST_SECONDS), "dead letters"
        )
        figures: list[tuple[str, cloudwatch.IMetric]] = [
            ("Requests", metrics.accepted().with_(period=DAY)),
            ("Voice to merge, p50 ms", metrics.voice_to_merge("p50").with_(period=DAY)),
            ("Voice to merge, p95 ms", metrics.voice_to_merge("p95").with_(period=DAY)),
            ("Merged without repair", metrics.merged_share(DAY)),
            ("Cost per task ($)", metrics.cost().with_(period=DAY)),
            ("Dead letters", dead),
        ]
        return [
            cloudwatch.SingleValueWidget(title=title, metrics=[metric], width=4, height=4)
            for title, metric in figures
        ]

    def _promises(self) -> list[cloudwatch.IWidget]:
        metrics = self._metrics
        return [
            _graph(
                "Voice to merge (ms)",
                [metrics.voice_to_merge(statistic) for statistic in ("p50", "p95")],
                limits=[("p95 promised", 8_000), ("p50 promised", 4_000)],
            ),
            _graph("Outcomes", [metrics.settled(each) for each in OUTCOMES], stacked=True),
            _graph("Cost per task ($)", [metrics.cost()], limits=[("promised", 0.03)]),
        ]

    def _road(self) -> list[cloudwatch.IWidget]:
        metrics = self._metrics
        return [
            _graph("Oldest message (s)", [metrics.age(queue) for queue in OLDEST_SECONDS]),
            _graph("Waiting messages", [metrics.depth(queue) for queue in OLDEST_SECONDS]),
            _graph(
                "Dead letters",
                [metrics.depth(f"{queue}-dead-letters") for queue in OLDEST_SECONDS],
            ),
        ]

    def _services_row(self) -> list[cloudwatch.IWidget]:
        metrics = self._metrics
        return [
            _graph("HTTP API", [metrics.api(what) for what in ("Count", "4xx", "5xx")]),
            _graph(
                "Errors and throttles of functions",
                [
                    total((metrics.function(each, what) for each in self._services), what)
                    for what in ("Errors", "Throttles")
                ],
            ),
            _graph(
                "Functions, p95 (ms)",
                [metrics.function(each, "Duration", "p95") for each in self._services],
            ),
        ]

    def _machines(self) -> list[cloudwatch.IWidget]:
        metrics, named = self._metrics, self._stage.named
        return [
            _graph(
                "Runners",
                [
                    metrics.runners_in_service(named("runners")),
                    metrics.runners_in_service(named("runners-on-demand")),
                    metrics.runners_well(),
                ],
            ),
            _graph("Runners' jobs", [metrics.jobs(each) for each in OUTCOMES], stacked=True),
            _graph(
                "A job's phases begin after (ms, p50)", [metrics.phase(each) for each in PHASES]
            ),
        ]


def _graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    *,
    stacked: bool = False,
    limits: Sequence[tuple[str, float]] = (),
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        stacked=stacked,
        width=WIDE,
        height=HIGH,
        left_y_axis=cloudwatch.YAxisProps(min=0),
        left_annotations=[
            cloudwatch.HorizontalAnnotation(label=label, value=value) for label, value in limits
        ],
    )
