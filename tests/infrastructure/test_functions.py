"""The six functions: where they run, what they are told, and when the clock calls."""

import json
from typing import Any

import pytest

from tests.infrastructure.template import Template, short

TOLD = {
    "ingest": {"TASK_EVENTS_TOPIC_ARN", "MEDIA_BUCKET", "IDEMPOTENCY_TABLE", "SUPABASE_URL"},
    "transcribe": {
        "TASK_EVENTS_TOPIC_ARN",
        "MEDIA_BUCKET",
        "SPEECH_BASE_URL",
        "SPEECH_MODEL",
        "OPENAI_API_KEY_SECRET_ARN",
        "IDEMPOTENCY_TABLE",
    },
    "dispatch": {
        "TASK_EVENTS_TOPIC_ARN",
        "SQS_URL",
        "RUNNER_CONTROL_QUEUE_URL",
        "DATABASE_URL_SECRET_ARN",
        "JOB_TOKEN_KEY_SECRET_ARN",
        "AUTO_MERGE_LOC_LIMIT",
        "BLOCKED_PATHS",
    },
    "status": {
        "TASK_EVENTS_TOPIC_ARN",
        "DATABASE_URL_SECRET_ARN",
        "CALLBACK_KEY_SECRET_ARN",
        "JOB_TOKEN_KEY_SECRET_ARN",
        "MEDIA_BUCKET",
        "SUPABASE_URL",
        "JOB_CONTROL_TABLE",
    },
    "notify": {
        "DATABASE_URL_SECRET_ARN",
        "PUSH_URL",
        "PUSH_API_KEY_SECRET_ARN",
        "SUPABASE_URL",
        "MEDIA_BUCKET",
    },
    "report": {
        "DATABASE_URL_SECRET_ARN",
        "MAIL_FROM",
        "MAIL_TO",
        "MAIL_TIME_ZONE",
        "IDEMPOTENCY_TABLE",
        "TASK_EVENTS_TOPIC_ARN",
        "REPORT_QUEUE_URL",
        "MEDIA_BUCKET",
        "VERTEX_CREDENTIALS_SECRET_ARN",
        "VEO_MODEL",
        "VEO_LOCATION",
        "VEO_USD_PER_SECOND",
        "VEO_LOOK_SECONDS",
    },
}
ROOM = {
    "ingest": (512, 20),
    "transcribe": (1024, 60),
    "dispatch": (512, 20),
    "status": (512, 20),
    "notify": (512, 30),
    "report": (1769, 60),
}
"""MiB of memory, which are a share of a processor too, and seconds."""
REFERS_TO = {
    "TASK_EVENTS_TOPIC_ARN": "task-events",
    "MEDIA_BUCKET": "media",
    "IDEMPOTENCY_TABLE": "idempotency",
    "JOB_CONTROL_TABLE": "job-control",
    "SQS_URL": "runner-jobs",
    "REPORT_QUEUE_URL": "report",
    "RUNNER_CONTROL_QUEUE_URL": "runner-control",
    "OPENAI_API_KEY_SECRET_ARN": "openai-api-key",
    "DATABASE_URL_SECRET_ARN": "database-url",
    "JOB_TOKEN_KEY_SECRET_ARN": "job-token-key",
    "CALLBACK_KEY_SECRET_ARN": "callback-key",
    "PUSH_API_KEY_SECRET_ARN": "push-api-key",
    "VERTEX_CREDENTIALS_SECRET_ARN": "vertex-credentials",
}


@pytest.mark.parametrize("service", TOLD)
def test_a_function_is_told_what_it_needs_and_no_secret(template: Template, service: str):
    function = template.by_name("AWS::Lambda::Function")[service]
    variables: dict[str, Any] = function["Environment"]["Variables"]
    assert set(variables) == TOLD[service] | {
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
        "LOG_LEVEL",
    }
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "Sayso/prod"
    assert variables["POWERTOOLS_SERVICE_NAME"] == service
    for key, thing in REFERS_TO.items():
        if key in variables:
            assert not isinstance(variables[key], str), f"{key} is a value, not a reference"
            assert template.name(variables[key]) == thing


