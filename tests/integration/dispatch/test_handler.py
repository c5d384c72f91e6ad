"""The deployed function finds its parts by its settings, and knows dead letters by their queue."""

import pytest

from contracts.models import TaskDispatched
from services.dispatch import handler
from tests.integration.invocation import CONTEXT, batch_of
from tests.unit.dispatch.asked import KEY, REPO, transcribed


@pytest.fixture
def deployed(desk, postgres_url, monkeypatch):
    for setting, value in {
        "TASK_EVENTS_TOPIC_ARN": desk.cloud.topic.arn,
        "SQS_URL": desk.dispatcher.jobs.url,
        "RUNNER_CONTROL_QUEUE_URL": desk.dispatcher.control.url,
        "DATABASE_URL": postgres_url,
        "JOB_TOKEN_KEY": KEY,
        "MAX_JOBS_IN_FLIGHT": "1",
        "AUTO_MERGE_LOC_LIMIT": "40",
    }.items():
        monkeypatch.setenv(setting, value)
    handler._dispatcher.cache_clear()
    yield handler.handler
    handler._dispatcher.cache_clear()


def test_the_settings_lead_from_words_to_a_job_and_from_a_dead_job_to_its_inspection(
    deployed, desk, people
):
    user_id = people.user()
    people.repo(user_id, REPO)
    assert deployed(batch_of(transcribed(user_id), "sayso-test-dispatch"), CONTEXT) == {
        "batchItemFailures": []
    }
    [job] = desk.jobs()
    assert job.heuristics.auto_merge_loc_limit == 40
    [event] = desk.said()
    assert isinstance(event, TaskDispatched)

    deployed(batch_of(job, "sayso-test-runner-jobs-dead-letters"), CONTEXT)
    assert [job.kind for job in desk.controls()] == ["inspect"]
    assert desk.jobs() == []
