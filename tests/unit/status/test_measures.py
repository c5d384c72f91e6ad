"""What the promises of the specification are measured by."""

import json
from typing import get_args

import pytest

from contracts.identity import new_event
from contracts.models import Outcome, TaskSettled, TaskSettledData
from services.status import measures
from tests.unit.status.story import Story


def measured(
    capsys: pytest.CaptureFixture[str], status: str, reason: str | None = None
) -> dict[str, float]:
    """The metrics of one outcome, by name and status."""
    task = Story()
    data = TaskSettledData(
        version=3,
        status=status,  # type: ignore[arg-type]
        reason=reason,  # type: ignore[arg-type]
        summary="Added it",
        repo=None,
        commit_sha=None,
        pr_url=None,
        loc_delta=4,
        files_touched=[],
        duration_ms=3_210,
        cost_usd=0.0125,
        needs_approval=False,
    )
    measures.take(new_event(TaskSettled, task.job_id, task.user_id, data))
    found = {}
    for text in capsys.readouterr().out.splitlines():
        line = json.loads(text)
        [directive] = line["_aws"]["CloudWatchMetrics"]
        [metric], [keys] = directive["Metrics"], directive["Dimensions"]
        assert line["job_id"] == str(task.job_id)
        status_of = f" {line['status']}" if "status" in keys else ""
        found[f"{metric['Name']}{status_of}"] = line[metric["Name"]][0]
    counted = {key: value for key, value in found.items() if key.startswith("Settled ")}
    assert len(counted) == len(get_args(Outcome.__value__)), "those that it is not are counted too"
    assert sum(counted.values()) == 1
    return {key: value for key, value in found.items() if value}


def test_a_merge_is_timed_counted_and_paid_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(capsys, "auto_merged") == {
        "Settled auto_merged": 1,
        "VoiceToMerge": 3_210,
        "CostUsd": 0.0125,
    }


def test_a_question_is_paid_for_when_it_was_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(capsys, "pr_opened", "blocked_path") == {"Settled pr_opened": 1}


@pytest.mark.parametrize("status", ["ok", "fail"])
def test_the_time_of_what_a_person_answered_says_nothing_about_us(
    capsys: pytest.CaptureFixture[str], status: str
) -> None:
    assert measured(capsys, status) == {f"Settled {status}": 1, "CostUsd": 0.0125}
