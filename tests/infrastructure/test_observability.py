"""A person is called for what matters, finds the line that helps, and sees the rest at a glance."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cdk.dashboard_picture import draw, widgets_of
from cdk.stage import Stage
from tests.infrastructure.template import Properties, Template, short

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
QUEUES = {
    "transcribe": 60,
    "dispatch": 60,
    "runner-jobs": 300,
    "runner-control": 60,
    "status": 300,
    "notify": 300,
    "report": 3_600,
}
ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"
AT_LEAST = "GreaterThanOrEqualToThreshold"
WATCHED = {
    # SPEC §9
    "voice-to-merge-p50": (ABOVE, 4_000, 1),
    "voice-to-merge-p95": (ABOVE, 8_000, 1),
    "merged-share": (BELOW, 85, 1),
    "cost-per-task": (ABOVE, 0.03, 1),
    "api-5xx": (ABOVE, 2, 1),
    "runner-jobs-failing": (ABOVE, 5, 1),
    # what gets stuck
    **{f"age-{queue}": (ABOVE, seconds, 2) for queue, seconds in QUEUES.items()},
    **{f"dead-letters-{queue}": (ABOVE, 0, 1) for queue in QUEUES},
    "functions-errors": (ABOVE, 3, 2),
    "functions-throttles": (ABOVE, 0, 2),
    "schedules": (ABOVE, 0, 2),
    "no-runner": (BELOW, 1, 10),
    "runners-at-most": (AT_LEAST, Stage.of("prod").runner_most, 30),
}


@pytest.fixture
def alarms(template: Template) -> dict[str, Properties]:
    """Those for people; the fleet's own have no name."""
    return {
        short(each["AlarmName"]): each
        for each in template.all("AWS::CloudWatch::Alarm")
        if "AlarmName" in each
    }


def measured(alarm: Properties) -> list[tuple[str, str, str]]:
    """What an alarm looks at: each metric's name, dimension and statistic."""
    queries = alarm.get("Metrics", [])
    stats = [each["MetricStat"] for each in queries if "MetricStat" in each]
    if not stats:
        stats = [{"Metric": alarm, "Stat": alarm.get("Statistic", alarm.get("ExtendedStatistic"))}]
    return [
        (
            each["Metric"]["MetricName"],
            " ".join(
                str(dimension["Value"])
                for dimension in each["Metric"].get("Dimensions", [])
                if dimension["Name"] != "service"
            ),
            each["Stat"],
        )
        for each in stats
    ]


def test_these_alarms_watch_and_no_others(alarms: dict[str, Properties]):
    assert {
        name: (each["ComparisonOperator"], each["Threshold"], each["EvaluationPeriods"])
        for name, each in alarms.items()
    } == WATCHED


def test_every_alarm_reaches_a_person_and_names_its_line_in_the_runbook(
    template: Template, alarms: dict[str, Properties]
):
    for name, alarm in alarms.items():
        assert [template.name(each) for each in alarm["AlarmActions"]] == ["alarms"], name
        assert alarm["AlarmDescription"].endswith(f"docs/runbook.md, {name}")


def test_the_runbook_has_a_line_for_each_alarm_and_for_nothing_else(alarms: dict[str, Properties]):
    lines = re.findall(r"^\| `([a-z0-9-]+)` \|(.+)\|(.+)\|$", RUNBOOK.read_text(), re.MULTILINE)
    explained = set()
    for name, means, what_to_do in lines:
        assert min(len(means), len(what_to_do)) > 20, name
        kind, _, of_each = name.rpartition("-")
        explained |= {f"{kind}-{queue}" for queue in QUEUES} if of_each == "queue" else {name}
    assert explained == set(alarms)


@pytest.mark.parametrize("queue", QUEUES)
def test_each_queue_is_watched_and_so_are_its_dead_letters(
    alarms: dict[str, Properties], queue: str
):
    name = f"sayso-prod-{queue}"
    assert measured(alarms[f"age-{queue}"]) == [("ApproximateAgeOfOldestMessage", name, "Maximum")]
    assert measured(alarms[f"dead-letters-{queue}"]) == [
        ("ApproximateNumberOfMessagesVisible", f"{name}-dead-letters", "Maximum")
    ]


def test_no_queue_goes_unwatched(template: Template):
    queues = {name for name in template.by_name("AWS::SQS::Queue") if "dead-letters" not in name}
    assert queues == set(QUEUES)


@pytest.mark.parametrize(
    ("alarm", "looks_at"),
    [
        ("voice-to-merge-p50", [("VoiceToMerge", "", "p50")]),
        ("voice-to-merge-p95", [("VoiceToMerge", "", "p95")]),
        ("cost-per-task", [("CostUsd", "", "Average")]),
        (
            "merged-share",
            [("Settled", status, "Sum") for status in ("auto_merged", "ok", "fail")],
        ),
        (
            "runner-jobs-failing",
            [("JobsEnded", status, "Sum") for status in ("auto_merged", "ok", "pr_opened", "fail")],
        ),
        ("no-runner", [("RunnersWell", "", "Sum")]),
    ],
)
def test_a_promise_is_measured_by_what_is_printed_for_it(
    alarms: dict[str, Properties], alarm: str, looks_at: list[tuple[str, str, str]]
):
    assert sorted(measured(alarms[alarm])) == sorted(looks_at)
    text = json.dumps(alarms[alarm])
    assert "Sayso/prod" in text


