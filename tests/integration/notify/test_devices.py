"""PUT and DELETE /device through the deployed function."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import boto3
import jwt
import pytest
from moto import mock_aws

from contracts.database import Database
from services.notify import assembly, handler
from tests.integration.invocation import CONTEXT, batch_of
from tests.integration.notify.conftest import wait_for_a_blocked_session
from tests.unit.notify.settled import TOKEN, clip, settled

SECRET = "the-legacy-secret-of-a-project-that-is-long-enough"
PROJECT = "https://project.supabase.test"
NIGHT = {"from": "22:00", "to": "07:00", "time_zone": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def deployed(postgres_url, api, monkeypatch):
    for setting, value in {
        "DATABASE_URL": postgres_url,
        "PUSH_URL": api.url,
        "SUPABASE_URL": PROJECT,
        "SUPABASE_JWT_SECRET": SECRET,
        "MEDIA_BUCKET": "media",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(setting, value)
    with mock_aws():
        forget_what_was_built()
        yield
        assembly._database().close()
        forget_what_was_built()


def forget_what_was_built() -> None:
    parts = (assembly._settings, assembly._database, assembly._expo, assembly._services)
    for one in (*parts, handler._routes, handler._receipts, handler._notifier):
        one.cache_clear()


@pytest.fixture
def sns(monkeypatch):
    """SNS, which knows an app at Apple's and one at Google's service."""
    sns = boto3.client("sns")
    for setting, platform in (("APNS", "APNS_SANDBOX"), ("FCM", "GCM")):
        made = sns.create_platform_application(Name="sayso", Platform=platform, Attributes={})
        arn = made["PlatformApplicationArn"]
        monkeypatch.setenv(f"{setting}_APPLICATION_ARN", arn)
    forget_what_was_built()
    return sns


def ask(method: str, user_id: UUID, body: object) -> dict:
    """Ask as API Gateway does."""
    claims = {
        "sub": str(user_id),
        "email": "ada@example.org",
        "aud": "authenticated",
        "iss": f"{PROJECT}/auth/v1",
        "exp": int(time.time()) + 60,
    }
    event = {
        "routeKey": f"{method} /device",
        "headers": {"Authorization": f"Bearer {jwt.encode(claims, SECRET, 'HS256')}"},
        "body": body if isinstance(body, str) else json.dumps(body),
    }
    return handler.handler(event, CONTEXT)


def put(user_id: UUID, token: str, platform: str = "ios", **more: object) -> int:
    return ask("PUT", user_id, {"token": token, "platform": platform, **more})["statusCode"]


def new_token() -> str:
    return f"ExponentPushToken[{uuid4()}]"


def test_a_device_is_registered_refreshed_and_forgotten(phones, ada):
    token = new_token()
    assert put(ada, token) == put(ada, token, "android") == 204
    assert phones.of(ada) == {token}
    for _ in range(2):
        assert ask("DELETE", ada, {"token": token})["statusCode"] == 204
        assert phones.of(ada) == set()


def test_a_refreshed_device_keeps_what_it_was_told(phones, api, ada):
    token = new_token()
    event = settled(ada)
    put(ada, token)
    handler.handler(batch_of(event, "sayso-test-notify"), CONTEXT)
    put(ada, token)
    handler.handler(batch_of(event, "sayso-test-notify"), CONTEXT)
    assert len(api.pushed) == 1


def test_a_token_of_another_user_moves_to_whoever_holds_the_phone_now(phones, ada):
    token, bob = new_token(), uuid4()
    put(ada, token, only_when_needed=True, quiet_hours=NIGHT)
    put(bob, token)
    assert (phones.of(ada), phones.of(bob)) == (set(), {token})
    [device] = phones.rows(bob)
    assert (device["only_when_needed"], device["quiet_hours"]) == (False, None)


def test_what_is_not_said_stays_as_it_was(phones, ada):
    token = new_token()
    put(ada, token, quiet_hours=NIGHT, only_when_needed=True)
    put(ada, token)
    [device] = phones.rows(ada)
    assert (device["quiet_hours"], device["only_when_needed"]) == (NIGHT, True)
    put(ada, token, quiet_hours=None, only_when_needed=None)
    [device] = phones.rows(ada)
    assert (device["quiet_hours"], device["only_when_needed"]) == (None, True)
    put(ada, token, only_when_needed=False)
    assert phones.rows(ada)[0]["only_when_needed"] is False


def test_quiet_hours_are_of_a_device_and_only_when_needed_is_of_its_user(phones, ada):
    bob = uuid4()
    first, second, third = (new_token() for _ in range(3))
    put(bob, new_token())
    put(ada, first)
    put(ada, second, quiet_hours=NIGHT, only_when_needed=True)
    put(ada, third)
    devices = {device["token"]: device for device in phones.rows(ada)}
    assert {token: device["quiet_hours"] for token, device in devices.items()} == {
        first: None,
        second: NIGHT,
        third: None,
    }
    assert all(device["only_when_needed"] for device in devices.values())
    assert not phones.rows(bob)[0]["only_when_needed"]


def test_the_switch_and_a_push_never_wait_for_each_other(phones, ada, postgres_url):
    watching = Database(postgres_url)
    phones.add(ada, 2)
    first, second = phones.ask("select id, token from devices where user_id = %s order by id", ada)
    with ThreadPoolExecutor() as pool, phones.database.transaction() as connection:
        connection.execute("select from devices where id = %s for update", [first["id"]])
        switched = pool.submit(put, ada, second["token"], only_when_needed=True)
        wait_for_a_blocked_session(watching)
        # As a push does: were the second row taken already, this would be a deadlock.
        connection.execute("select from devices where id = %s for update nowait", [second["id"]])
    assert switched.result(10) == 204
    watching.close()


@pytest.mark.parametrize(
    ("provider", "token"), [("apns", "740f4707" * 8), ("fcm", f"fcm:{'Aa0_-' * 30}")]
)
def test_a_token_of_apple_or_google_gets_an_endpoint_which_goes_with_it(
    phones, ada, sns, provider, token
):
    assert put(ada, token, provider=provider) == put(ada, token, provider=provider) == 204
    [device] = phones.rows(ada)
    assert (device["provider"], device["token"]) == (provider, token)
    found = sns.get_endpoint_attributes(EndpointArn=device["endpoint"])["Attributes"]
    assert found["Token"] == token
    ask("DELETE", ada, {"token": token, "provider": provider})
    assert phones.rows(ada) == []
    with pytest.raises(sns.exceptions.NotFoundException):
        sns.get_endpoint_attributes(EndpointArn=device["endpoint"])


def test_an_endpoint_stays_with_a_phone_that_goes_from_one_user_to_another(phones, ada, sns):
    token, bob = "0c" * 32, uuid4()
    put(ada, token, provider="apns")
    ask("DELETE", bob, {"token": token, "provider": "apns"})
    [mine] = phones.rows(ada)
    put(bob, token, provider="apns")
    assert phones.rows(ada) == []
    assert phones.rows(bob)[0]["endpoint"] == mine["endpoint"]


@pytest.mark.parametrize("provider", ["apns", "fcm"])
def test_a_provider_that_is_not_set_up_is_said_so(phones, ada, provider):
    body = {"token": "ab" * 32, "platform": "ios", "provider": provider}
    answer = ask("PUT", ada, body)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["type"].endswith("/provider-not-set-up")
    assert phones.of(ada) == set()


def test_nobody_forgets_anothers_device(phones, ada):
    token = new_token()
    put(ada, token)
    assert ask("DELETE", uuid4(), {"token": token})["statusCode"] == 204
    assert phones.of(ada) == {token}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "\x00",
        {},
        {"token": TOKEN},
        {"token": TOKEN, "platform": "blackberry"},
        {"platform": "ios"},
        {"token": 7, "platform": "ios"},
        {"token": "", "platform": "ios"},
        {"token": "ExponentPushToken[]", "platform": "ios"},
        {"token": "ExponentPushToken[a b]", "platform": "ios"},
        {"token": "ExponentPushToken[a\x00b]", "platform": "ios"},
        {"token": f"{TOKEN}\n", "platform": "ios"},
        {"token": f"x{TOKEN}", "platform": "ios"},
        {"token": "740f4707" * 8, "platform": "ios"},  # one of Apple's own
        {"token": f"ExponentPushToken[{'a' * 300}]", "platform": "ios"},
        {"token": TOKEN, "platform": "ios", "provider": "pigeon"},
        {"token": TOKEN, "platform": "ios", "provider": "apns"},
        {"token": "ab" * 31, "platform": "ios", "provider": "apns"},
        {"token": "ab" * 101, "platform": "ios", "provider": "apns"},
        {"token": "xy" * 32, "platform": "ios", "provider": "apns"},
        {"token": "ab" * 32, "platform": "web", "provider": "apns"},
        {"token": "short", "platform": "android", "provider": "fcm"},
        {"token": "a" * 4097, "platform": "android", "provider": "fcm"},
        {"token": f"{'a' * 30} b", "platform": "android", "provider": "fcm"},
        {"token": TOKEN, "platform": "ios", "only_when_needed": "sometimes"},
        *(
            {"token": TOKEN, "platform": "ios", "quiet_hours": hours}
            for hours in (
                {},
                "night",
                NIGHT | {"from": "24:00"},
                NIGHT | {"from": "7:00"},
                NIGHT | {"to": "07:60"},
                NIGHT | {"to": "22:00"},
                NIGHT | {"time_zone": "Europe"},
                NIGHT | {"time_zone": "Mars/Olympus"},
                NIGHT | {"time_zone": "../../etc/passwd"},
                NIGHT | {"time_zone": ""},
            )
        ),
    ],
)
def test_bad_input_gets_a_problem_and_stores_nothing(phones, ada, body):
    answer = ask("PUT", ada, body)
    assert answer["statusCode"] == 400
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(answer["body"])["detail"].endswith("ios, android or web.")
    assert phones.of(ada) == set()


def test_without_a_token_nobody_registers():
    event = {"routeKey": "PUT /device", "headers": {}, "body": "{}"}
    assert handler.handler(event, CONTEXT)["statusCode"] == 401


def test_the_clock_has_receipts_asked_for(phones, api, ada):
    put(ada, new_token())
    event = settled(ada)
    handler.handler(batch_of(event, "sayso-test-notify"), CONTEXT)
    phones.age(event.job_id, minutes=16)
    assert handler.handler({"schedule": "receipts"}, CONTEXT)["asked"] >= 1
    assert phones.tickets(event.job_id)[0] in api.asked[0]


def test_a_clip_is_linked_for_a_day(phones, api, ada):
    put(ada, new_token())
    handler.handler(batch_of(clip(ada), "sayso-test-notify"), CONTEXT)
    [push] = api.pushed
    link = urlsplit(push["data"]["url"])
    assert link.path.endswith("/clips/v1.4.0.mp4")
    assert parse_qs(link.query)["X-Amz-Expires"] == ["86400"]


def test_the_queue_and_its_dead_letters_reach_the_notifier(phones, api, ada):
    [token] = phones.add(ada)
    event, late = settled(ada), settled(ada)
    sent = handler.handler(batch_of(event, "sayso-test-notify"), CONTEXT)
    handler.handler(batch_of(late, "sayso-test-notify-dead-letters"), CONTEXT)
    assert sent == {"batchItemFailures": []}
    assert [push["to"] for push in api.pushed] == [token]
    assert phones.states(late.job_id) == {(token, 1): "undelivered"}
