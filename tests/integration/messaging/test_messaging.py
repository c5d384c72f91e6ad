"""Real topics and queues, made from the app's own template: who hears what, and what is kept."""

import pytest

from contracts.bus import BrokenContract, Queue, receive
from contracts.models import RunnerJob
from tests.e2e.system import eventually
from tests.integration.messaging.conftest import EXAMPLES, QUEUES, Messaging

ON_TASK_EVENTS = {
    "task.uploaded": {"transcribe", "status", "runner-control"},
    "task.transcribed": {"dispatch", "status"},
    "task.failed": {"status"},
    "task.dispatched": {"status"},
    "task.settled": {"notify", "status"},
    "task.approved": {"dispatch", "status"},
    "task.rejected": {"dispatch", "status"},
    "task.undo_requested": {"dispatch", "status"},
    "demo.requested": {"report", "status"},
    "demo.ready": {"notify", "status"},
}
ON_RUNNER_EVENTS = {
    "task.progressed": {"status"},
    "runner.status": {"status"},
    "task.approved": set[str](),
    "task.settled": set[str](),
    "task.uploaded": set[str](),
}


def heard(messaging: Messaging) -> set[tuple[str, str]]:
    """Every (queue, type) that can be received now; each message must keep its contract."""
    return {
        (queue, receive(message["Body"], attribute).type)  # type: ignore[attr-defined]
        for queue in QUEUES
        for message in messaging.take(queue)
        for attribute in [message["MessageAttributes"]["type"]["StringValue"]]
    }


@pytest.mark.parametrize(
    ("topic", "hearers"), [("task-events", ON_TASK_EVENTS), ("runner-events", ON_RUNNER_EVENTS)]
)
def test_each_event_reaches_exactly_those_who_act_on_it(
    messaging: Messaging, topic: str, hearers: dict[str, set[str]]
) -> None:
    for event_type in hearers:
        messaging.publish(topic, event_type)
    expected = {(queue, each) for each, queues in hearers.items() for queue in queues}
    found: set[tuple[str, str]] = set()

    def complete() -> bool:
        found.update(heard(messaging))
        return found >= expected

    eventually(complete, "every hearer has heard")
    assert found | heard(messaging) == expected


def test_what_keeps_failing_ends_in_its_own_dead_letters(messaging: Messaging) -> None:
    sent = messaging.publish("task-events", "task.uploaded")
    tries = 0

    def is_dead() -> list[str]:
        nonlocal tries
        tries += len(messaging.take("transcribe", VisibilityTimeout=0))
        return [message["Body"] for message in messaging.take("transcribe-dead-letters")]

    [body] = eventually(is_dead, "it is given up")
    assert tries == 5
    assert receive(body, "task.uploaded") == sent
    assert messaging.take("dispatch-dead-letters") == []


def test_a_job_arrives_as_it_was_sent(messaging: Messaging) -> None:
    job = RunnerJob.model_validate_json((EXAMPLES / "runner-job.json").read_text())
    Queue(messaging.url("runner-jobs"), messaging.sqs).send(job, group=str(job.user_id))
    [message] = eventually(lambda: messaging.take("runner-jobs"), "the job is there")
    assert receive(message["Body"], "runner.job", RunnerJob) == job
    with pytest.raises(BrokenContract):
        receive(message["Body"], "task.uploaded")