def test_a_share_of_too_few_wakes_nobody(alarms: dict[str, Properties]):
    for name in ("merged-share", "api-5xx", "runner-jobs-failing"):
        [expression] = [
            each["Expression"] for each in alarms[name]["Metrics"] if "Expression" in each
        ]
        assert re.match(r"IF\(.+ >= 20, 100 \* .+, (0|100)\)$", expression), expression
        assert "FILL" not in expression, "nothing fills a metric that has never been heard of"
    for name in ("voice-to-merge-p50", "voice-to-merge-p95"):
        assert alarms[name]["EvaluateLowSampleCountPercentile"] == "ignore"


def test_silence_is_an_alarm_where_something_must_speak_every_minute(
    alarms: dict[str, Properties], template: Template
):
    missing = {name: each["TreatMissingData"] for name, each in alarms.items()}
    assert {name for name, said in missing.items() if said == "breaching"} == {"no-runner"}
    assert set(missing.values()) == {"breaching", "notBreaching"}
    [well] = template.all("AWS::Logs::MetricFilter")
    assert template.name(well["LogGroupName"]) == "/sayso-prod-runner"
    assert well["FilterPattern"] == "{ $.is_well IS TRUE }"
    [transformed] = well["MetricTransformations"]
    assert transformed["MetricNamespace"] == "Sayso/prod"
    assert (transformed["MetricName"], transformed["MetricValue"]) == ("RunnersWell", "1")


FOR_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_cloudwatch_may_use_the_key_of_the_alarms_for_this_account_only(template: Template):
    [key] = template.all("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    ours, theirs = key["KeyPolicy"]["Statement"]
    assert template.name(ours["Principal"]["AWS"]) == "arn::iam:::root"
    assert ours["Action"] == "kms:*"
    assert theirs["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert set(theirs["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert theirs["Condition"] == FOR_THIS_ACCOUNT


def test_only_cloudwatch_of_this_account_may_call_people(template: Template):
    [policy] = [
        each
        for each in template.all("AWS::SNS::TopicPolicy")
        if [template.name(topic) for topic in each["Topics"]] == ["alarms"]
    ]
    [allowed] = [
        each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"
    ]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Condition"] == FOR_THIS_ACCOUNT


def test_traces_go_through_every_function_and_topic(template: Template):
    for function in template.all("AWS::Lambda::Function"):
        assert function["TracingConfig"] == {"Mode": "Active"}
    topics = template.by_name("AWS::SNS::Topic")
    assert {name for name, each in topics.items() if each.get("TracingConfig") == "Active"} == {
        "task-events",
        "runner-events",
    }


def test_sns_may_say_what_it_did_of_a_trace_for_this_account_only(template: Template):
    [policy] = template.all("AWS::XRay::ResourcePolicy")
    [statement] = json.loads(template.name(policy["PolicyDocument"]))["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert "xray:PutTraceSegments" in statement["Action"]
    assert list(statement["Condition"]) == ["StringEquals"]
    assert list(statement["Condition"]["StringEquals"]) == ["aws:SourceAccount"]


def test_the_api_notes_what_it_answered_and_nothing_of_who_asked(template: Template):
    [stage] = template.all("AWS::ApiGatewayV2::Stage")
    noted = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"requestId", "route", "status"} <= set(noted)
    assert not re.search(r"sourceIp|userAgent|authorizer|identity", json.dumps(noted))


def test_the_dashboard_shows_what_is_promised_what_waits_and_what_runs(template: Template):
    [dashboard] = template.all("AWS::CloudWatch::Dashboard")
    assert dashboard["DashboardName"] == "Sayso-prod"
    widgets = json.loads(template.name(dashboard["DashboardBody"]))["widgets"]
    shown: dict[str, Any] = {
        each["properties"]["title"]: json.dumps(each["properties"])
        for each in widgets
        if "title" in each["properties"]
    }
    for title, metric in {
        "Requests": "Accepted",
        "Voice to merge, p50 ms": "VoiceToMerge",
        "Voice to merge, p95 ms": "VoiceToMerge",
        "Merged without repair": "Settled",
        "Cost per task ($)": "CostUsd",
        "Dead letters": "dead-letters",
        "Outcomes": "Settled",
        "Oldest message (s)": "ApproximateAgeOfOldestMessage",
        "HTTP API": "5xx",
        "Errors and throttles of functions": "Throttles",
        "Runners": "RunnersWell",
        "Runners' jobs": "JobsEnded",
    }.items():
        assert metric in shown[title], title
    for queue in QUEUES:
        assert f"sayso-prod-{queue}" in shown["Oldest message (s)"]


def test_widgets_fill_rows_and_do_not_overlap(template: Template):
    [dashboard] = template.all("AWS::CloudWatch::Dashboard")
    widgets = json.loads(template.name(dashboard["DashboardBody"]))["widgets"]
    taken: set[tuple[int, int]] = set()
    for each in widgets:
        cells = {
            (x, y)
            for x in range(each["x"], each["x"] + each["width"])
            for y in range(each["y"], each["y"] + each["height"])
        }
        assert not cells & taken
        taken |= cells
    assert {x for x, _ in taken} == set(range(24))
    assert len(taken) == 24 * (max(y for _, y in taken) + 1), "there are no gaps"


def test_the_picture_in_the_runbook_is_of_this_dashboard(template: Template):
    drawn = draw(widgets_of({"Resources": template.resources}))
    assert (RUNBOOK.parent / "dashboard.svg").read_text() == drawn, "make dashboard"
