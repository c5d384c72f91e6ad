"""`python -m cdk.cost`: what Sayso costs a month, from prices and a model of one task.

Prices are inputs: those of AWS in eu-west-1 and of two models, in US dollars, as of November 2026.
Look yours up, change them here, and the table in docs/cost.md with `make cost`.
"""

from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "cost.md"
BEGIN, END = "<!-- make cost -->", "<!-- end -->"
PER_MILLION = 1e-6
HOURS = 730.0
"""In a month."""

# AWS, per piece.
API_REQUEST = 1.11 * PER_MILLION
LAMBDA_CALL = 0.20 * PER_MILLION
LAMBDA_GIB_SECOND = 0.0000133334
SNS_PUBLISH = 0.50 * PER_MILLION
SQS_REQUEST = 0.40 * PER_MILLION
S3_PUT = 5.00 * PER_MILLION
S3_GIB_MONTH = 0.023
DYNAMODB_WRITE = 0.705 * PER_MILLION
LOG_GIB = 0.57
TRACE = 5.00 * PER_MILLION

# AWS, per month.
SPOT_MICRO = 0.0033 * HOURS
PUBLIC_IPV4 = 0.005 * HOURS
DISK_30_GIB = 2.64
SECRETS = 10 * 0.40
KEY = 1.00
METRICS = 30 * 0.30
ALARMS = 48 * 0.10
"""For each metric that an alarm looks at."""

# Elsewhere.
SPEECH_SECOND = 0.04 / 3600
SPEECH_LEAST_SECONDS = 10
QUICK = {"fresh": 0.10, "cached": 0.01, "written": 0.125, "out": 0.50}
"""Dollars for a million tokens of the quick lane's model: read, read from the cache, written to
it, and answered; as in `runner/settings.py`."""
AGENT = {"fresh": 2.00, "cached": 0.20, "written": 2.50, "out": 10.00}
SUPABASE_FREE, SUPABASE_PRO = 0.0, 25.0

# One task.
QUICK_TOKENS = {"fresh": 2_000, "cached": 6_000, "written": 2_000, "out": 1_500}
AGENT_TOKENS = {"fresh": 2_000, "cached": 60_000, "written": 8_000, "out": 3_000}
AGENT_SHARE = 0.15
"""Of tasks that the quick lane leaves to Claude Code."""
FUNCTION_CALLS = 22
GIB_SECONDS = 1.4
EVENTS = 10
QUEUE_REQUESTS = 45
CORE_SECONDS = 6.0
"""That a job keeps one core of a runner."""
JOBS_AT_ONCE = 2
"""On one t4g.micro."""
PEAK = 5.0
"""How much busier the busiest hour is than the average one."""


@dataclass(frozen=True)
class Month:
    """What one month costs, in dollars."""

    tasks: int
    models: float
    speech: float
    aws: float
    fleet: float
    fixed: float
    supabase: float
    runners: float
    """Instances on average."""

    @property
    def total(self) -> float:
        """All of it."""
        return self.models + self.speech + self.aws + self.fleet + self.fixed + self.supabase

    @property
    def per_task(self) -> float:
        """Dollars a task."""
        return self.total / self.tasks


def month(tasks: int) -> Month:
    """What so many tasks a month cost."""
    busy = tasks * CORE_SECONDS / (HOURS * 3600) / JOBS_AT_ONCE
    # At least one is warm; beyond, twice what is busy on average follows the day's course.
    runners = max(1.0, busy * 2)
    return Month(
        tasks=tasks,
        models=tasks * (_tokens(QUICK_TOKENS, QUICK) + AGENT_SHARE * _tokens(AGENT_TOKENS, AGENT)),
        speech=tasks * SPEECH_SECOND * SPEECH_LEAST_SECONDS,
        aws=tasks * _pieces(),
        fleet=runners * (SPOT_MICRO + PUBLIC_IPV4 + DISK_30_GIB),
        fixed=SECRETS + KEY + METRICS + ALARMS,
        supabase=SUPABASE_FREE if tasks <= 10_000 else SUPABASE_PRO + 1e-5 * tasks,
        runners=runners,
    )


def _pieces() -> float:
    """What AWS takes for one task, by the piece."""
    return (
        7 * API_REQUEST
        + FUNCTION_CALLS * LAMBDA_CALL
        + GIB_SECONDS * LAMBDA_GIB_SECOND
        + EVENTS * SNS_PUBLISH
        + QUEUE_REQUESTS * SQS_REQUEST
        + 2 * S3_PUT
        + 200e3 / 2**30 * S3_GIB_MONTH
        + 8 * DYNAMODB_WRITE
        + 30e3 / 2**30 * LOG_GIB
        + 0.05 * 8 * TRACE
    )


def _tokens(used: dict[str, int], price: dict[str, float]) -> float:
    return sum(count * price[kind] * PER_MILLION for kind, count in used.items())


def table() -> str:
    """A month at three sizes, as the table of docs/cost.md."""
    sizes = [month(tasks) for tasks in (1_000, 100_000, 10_000_000)]
    rows = [
        ("models", [each.models for each in sizes]),
        ("speech", [each.speech for each in sizes]),
        ("AWS by the piece", [each.aws for each in sizes]),
        ("runners", [each.fleet for each in sizes]),
        ("alarms, metrics, secrets", [each.fixed for each in sizes]),
        ("Supabase", [each.supabase for each in sizes]),
        ("**a month**", [each.total for each in sizes]),
    ]
    lines = [
        "| $ a month | 1,000 tasks | 100,000 tasks | 10,000,000 tasks |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | " + " | ".join(f"{value:,.2f}" for value in values) + " |"
            for name, values in rows
        ),
        "| **a task** | " + " | ".join(f"{each.per_task:.4f}" for each in sizes) + " |",
        "| instances on average | " + " | ".join(f"{each.runners:.1f}" for each in sizes) + " |",
    ]
    return "\n".join(lines)


def inserted(page: str) -> str:
    """The page with today's table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    print(table())
    PAGE.write_text(inserted(PAGE.read_text()))
