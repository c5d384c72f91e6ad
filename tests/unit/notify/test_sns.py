"""Apple's and Google's services through SNS, which moto plays."""

import json
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

from services.notify import news
from services.notify.push import NOT_TAKEN, BadToken, Ticket
from services.notify.sns import Sns
from tests.unit.notify.settled import asking, clip, settled


def service(aws: Any, platform: str) -> Sns:
    made = aws.sns.create_platform_application(
        Name=f"app-{uuid4()}", Platform=platform, Attributes={}
    )
    return Sns(made["PlatformApplicationArn"], aws.sns)


def shown(endpoint: str) -> list[dict[str, Any]]:
    """What an endpoint was sent, as its platform gets it."""
    sent = sns_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].platform_endpoints[endpoint].messages
    platform = endpoint.split("/")[1]
    return [json.loads(json.loads(message)[platform]) for message in sent.values()]


def attributes(aws: Any, endpoint: str) -> dict[str, str]:
    found: dict[str, str] = aws.sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"]
    return found


class Recorded:
    """A client that keeps what it publishes."""

    def __init__(self, sns: Any, error: Exception | None = None) -> None:
        self.sns, self.error, self.published = sns, error, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sns, name)

    def publish(self, **said: Any) -> None:
        if self.error:
            raise self.error
        self.published.append(said)


def failed(code: str, message: str = "as planned") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Publish")


DELETED = "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"


def test_apple_shows_a_question_with_its_actions(aws):
    apple = service(aws, "APNS")
    endpoint = apple.admit("ab" * 32)
    event = settled(**asking())
    assert apple.send([news.of_task(event).push_to(endpoint, "loud")]) == [Ticket()]
    [payload] = shown(endpoint)
    assert payload["aps"] == {
        "alert": {
            "title": "⚠️ wordcount",
            "body": "Needs you: touches security/keys.py. Approve?",
        },
        "category": "task_approval",
        "thread-id": str(event.job_id),
        "interruption-level": "active",
        "sound": "default",
    }
    assert payload["url"] == f"/tasks/{event.job_id}"


@pytest.mark.parametrize(("platform", "token"), [("APNS", "c1" * 32), ("APNS_SANDBOX", "c2" * 32)])
def test_what_apple_is_told_beside_the_payload(aws, platform, token):
    apple = service(aws, platform)
    endpoint = apple.admit(token)
    recorded = Recorded(aws.sns)
    event = settled()
    for loudness in ("loud", "silent"):
        Sns(apple.application, recorded).send([news.of_task(event).push_to(endpoint, loudness)])
    loud, silent = (
        {name: each["StringValue"] for name, each in said["MessageAttributes"].items()}
        for said in recorded.published
    )
    assert loud == {
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": str(event.job_id),
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "alert",
        "AWS.SNS.MOBILE.APNS.PRIORITY": "10",
        f"AWS.SNS.MOBILE.{platform}.TTL": "86400",
    }
    assert silent["AWS.SNS.MOBILE.APNS.PRIORITY"] == "5"
    quiet = json.loads(json.loads(recorded.published[1]["Message"])[platform])["aps"]
    assert quiet["interruption-level"] == "passive"
    assert "sound" not in quiet


def test_google_gets_data_only_and_strings_only(aws):
    google = service(aws, "GCM")
    endpoint = google.admit("fcm-token:" + "x" * 140)
    event = settled(commit_sha=None)
    google.send([news.of_task(event).push_to(endpoint, "silent")])
    [payload] = shown(endpoint)
    message = payload["fcmV1Message"]["message"]
    assert message.keys() == {"data", "android"}
    assert message["android"] == {"priority": "normal", "ttl": "86400s"}
    data = message["data"]
    assert json.loads(data.pop("body")) == {
        "job_id": str(event.job_id),
        "repo": event.data.repo,
        "url": f"/tasks/{event.job_id}",
        "categoryId": "task_done",
    }
    assert data == {
        "title": "✅ wordcount",
        "message": "Add a --stdin flag, 42 lines, 3 tests, 3.8 s, $0.004",
        "categoryId": "task_done",
        "tag": str(event.job_id),
        "channelId": "quiet",
    }


@pytest.mark.parametrize(("platform", "token"), [("APNS", "e1" * 32), ("GCM", "e2" * 32)])
def test_a_link_that_is_too_long_for_the_rest_leaves_the_link(aws, platform, token):
    road = service(aws, platform)
    endpoint = road.admit(token)
    link = f"https://media.example/clip?{'x' * 3700}"
    road.send([news.of_clip(clip(), link).push_to(endpoint, "loud")])
    assert len(json.dumps(shown(endpoint)[0], ensure_ascii=False).encode()) <= 4096
    assert link in json.dumps(shown(endpoint)[0])


def test_a_token_has_one_endpoint_and_comes_back_to_life_in_it(aws):
    apple = service(aws, "APNS")
    endpoint = apple.admit("0a" * 32)
    assert apple.admit("0a" * 32) == endpoint
    aws.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "false"})
    assert apple.admit("0a" * 32) == endpoint
    assert attributes(aws, endpoint)["Enabled"] == "true"


def test_what_apple_does_not_take_for_a_token_is_no_token(aws):
    class Picky(Recorded):
        def create_platform_endpoint(self, **_: Any) -> None:
            raise failed("InvalidParameter")

    with pytest.raises(BadToken):
        Sns("arn:the:application", Picky(aws.sns)).admit("ab" * 32)


def test_sns_out_of_order_is_no_bad_token(aws):
    with pytest.raises(ClientError):
        Sns("arn:aws:sns:eu-west-1:123456789012:app/APNS/none", aws.sns).admit("ab" * 32)


def test_a_released_endpoint_is_gone_and_may_be_released_again(aws):
    apple = service(aws, "APNS")
    endpoint = apple.admit("0b" * 32)
    apple.release(endpoint)
    apple.release(endpoint)
    [ticket] = apple.send([news.of_task(settled()).push_to(endpoint, "loud")])
    assert ticket.is_device_gone


@pytest.mark.parametrize(
    ("error", "ticket"),
    [
        (failed("EndpointDisabled"), Ticket(error="EndpointDisabled")),
        (failed("EndpointDisabledException"), Ticket(error="EndpointDisabled")),
        (failed("InvalidParameter", DELETED), Ticket(error="NotFound")),
        (failed("InvalidParameter"), Ticket(error="InvalidParameter")),
        (failed("PlatformApplicationDisabled"), Ticket(error=NOT_TAKEN)),
        (failed("Throttled"), Ticket(error=NOT_TAKEN)),
        (failed("InternalError"), Ticket(error=NOT_TAKEN)),
        (EndpointConnectionError(endpoint_url="https://sns"), Ticket(error=NOT_TAKEN)),
    ],
)
def test_what_can_pass_is_tried_again_and_the_rest_is_not(aws, error, ticket):
    endpoint = "arn:aws:sns:eu-west-1:123456789012:endpoint/APNS/app/1"
    push = news.of_task(settled()).push_to(endpoint, "loud")
    assert Sns("arn:the:application", Recorded(aws.sns, error)).send([push]) == [ticket]
    assert ticket.is_device_gone == (ticket.error in ("EndpointDisabled", "NotFound"))
    assert ticket.is_deferred == (ticket.error == NOT_TAKEN)
