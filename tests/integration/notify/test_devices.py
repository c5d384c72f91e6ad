"""PUT and DELETE /device through the deployed function."""

import json
import time
from uuid import UUID, uuid4

import jwt
import pytest

from services.notify import handler
from tests.integration.invocation import CONTEXT, batch_of
from tests.unit.notify.settled import TOKEN, settled

SECRET = "the-legacy-secret-of-a-project-that-is-long-enough"
PROJECT = "https://project.supabase.test"


@pytest.fixture(autouse=True)
def deployed(postgres_url, api, monkeypatch):
    for setting, value in {
        "DATABASE_URL": postgres_url,
        "PUSH_URL": api.url,
        "SUPABASE_URL": PROJECT,
        "SUPABASE_JWT_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(setting, value)
    caches = (handler._settings, handler._database, handler._routes, handler._notifier)
    for one in caches:
        one.cache_clear()
    yield
    handler._database().close()
    for one in caches:
        one.cache_clear()


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


def put(user_id: UUID, token: str, platform: str = "ios") -> int:
    return ask("PUT", user_id, {"token": token, "platform": platform})["statusCode"]


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
    put(ada, token)
    with phones.database.transaction() as connection:
        connection.execute("update devices set only_when_needed = true where token = %s", [token])
    put(bob, token)
    assert (phones.of(ada), phones.of(bob)) == (set(), {token})
    with phones.database.transaction() as connection:
        query = "select only_when_needed from devices where token = %s"
        assert connection.execute(query, [token]).fetchone() == {"only_when_needed": False}


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


def test_the_queue_and_its_dead_letters_reach_the_notifier(phones, api, ada):
    [token] = phones.add(ada)
    event, late = settled(ada), settled(ada)
    sent = handler.handler(batch_of(event, "sayso-test-notify"), CONTEXT)
    handler.handler(batch_of(late, "sayso-test-notify-dead-letters"), CONTEXT)
    assert sent == {"batchItemFailures": []}
    assert [push["to"] for push in api.pushed] == [token]
    assert phones.states(late.job_id) == {(token, 1): "undelivered"}