@pytest.mark.parametrize("service", TOLD)
def test_a_function_runs_on_arm_and_logs_for_a_month(template: Template, service: str):
    function = template.by_name("AWS::Lambda::Function")[service]
    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == f"services.{service}.handler.handler"
    assert template.name(function["LoggingConfig"]["LogGroup"]) == service
    assert template.by_name("AWS::Logs::LogGroup")[service]["RetentionInDays"] == 30


@pytest.mark.parametrize("service", TOLD)
def test_a_function_has_the_memory_and_the_time_that_it_needs(template: Template, service: str):
    function = template.by_name("AWS::Lambda::Function")[service]
    assert (function["MemorySize"], function["Timeout"]) == ROOM[service]


def test_whoever_answers_http_does_so_before_the_api_gives_up(template: Template):
    functions = template.by_name("AWS::Lambda::Function")
    assert all(functions[service]["Timeout"] <= 30 for service in ("ingest", "status", "notify"))


def test_the_clock_calls(template: Template):
    schedules = template.by_name("AWS::Scheduler::Schedule")
    assert {
        name: (
            template.name(each["Target"]["Arn"]),
            json.loads(each["Target"]["Input"]),
            each["ScheduleExpression"],
            each["ScheduleExpressionTimezone"],
            each["FlexibleTimeWindow"],
            each["Target"]["RetryPolicy"],
            each.get("State", "ENABLED"),
        )
        for name, each in schedules.items()
    } == {
        "sweep-outbox": (
            "status",
            {"schedule": "sweep-outbox"},
            "rate(1 minute)",
            "Etc/UTC",
            {"Mode": "OFF"},
            {"MaximumEventAgeInSeconds": 3_600, "MaximumRetryAttempts": 0},
            "ENABLED",
        ),
        "receipts": (
            "notify",
            {"schedule": "receipts"},
            "rate(5 minutes)",
            "Etc/UTC",
            {"Mode": "OFF"},
            {"MaximumEventAgeInSeconds": 3_600, "MaximumRetryAttempts": 0},
            "ENABLED",
        ),
        "nightly": (
            "report",
            {"schedule": "nightly"},
            "cron(5 0 * * ? *)",
            "Europe/Berlin",
            {"Mode": "OFF"},
            {"MaximumEventAgeInSeconds": 3_600, "MaximumRetryAttempts": 10},
            "ENABLED",
        ),
    }


def test_a_report_that_failed_is_kept(template: Template):
    [config] = template.all("AWS::Lambda::EventInvokeConfig")
    assert template.name(config["FunctionName"]) == "report"
    kept = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert template.name(kept) == "report-dead-letters"


def test_a_template_holds_the_names_of_secrets_only(template: Template):
    secrets = {short(each["Name"]): each for each in template.all("AWS::SecretsManager::Secret")}
    drawn = {name for name, each in secrets.items() if "GenerateSecretString" in each}
    assert drawn == {"callback-key", "job-token-key"}
    assert all("SecretString" not in each for each in secrets.values())
    for name in drawn:
        assert secrets[name]["GenerateSecretString"]["PasswordLength"] >= 32


def test_consumers_leave_the_pooler_room_for_requests(template: Template):
    """Supabase's smallest takes 200 clients; each call of a consumer may hold one of them."""
    functions = template.by_name("AWS::Lambda::Function")
    held = sum(
        each["ScalingConfig"]["MaximumConcurrency"]
        for each in template.all("AWS::Lambda::EventSourceMapping")
        if "DATABASE_URL_SECRET_ARN"
        in functions[template.name(each["FunctionName"])]["Environment"]["Variables"]
    )
    assert 0 < held <= 60
