"""The proxy between a box and the Messages API: what passes, what is added, what it costs."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from runner.model_proxy.meter import Meter
from runner.model_proxy.proxy import ModelProxy
from runner.model_proxy.request import LONGEST_REQUEST_BYTES
from runner.spending import Prices
from tests.integration.runner.messages_api import MessagesApi, Reply, messages_api

KEY = "sk-ant-a-key-of-the-tests"
PRICES = Prices(input=2.0, cache_write=2.5, cache_read=0.2, output=10.0)
START_USD = (1200 * 2.0 + 3000 * 2.5 + 500 * 0.2 + 1 * 10.0) / 1e6
COST = (1200 * 2.0 + 3000 * 2.5 + 500 * 0.2 + 700 * 10.0) / 1e6
QUESTION = {"model": "a-model", "max_tokens": 9000, "stream": True, "messages": []}
HELLO = Reply("Hello there.")


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with messages_api() as api:
        yield api


@asynccontextmanager
async def box(
    api_url: str, meter: Meter
) -> AsyncIterator[tuple[aiohttp.ClientSession, ModelProxy]]:
    """What a box sees: one socket."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = str(Path(folder, "api.sock"))
        listening.bind(path)
        listening.listen()
        proxy = ModelProxy(api_url, SecretStr(KEY), meter, silence_seconds=2)
        connector = aiohttp.UnixConnector(path)
        async with (
            proxy.serving(listening),
            aiohttp.ClientSession("http://box", connector=connector) as session,
        ):
            yield session, proxy


def ask(
    api: MessagesApi,
    doing: Callable[[aiohttp.ClientSession], Awaitable[Any]],
    max_usd: float = 0.5,
    max_calls: int = 10,
) -> tuple[Any, Meter]:
    """Do something in a box; what came of it, and the meter."""
    meter = Meter({"a-model": PRICES}, max_usd, max_calls)

    async def do() -> Any:
        async with box(api.url, meter) as (session, _):
            return await doing(session)

    return asyncio.run(do()), meter


async def question(session: aiohttp.ClientSession, **fields: Any) -> tuple[int, bytes]:
    """Ask; the status and all that was answered."""
    async with session.post("/v1/messages?beta=true", json=QUESTION | fields) as answer:
        return answer.status, await answer.read()


def test_an_answer_passes_byte_for_byte_and_is_paid(api: MessagesApi) -> None:
    api.replies = [HELLO]
    (status, body), meter = ask(api, question)
    streamed = "".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in HELLO.events()
    )
    assert (status, body.decode()) == (200, streamed)
    assert (meter.spent.tok_in, meter.spent.tok_out) == (4700, 700)
    assert meter.spent.cost_usd == pytest.approx(COST)


def test_the_key_is_added_and_what_came_as_one_is_dropped(api: MessagesApi) -> None:
    async def with_keys(session: aiohttp.ClientSession) -> int:
        sent = {
            "x-api-key": "mine",
            "Authorization": "Bearer mine",
            "Cookie": "mine",
            "X-Forwarded-For": "mine",
            "anthropic-version": "2023-06-01",
            "anthropic-beta": "effort-2025-11-24, context-1m-2025-08-07",
        }
        async with session.post("/v1/messages", json=QUESTION, headers=sent) as answer:
            return answer.status

    api.replies = [HELLO]
    assert ask(api, with_keys)[0] == 200
    [seen] = [{name.lower(): value for name, value in each.items()} for each in api.headers]
    assert seen["x-api-key"] == KEY
    assert seen["anthropic-beta"] == "effort-2025-11-24"
    assert seen["anthropic-version"] == "2023-06-01"
    assert "mine" not in json.dumps(seen)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/messages", 405),
        ("PUT", "/v1/messages", 405),
        ("DELETE", "/v1/messages", 405),
        ("POST", "/v1/messages/count_tokens", 404),
        ("POST", "/v1/messages/batches", 404),
        ("POST", "/v1/messages/", 404),
        ("POST", "//v1/messages", 404),
        ("POST", "/v1/complete", 404),
        ("POST", "/v1/files", 404),
        ("GET", "/v1/models", 404),
        ("GET", "/", 404),
        ("POST", "/api/event_logging/batch", 404),
    ],
)
def test_nothing_else_passes(api: MessagesApi, method: str, path: str, status: int) -> None:
    async def call(session: aiohttp.ClientSession) -> int:
        async with session.request(method, path, json=QUESTION) as answer:
            return answer.status

    answered, meter = ask(api, call)
    assert (answered, api.asked, meter.calls) == (status, [], 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (json.dumps(QUESTION | {"model": "dearer"}).encode(), 400),
        (json.dumps(QUESTION | {"mcp_servers": []}).encode(), 400),
        (json.dumps(QUESTION | {"system": "x" * LONGEST_REQUEST_BYTES}).encode(), 413),
    ],
)
def test_what_may_not_be_asked_is_answered_here(api: MessagesApi, body: bytes, status: int) -> None:
    async def call(session: aiohttp.ClientSession) -> int:
        async with session.post("/v1/messages", data=body) as answer:
            return answer.status

    answered, meter = ask(api, call)
    assert (answered, api.asked, meter.spent.cost_usd) == (status, [], 0)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 529])
