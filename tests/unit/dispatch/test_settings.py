"""Limits as they are given in the environment."""

import pytest

from services.dispatch.settings import DispatchSettings

NEEDED = {
    "TASK_EVENTS_TOPIC_ARN": "arn",
    "SQS_URL": "jobs",
    "RUNNER_CONTROL_QUEUE_URL": "control",
    "DATABASE_URL": "postgresql://",
    "JOB_TOKEN_KEY": "key",
}


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        (None, ("security/",)),
        ("security/", ("security/",)),
        ("security/, deploy/ ,", ("security/", "deploy/")),
    ],
)
def test_blocked_paths_are_separated_by_commas(monkeypatch, given, paths):
    for name, value in (NEEDED | {"BLOCKED_PATHS": given}).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    assert DispatchSettings().blocked_paths == paths
