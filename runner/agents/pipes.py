"""The agent SDK's way to a program whose pipes somebody else opened."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from claude_agent_sdk import CLIConnectionError, Transport

from runner.sandbox.boxed import Boxed

LONGEST_LINE_BYTES = 16 << 20


class Pipes(Transport):
    """Claude Code in a box, over standard input and output: one JSON message a line."""

    def __init__(self, boxed: Boxed) -> None:
        """Talk to this process."""
        self._process = boxed.process
        self._writer: asyncio.StreamWriter | None = None
        self._reader = asyncio.StreamReader(limit=LONGEST_LINE_BYTES)

    async def connect(self) -> None:
        """Take the pipes over; see `Transport`."""
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(self._reader)
        await loop.connect_read_pipe(lambda: protocol, self._process.stdout)
        pipe, flow = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, self._process.stdin
        )
        self._writer = asyncio.StreamWriter(pipe, flow, self._reader, loop)

    async def write(self, data: str) -> None:
        """Send a line; see `Transport`.

        Raises:
            CLIConnectionError: nobody reads it.
        """
        try:
            if not self._writer:
                raise CLIConnectionError("not connected")
            self._writer.write(data.encode())
            await self._writer.drain()
        except OSError as error:
            raise CLIConnectionError("the agent reads no more") from error

    async def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        """The messages of standard output, until it ends.

        What is no message is passed over: standard error arrives here too.

        Raises:
            CLIConnectionError: a line has no end.
        """
        while True:
            try:
                line = await self._reader.readline()
            except ValueError as error:
                raise CLIConnectionError("a message has no end") from error
            if not line:
                return
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(message, dict):
                yield message

    async def end_input(self) -> None:
        """Close standard input; see `Transport`."""
        if self._writer:
            self._writer.close()

    async def close(self) -> None:
        """Close standard input; who started the process ends it."""
        await self.end_input()

    def is_ready(self) -> bool:
        """Whether something can be sent; see `Transport`."""
        return self._writer is not None and not self._writer.is_closing()
