"""Who hears what, and where it goes when it can't be heard."""

import pytest

from runner.settings import RunnerSettings
from tests.infrastructure.template import Template

CONSUMERS = {
    "transcribe": {"transcribe"},
    "dispatch": {"dispatch", "runner-jobs-dead-letters", "runner-control-dead-letters"},
    "status": {"status", "transcribe-dead-letters", "dispatch-dead-letters"},
    "notify": {"notify", "notify-dead-letters"},
    "report": {"report"},
}
QUEUES = {"transcribe", "dispatch", "status", "notify", "report", "runner-jobs", "runner-control"}
HEARD = {
    ("task-events", "transcribe"): ["task.uploaded"],
    ("task-events", "dispatch"): [
        "task.transcribed",
        "task.approved",
        "task.rejected",
        "task.undo_requested",
    ],
    ("task-events", "status"): None,
    ("runner-events", "status"): ["task.progressed", "runner.status"],
    ("task-events", "notify"): ["task.settled", "demo.ready"],
    ("task-events", "report"): ["demo.requested"],
    ("task-events", "runner-control"): ["task.uploaded"],
}
TRIES = {"dispatch": 10, "notify": 10, "status": 100}
FOUR_DAYS, FOURTEEN_DAYS = 4 * 24 * 3600, 14 * 24 * 3600


def test_there_is_a_queue_for_each_consumer_and_dead_letters_for_each_queue(template: Template):
    queues = template.by_name("AWS::SQS::Queue")
    assert set(queues) == QUEUES | {f"{name}-dead-letters" for name in QUEUES}


@pytest.mark.parametrize("name", sorted(QUEUES))
def test_a_message_that_keeps_failing_ends_in_its_own_dead_letters(template: Template, name: str):
    redrive = template.by_name("AWS::SQS::Queue")[name]["RedrivePolicy"]
    assert template.name(redrive["deadLetterTargetArn"]) == f"{name}-dead-letters"
    assert redrive["maxReceiveCount"] == TRIES.get(name, 5)


def test_history_and_dead_letters_are_kept_as_long_as_sqs_can(template: Template):
    kept = {
        name: queue["MessageRetentionPeriod"]
        for name, queue in template.by_name("AWS::SQS::Queue").items()
    }
    longest = {name for name, seconds in kept.items() if seconds == FOURTEEN_DAYS}
    assert longest == {"status"} | {name for name in kept if name.endswith("-dead-letters")}
    assert {kept[name] for name in kept.keys() - longest} == {FOUR_DAYS}


def test_events_reach_exactly_those_who_act_on_them(template: Template):
    heard = {
        (template.name(each["TopicArn"]), template.name(each["Endpoint"])): each.get("FilterPolicy")
        for each in template.all("AWS::SNS::Subscription")
    }
    assert heard == {
        pair: None if types is None else {"type": types} for pair, types in HEARD.items()
    }


def test_messages_are_delivered_raw_and_what_sns_cannot_deliver_is_kept(template: Template):
    for each in template.all("AWS::SNS::Subscription"):
        assert each["RawMessageDelivery"] is True
        dead_letters = template.name(each["RedrivePolicy"]["deadLetterTargetArn"])
        assert dead_letters == f"{template.name(each['Endpoint'])}-dead-letters"


def test_each_topic_may_send_to_the_queues_that_hear_it_and_to_their_dead_letters(
    template: Template,
):
    may_send = {
        (template.name(statement["Condition"]["ArnEquals"]["aws:SourceArn"]), template.name(queue))
        for policy in template.all("AWS::SQS::QueuePolicy")
        for queue in policy["Queues"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    }
    hears = {(topic, queue) for topic, queue in HEARD}
    assert may_send == hears | {(topic, f"{queue}-dead-letters") for topic, queue in hears}


def test_each_function_consumes_its_queues_in_batches_that_may_fail_in_part(template: Template):
    consumed: dict[str, set[str]] = {}
    for each in template.all("AWS::Lambda::EventSourceMapping"):
        assert each["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert 1 <= each["BatchSize"] <= 10
        assert each["ScalingConfig"]["MaximumConcurrency"] <= 20
        service = template.name(each["FunctionName"])
        consumed.setdefault(service, set()).add(template.name(each["EventSourceArn"]))
    assert consumed == CONSUMERS


def test_who_waits_for_somebody_elses_service_takes_one_message_a_call(template: Template):
    sizes = {
        template.name(each["EventSourceArn"]): each["BatchSize"]
        for each in template.all("AWS::Lambda::EventSourceMapping")
    }
    assert {queue for queue, size in sizes.items() if size == 1} == {
        "transcribe",
        "notify",
        "report",
    }


def test_a_message_stays_hidden_for_six_timeouts_of_whoever_consumes_it(template: Template):
    queues = template.by_name("AWS::SQS::Queue")
    functions = template.by_name("AWS::Lambda::Function")
    for service, consumed in CONSUMERS.items():
        for queue in consumed:
            assert queues[queue]["VisibilityTimeout"] >= 6 * functions[service]["Timeout"], queue


def test_a_dead_letter_stays_hidden_for_six_timeouts_of_whichever_service(template: Template):
    longest = max(each["Timeout"] for each in template.all("AWS::Lambda::Function"))
    for name, queue in template.by_name("AWS::SQS::Queue").items():
        if name.endswith("-dead-letters"):
            assert queue["VisibilityTimeout"] >= 6 * longest, name


def test_the_job_of_a_lost_runner_comes_back_within_a_minute(template: Template):
    queues = template.by_name("AWS::SQS::Queue")
    kept = RunnerSettings.model_fields["visibility_seconds"].default
    for name in ("runner-jobs", "runner-control"):
        assert kept <= queues[name]["VisibilityTimeout"] <= 60


def test_queues_and_topics_are_encrypted(template: Template):
    assert all(each["SqsManagedSseEnabled"] for each in template.all("AWS::SQS::Queue"))
    keys = {
        name: template.name(topic["KmsMasterKeyId"]).removeprefix("arn::kms:::")
        for name, topic in template.by_name("AWS::SNS::Topic").items()
    }
    # CloudWatch can't use the key that AWS keeps for SNS.
    assert keys == {
        "task-events": "alias/aws/sns",
        "runner-events": "alias/aws/sns",
        "alarms": "key",
    }


def test_nothing_speaks_to_a_queue_a_topic_or_the_bucket_without_tls(template: Template):
    guarded = {
        (template.name(guard["Resource"][0] if guard["Action"] == "s3:*" else guard["Resource"]))
        for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy")
        for policy in template.all(kind)
        for guard in policy["PolicyDocument"]["Statement"]
        if guard["Effect"] == "Deny"
        and guard.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        and guard["Principal"] in ("*", {"AWS": "*"})
    }
    topics = set(template.by_name("AWS::SNS::Topic"))
    assert guarded == set(template.by_name("AWS::SQS::Queue")) | topics | {"media"}


def test_only_the_runner_may_publish_what_a_runner_says(template: Template):
    [policy] = [
        each
        for each in template.all("AWS::SNS::TopicPolicy")
        if [template.name(topic) for topic in each["Topics"]] == ["runner-events"]
    ]
    [refusal] = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if "ArnNotEquals" in statement["Condition"]
    ]
    assert refusal["Effect"] == "Deny"
    assert refusal["Action"] == "sns:Publish"
    assert refusal["Principal"] == {"AWS": "*"}
    exempt = template.name(refusal["Condition"]["ArnNotEquals"]["aws:PrincipalArn"])
    assert exempt == "runner"