def test_a_refusal_passes_and_costs_nothing(api: MessagesApi, status: int) -> None:
    api.replies = [Reply(status=status, headers={"retry-after": "7"})]

    async def call(session: aiohttp.ClientSession) -> tuple[int, str, str]:
        async with session.post("/v1/messages", json=QUESTION) as answer:
            told = await answer.json(content_type=None)
            return answer.status, answer.headers["retry-after"], told["error"]["message"]

    answered, meter = ask(api, call)
    assert (answered, meter.spent.cost_usd) == ((status, "7", "as planned"), 0)


def test_the_api_is_not_there() -> None:
    (status, body), meter = ask(MessagesApi("http://127.0.0.1:9"), question)
    assert (status, json.loads(body)["error"]["type"]) == (502, "api_error")
    assert meter.spent.cost_usd == 0


def test_an_answer_that_breaks_off_does_not_look_whole(api: MessagesApi) -> None:
    api.replies = [Reply("Hello there. " * 10, breaks_off=True)]

    async def call(session: aiohttp.ClientSession) -> None:
        with pytest.raises(aiohttp.ClientPayloadError):
            await question(session)

    _, meter = ask(api, call)
    assert meter.spent.cost_usd >= START_USD
    assert meter.spent.tok_out > 1


def test_an_endless_answer_is_cut_off_at_the_budget(api: MessagesApi) -> None:
    api.replies = [Reply("Hello there. " * 100, babbles=True)]

    async def call(session: aiohttp.ClientSession) -> tuple[int, bytes]:
        with pytest.raises(aiohttp.ClientError):
            await question(session)
        return await question(session)

    (status, body), meter = ask(api, call, max_usd=0.1)
    assert (status, json.loads(body)["error"]["message"]) == (403, "The budget is spent.")
    assert meter.is_spent
    assert 0.1 < meter.spent.cost_usd < 0.15
    assert len(api.asked) == 1


def test_an_answer_may_be_as_long_as_is_left(api: MessagesApi) -> None:
    api.replies = [HELLO] * 3

    async def calls(session: aiohttp.ClientSession) -> list[int]:
        return [(await question(session, max_tokens=100_000))[0] for _ in range(3)]

    answered, _ = ask(api, calls, max_usd=3.5 * COST)
    assert answered == [200, 200, 200]
    first, second, third = (asked["max_tokens"] for asked in api.asked)
    assert first - second == pytest.approx(COST / 10e-6, abs=1)
    assert second - third == pytest.approx(COST / 10e-6, abs=1)
    assert first < 3.5 * COST / 10e-6


def test_calls_side_by_side_share_the_budget(api: MessagesApi) -> None:
    api.replies = [HELLO] * 10

    async def calls(session: aiohttp.ClientSession) -> list[int]:
        answers = await asyncio.gather(*(question(session) for _ in range(10)))
        return [status for status, _ in answers]

    answered, meter = ask(api, calls, max_usd=3.1 * COST)
    assert sorted(answered) == [200] * 3 + [403] * 7
    assert meter.spent.cost_usd == pytest.approx(3 * COST)


def test_there_are_so_many_turns(api: MessagesApi) -> None:
    api.replies = [HELLO] * 3

    async def calls(session: aiohttp.ClientSession) -> list[int]:
        return [(await question(session))[0] for _ in range(3)]

    answered, meter = ask(api, calls, max_calls=2)
    assert (answered, meter.has_no_turn_left) == ([200, 200, 403], True)


def test_who_goes_away_pays_and_does_not_block(api: MessagesApi) -> None:
    api.replies = [Reply("Hello there.", pings=True), HELLO]

    async def calls(session: aiohttp.ClientSession) -> int:
        async with session.post("/v1/messages", json=QUESTION) as answer:
            await answer.content.readany()
        return (await question(session))[0]

    answered, meter = ask(api, calls)
    assert (answered, len(api.asked)) == (200, 2)
    assert meter.spent.cost_usd >= START_USD + COST


def test_an_answer_without_a_stream_is_paid(api: MessagesApi) -> None:
    api.replies = [Reply("Hello there.", is_streamed=False)]
    (status, body), meter = ask(api, lambda session: question(session, stream=False))
    assert (status, json.loads(body)["content"][1]["text"]) == (200, "Hello there.")
    assert meter.spent.cost_usd == pytest.approx(COST)
