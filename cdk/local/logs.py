"""The logs of processes (files) and of functions (CloudWatch), as one stream."""

from __future__ import annotations

import time
from collections.abc import Iterator

from botocore.exceptions import ClientError

from cdk.local import emulator
from cdk.local.processes import LocalError
from cdk.local.system import LocalSystem

POLL_SECONDS = 0.5


def lines(system: LocalSystem, name: str | None, *, follow: bool) -> Iterator[str]:
    """Lines as `name | text`; files first, then functions.

    Args:
        system: the local system.
        name: of one process or function; None for all of them.
        follow: go on with what is new, for ever.

    Raises:
        LocalError: nothing is called so.
    """
    sources: dict[str, _File | _Function] = {**_files(system), **_functions(system)}
    if name is not None and name not in sources:
        raise LocalError(f"Nothing is called {name}. There are: {', '.join(sources) or 'no logs'}.")
    chosen = [sources[name]] if name else list(sources.values())
    while True:
        for source in chosen:
            yield from source
        if not follow:
            return
        time.sleep(POLL_SECONDS)


class _File:
    """What a log file has gained since the last look."""

    def __init__(self, system: LocalSystem, name: str) -> None:
        self._name = name
        self._path = system.settings.home / "logs" / f"{name}.log"
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        if self._path.stat().st_size < self._at:  # begun anew
            self._at = 0
        with self._path.open(errors="replace") as file:
            file.seek(self._at)
            for line in file:
                yield f"{self._name} | {line.rstrip()}"
            self._at = file.tell()


class _Function:
    """What a function has logged since the last look."""

    def __init__(self, system: LocalSystem, name: str, function: str) -> None:
        self._name = name
        self._group = f"/aws/lambda/{function}"
        self._logs = emulator.client(system.settings, "logs")
        self._after = 0  # milliseconds since 1970

    def __iter__(self) -> Iterator[str]:
        try:
            pages = self._logs.get_paginator("filter_log_events").paginate(
                logGroupName=self._group, startTime=self._after
            )
            events = [event for page in pages for event in page["events"]]
        except ClientError:  # not called yet
            return
        for event in events:
            self._after = max(self._after, event["timestamp"] + 1)
            yield f"{self._name} | {event['message'].rstrip()}"


def _files(system: LocalSystem) -> dict[str, _File]:
    paths = sorted((system.settings.home / "logs").glob("*.log"))
    return {path.stem: _File(system, path.stem) for path in paths}


def _functions(system: LocalSystem) -> dict[str, _Function]:
    try:
        functions: dict[str, str] = system.endpoints()["functions"]
    except LocalError:
        return {}
    return {name: _Function(system, name, function) for name, function in functions.items()}
