"""Reads the API's server-sent events while they pass. No I/O."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LONGEST_EVENT_BYTES = 4 << 20


class EndlessEvent(Exception):
    """An event that does not end is none of the API's."""


@dataclass
class Events:
    """Puts events together from the pieces in which they arrive."""

    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, piece: bytes) -> Iterator[dict[str, Any]]:
        """The events that end with this piece; what is no event is passed over.

        The API writes each event's data on one line.

        Raises:
            EndlessEvent: there is no end to one.
        """
        self._rest += piece
        *lines, rest = self._rest.split(b"\n")
        if len(rest) > LONGEST_EVENT_BYTES:
            raise EndlessEvent
        self._rest = rest
        for line in lines:
            if line.startswith(b"data:"):
                try:
                    event = json.loads(line[len(b"data:") :])
                except ValueError:
                    continue
                if isinstance(event, dict):
                    yield event
