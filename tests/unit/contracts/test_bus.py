"""No message leaves or enters unvalidated, and a repeat is recognisable."""

import json
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import boto3
import pytest
from moto import mock_aws

from contracts import bus, identity, models

EXAMPLES = Path(models.__file__).parent / "examples/valid"
JOB, USER = UUID(int=1), UUID(int=2)
PHASE = models.TaskProgressedData(run=UUID(int=3), phase="lint", elapsed_ms=5)


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.json").read_text()


def failed(producer: Any = "transcribe") -> models.TaskFailed:
    data = models.TaskFailedData(producer=producer, reason="no_speech", message="Say it again.")
    return identity.new_event(models.TaskFailed, JOB, USER, data)


@pytest.mark.parametrize(
    ("body", "attribute", "complaint"),
    [
        (example("task.failed"), "task.approved", "task.approved: "),
        (example("task.failed"), "task.unheard_of", "not expected"),
        (example("task.failed"), None, "not expected"),
        ("not json", "task.failed", "Invalid JSON"),
        ("[]", "task.failed", "task.failed"),
        (json.dumps({"type": "task.failed"}), "task.failed", "job_id: Field required"),
    ],
)
def test_what_breaks_the_contract_is_refused(body: str, attribute: str, complaint: str) -> None:
    with pytest.raises(bus.BrokenContract, match=complaint):
        bus.receive(body, attribute)


def test_a_message_of_another_kind_than_expected_is_refused() -> None:
    with pytest.raises(bus.BrokenContract):
        bus.receive(example("task.failed"), "task.failed", models.TaskUploaded)


def test_a_complaint_shows_no_values() -> None:
    body = json.loads(example("runner-job")) | {"job_token": "a-secret"}
    with pytest.raises(bus.BrokenContract) as refusal:
        bus.receive(json.dumps(body), "runner.job")
    assert "job_token" in str(refusal.value)
    assert "a-secret" not in str(refusal.value)


def test_a_published_event_arrives_with_its_type_as_attribute() -> None:
    with mock_aws():
        sns = boto3.client("sns", region_name="eu-west-1")
        sqs = boto3.client("sqs", region_name="eu-west-1")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        topic = sns.create_topic(Name="t")["TopicArn"]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:eu-west-1:123456789012:q",
            Attributes={"RawMessageDelivery": "true"},
        )
        bus.Topic(topic, sns).publish(failed())
        bus.Queue(url, sqs).send(models.RunnerJob.model_validate_json(example("runner-job")))

        received = [
            sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
            for _ in range(2)
        ]

    attributes = {m["MessageAttributes"]["type"]["StringValue"]: m["Body"] for m in received}
    assert set(attributes) == {"task.failed", "runner.job"}
    heard = bus.receive(attributes["task.failed"], "task.failed", models.TaskFailed)
    assert heard.job_id == JOB


def test_a_message_to_oneself_may_wait() -> None:
    class Queue:
        waits: ClassVar[list[int]] = []

        def send_message(self, **said: Any) -> None:
            self.waits.append(said["DelaySeconds"])

    queue = bus.Queue("url", Queue())  # type: ignore[arg-type]
    for wait in ({}, {"delay_seconds": 20}):
        queue.send(models.DemoSubmitted.model_validate_json(example("demo.submitted")), **wait)
    assert Queue.waits == [0, 20]


def test_a_message_that_was_built_past_validation_does_not_leave() -> None:
    class Unreachable:
        def publish(self, **_: Any) -> None:
            raise AssertionError("it left")

    broken = failed().model_copy(update={"user_id": "ada"})
    with pytest.warns(UserWarning, match="serializ"), pytest.raises(bus.BrokenContract):
        bus.Topic("arn", Unreachable()).publish(broken)  # type: ignore[arg-type]


def test_a_repeat_has_the_same_id_and_two_facts_never_do() -> None:
    assert failed().id == failed().id
    assert failed("transcribe").id != failed("dispatch").id
    other_phase = PHASE.model_copy(update={"phase": "test"})
    progressed = [
        identity.event_id_for(JOB, "task.progressed", data) for data in (PHASE, PHASE, other_phase)
    ]
    assert progressed[0] == progressed[1] != progressed[2]


def test_an_upload_repeated_is_the_same_task_for_its_user_only() -> None:
    assert identity.job_id_for(USER, "key") == identity.job_id_for(USER, "key")
    assert identity.job_id_for(USER, "key") != identity.job_id_for(JOB, "key")


def test_every_event_has_a_key_of_its_own() -> None:
    for name, model in bus.MODELS.items():
        if name != "runner.job":
            event = model.model_validate_json(example(name))
            subject = getattr(event, "job_id", None) or event.demo_id  # type: ignore[attr-defined]
            rebuilt = identity.new_event(model, subject, event.user_id, event.data)  # type: ignore[attr-defined]
            assert rebuilt.id == event.id  # type: ignore[attr-defined]
