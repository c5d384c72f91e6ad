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


@pytest.mark.needs("message move tasks")
def test_dead_letters_go_back_to_their_queue_when_they_are_moved(messaging: Messaging) -> None:
    sent = messaging.publish("task-events", "task.uploaded")

    def is_dead() -> list[str]:
        messaging.take("transcribe", VisibilityTimeout=0)
        return [
            message["Body"]
            for message in messaging.take("transcribe-dead-letters", VisibilityTimeout=0)
        ]

    eventually(is_dead, "it is given up")
    attributes = messaging.sqs.get_queue_attributes(
        QueueUrl=messaging.url("transcribe-dead-letters"), AttributeNames=["QueueArn"]
    )["Attributes"]
    messaging.sqs.start_message_move_task(SourceArn=attributes["QueueArn"])

    [again] = eventually(lambda: messaging.take("transcribe"), "it is back")
    assert receive(again["Body"], "task.uploaded") == sent
    assert again["MessageAttributes"]["type"]["StringValue"] == "task.uploaded"


@pytest.mark.needs("dead letters of subscriptions")
def test_what_a_topic_can_not_deliver_is_kept_for_its_hearer(messaging: Messaging) -> None:
    url = messaging.url("report")
    kept = messaging.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    messaging.sqs.delete_queue(QueueUrl=url)
    try:
        sent = messaging.publish("task-events", "demo.requested")
        [dead] = eventually(lambda: messaging.take("report-dead-letters"), "it is kept")
    finally:
        settable = ("RedrivePolicy", "VisibilityTimeout", "MessageRetentionPeriod", "Policy")
        messaging.sqs.create_queue(
            QueueName="sayso-local-report", Attributes={key: kept[key] for key in settable}
        )
    assert receive(dead["Body"], "demo.requested") == sent


def test_of_a_batch_each_message_comes_back_by_itself(messaging: Messaging) -> None:
    """What a partial batch response rests on: one is deleted, the other is received again."""
    for example in ("task.approved", "task.rejected"):
        messaging.publish("task-events", example)
    batch: dict[str, str] = {}

    def both() -> bool:
        batch.update(
            (message["MessageAttributes"]["type"]["StringValue"], message["ReceiptHandle"])
            for message in messaging.take("dispatch")
        )
        return len(batch) == 2

    eventually(both, "both are there")
    url = messaging.url("dispatch")
    messaging.sqs.delete_message(QueueUrl=url, ReceiptHandle=batch["task.approved"])
    messaging.sqs.change_message_visibility(
        QueueUrl=url, ReceiptHandle=batch["task.rejected"], VisibilityTimeout=0
    )
    [again] = eventually(lambda: messaging.take("dispatch"), "the one that failed is back")
    assert again["MessageAttributes"]["type"]["StringValue"] == "task.rejected"


def test_a_message_is_delivered_raw_with_its_attribute(messaging: Messaging) -> None:
    sent = messaging.publish("task-events", "demo.requested")
    [message] = eventually(lambda: messaging.take("report"), "it is there")
    assert message["Body"] == sent.model_dump_json()
    assert message["MessageAttributes"]["type"]["StringValue"] == "demo.requested"


def test_a_job_arrives_as_it_was_sent(messaging: Messaging) -> None:
    job = RunnerJob.model_validate_json((EXAMPLES / "runner-job.json").read_text())
    Queue(messaging.url("runner-jobs"), messaging.sqs).send(job, group=str(job.user_id))
    [message] = eventually(lambda: messaging.take("runner-jobs"), "the job is there")
    assert receive(message["Body"], "runner.job", RunnerJob) == job
    with pytest.raises(BrokenContract):
        receive(message["Body"], "task.uploaded")
