"""Passes a box's requests to the Messages API, and the API's answers back."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, web
from aws_lambda_powertools import Logger
from pydantic import SecretStr

from runner.model_proxy.events import EndlessEvent, Events
from runner.model_proxy.meter import Call, Meter
from runner.model_proxy.request import LONGEST_REQUEST_BYTES, Refused, read

logger = Logger(service="runner")

LONGEST_ANSWER_BYTES = 16 << 20
CONNECT_SECONDS = 10

_ANSWERED = ("Content-Type", "retry-after", "request-id")
_DEAR_BETAS = ("context-1m",)
"""Prompts that are longer than the prices hold for. Every other beta that costs or reaches more
needs a field that a request may not have."""


class ModelProxy:
    """One session's way to the model."""

    def __init__(self, base_url: str, key: SecretStr, meter: Meter, silence_seconds: float) -> None:
        """Get ready.

        Args:
            base_url: of the Messages API.
            key: added to every request, and found nowhere else.
            meter: counts this session's calls.
            silence_seconds: how long the API may say nothing.
        """
        self.is_unavailable = False
        """Whether the API did not answer the last call."""
        self._url = f"{base_url.rstrip('/')}/v1/messages"
        self._key = key
        self._meter = meter
        self._silence = ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=silence_seconds
        )
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def serving(self, listening: socket.socket) -> AsyncIterator[None]:
        """Answer on this socket until the block ends."""
        app = web.Application(client_max_size=LONGEST_REQUEST_BYTES)
        async with ClientSession(timeout=self._silence, auto_decompress=False) as api:

            async def messages(incoming: web.Request) -> web.StreamResponse:
                return await self._messages(incoming, api)

            app.router.add_post("/v1/messages", messages)
            # A call whose client has gone is given up at once: nobody would read what it costs.
            server = web.AppRunner(app, handler_cancellation=True, access_log=None)
            await server.setup()
            await web.SockSite(server, listening, shutdown_timeout=0.1).start()
            try:
                yield
            finally:
                await server.cleanup()

    async def _messages(self, incoming: web.Request, api: ClientSession) -> web.StreamResponse:
        try:
            request = read(await incoming.read())
            async with self._turn:
                call = self._meter.begin(request)
                try:
                    body = request.capped(call.most_tokens)
                    return await self._ask(incoming, api, body, call)
                finally:
                    self._meter.end(call)
        except Refused as refused:
            return web.json_response(refused.body, status=refused.status)

    async def _ask(
        self, incoming: web.Request, api: ClientSession, body: bytes, call: Call
    ) -> web.StreamResponse:
        self.is_unavailable = True
        try:
            asked = await api.post(
                self._url, data=body, headers=self._headers(incoming), allow_redirects=False
            )
        except (ClientError, TimeoutError) as error:
            call.free()
            logger.warning("the model can't be asked", error=type(error).__name__)
            raise Refused(502, "api_error", "The API can't be reached.") from error
        async with asked as answer:
            if answer.status != HTTPStatus.OK:
                call.free()
                logger.warning("the model refuses", status=answer.status)
            elif answer.content_type == "text/event-stream":
                return await self._stream(incoming, answer, call)
            body = await _whole(answer)
            if answer.status == HTTPStatus.OK:
                call.report(_message(body))
                self.is_unavailable = False
            return web.Response(body=body, status=answer.status, headers=_passed(answer.headers))

    async def _stream(
        self, incoming: web.Request, answer: ClientResponse, call: Call
    ) -> web.StreamResponse:
        outgoing = web.StreamResponse(headers=_passed(answer.headers))
        await outgoing.prepare(incoming)
        events, is_whole = Events(), False
        try:
            async for piece in answer.content.iter_any():
                for event in events.feed(piece):
                    call.hear(event)
                    is_whole = is_whole or event.get("type") == "message_stop"
                if self._meter.is_beyond(call):
                    logger.warning("cut off at the budget")
                    self.is_unavailable = is_whole = False
                    break
                await outgoing.write(piece)
            else:
                self.is_unavailable = not is_whole
        except (ClientError, TimeoutError, EndlessEvent) as error:
            logger.warning("the model's answer broke off", error=type(error).__name__)
            is_whole = False
        if is_whole:
            await outgoing.write_eof()
        elif incoming.transport:
            # What is cut must not look whole.
            incoming.transport.abort()
        return outgoing

    def _headers(self, incoming: web.Request) -> dict[str, str]:
        """What the API is told; none of it is a credential that came out of the box."""
        betas = [
            beta.strip()
            for beta in incoming.headers.get("anthropic-beta", "").split(",")
            if beta.strip() and not beta.strip().startswith(_DEAR_BETAS)
        ]
        return {
            "x-api-key": self._key.get_secret_value(),
            "anthropic-version": incoming.headers.get("anthropic-version", "2023-06-01"),
            "content-type": "application/json",
            # What passes is read on its way.
            "accept-encoding": "identity",
            **({"anthropic-beta": ",".join(betas)} if betas else {}),
        }


async def _whole(answer: ClientResponse) -> bytes:
    """The body of an answer that is no stream."""
    body = bytearray()
    try:
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > LONGEST_ANSWER_BYTES:
                raise Refused(502, "api_error", "The API's answer has no end.")
    except (ClientError, TimeoutError) as error:
        raise Refused(502, "api_error", "The API's answer broke off.") from error
    return bytes(body)


def _message(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _passed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in _ANSWERED if name in headers}
