"""Expo's push service: messages go in, a ticket for each comes out, and later a receipt.

The format is Expo's: https://docs.expo.dev/push-notifications/sending-notifications/
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
from aws_lambda_powertools import Logger
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from services.notify.push import LIFETIME_SECONDS, NOT_TAKEN, NotTaken, Push, Ticket

TRIES = 3
TIMEOUT_SECONDS = (2, 4)
"""To connect, and between two bytes of the answer."""
LONGEST_WAIT_SECONDS = 2
"""Between two tries: with the timeouts, 22 s at the most of the 30 that Lambda gives."""

MOST_RECEIPTS = 300
"""In one request, as Expo's own clients ask; a thousand is what it takes."""

TOO_MANY_PROJECTS = "PUSH_TOO_MANY_EXPERIENCE_IDS"

logger = Logger()
_jittered = wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_SECONDS)


class Busy(NotTaken):
    """Expo is not there, or says 429 or 5xx.

    Attributes:
        wait_seconds: how long it asks us to wait, if it does.
    """

    def __init__(self, what: str, wait_seconds: float | None = None) -> None:
        super().__init__(f"the push service is busy: {what}")
        self.wait_seconds = wait_seconds


class Refused(Exception):
    """A request that would be refused again as it is.

    Attributes:
        code: Expo's word for why.
        projects: where one request had tokens of several: project -> its tokens.
    """

    def __init__(self, status: int, code: str, projects: Mapping[str, Sequence[str]]) -> None:
        super().__init__(f"{status} {code}")
        self.code = code
        self.projects = projects


@dataclass(frozen=True)
class Expo:
    """Sends messages to phones.

    Attributes:
        url: where the service is.
        api_key: the access token of the Expo account; empty where none is required.
        session: keeps the connection to the service open between calls.
        sleep: waits for some seconds before a retry.
    """

    url: str
    api_key: str
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep

    def admit(self, _token: str) -> None:
        """Nothing to do: Expo knows its own tokens, and they are the addresses."""

    def release(self, _address: str) -> None:
        """Nothing to do either."""

    def send(self, pushes: Sequence[Push]) -> list[Ticket]:
        """Send up to 100 messages; a ticket for each, in the same order.

        What makes Expo refuse a whole request is found by asking for its parts: one message that
        can't be read, or tokens of several projects, holds up none of the others.
        """
        if not pushes:
            return []
        messages = [message_of(push.fitting(size_of)) for push in pushes]
        try:
            answer = self._ask("send", messages)
            tickets = [_ticket(each) for each in answer["data"]]
            if len(tickets) != len(pushes):
                raise NotTaken(f"{len(tickets)} tickets came back for {len(pushes)} messages")
        except (NotTaken, KeyError, TypeError, AttributeError) as error:
            logger.warning("not taken", reason=repr(error))
            return [Ticket(error=NOT_TAKEN)] * len(pushes)
        except Refused as refused:
            if len(pushes) == 1:
                return [Ticket(error=refused.code)]
            return self._send_parts(pushes, refused)
        return tickets

    def receipts(self, tickets: Sequence[str]) -> dict[str, Ticket]:
        """What became of messages, as far as it is known by now.

        Args:
            tickets: at most 300 ids.

        Returns:
            Id -> the ticket, with an error if Apple or Google did not take the message.

        Raises:
            NotTaken: no connection or no proper answer; asking again later is right.
        """
        try:
            answers = self._ask("getReceipts", {"ids": list(tickets)})["data"]
            return {key: _ticket(answers[key] | {"id": key}) for key in tickets if key in answers}
        except (Refused, KeyError, TypeError, AttributeError) as error:
            raise NotTaken(f"the push service gave no receipts: {error!r}") from error

    def _send_parts(self, pushes: Sequence[Push], refused: Refused) -> list[Ticket]:
        parts: Sequence[Sequence[Push]] = _by_project(pushes, refused.projects)
        if len(parts) < 2:
            half = len(pushes) // 2
            parts = [pushes[:half], pushes[half:]]
        tickets = {
            push.to: ticket
            for part in parts
            for push, ticket in zip(part, self.send(part), strict=True)
        }
        return [tickets[push.to] for push in pushes]

    def _ask(self, what: str, said: object) -> Any:
        """Post something, and again a little later if Expo is busy.

        Raises:
            NotTaken: it still is, asks for more time than there is, or does not let us in.
            Refused: another status than 200.
        """
        tries = Retrying(
            retry=retry_if_exception(_is_soon_over),
            wait=_wait,
            stop=stop_after_attempt(TRIES),
            sleep=self.sleep,
            reraise=True,
        )
        return tries(self._post, urljoin(self.url, f"/--/api/v2/push/{what}"), said)

    def _post(self, url: str, said: object) -> Any:
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        try:
            response = self.session.post(url, json=said, headers=headers, timeout=TIMEOUT_SECONDS)
            answer = response.json()
        except requests.JSONDecodeError:
            answer = {}
        except requests.RequestException as error:
            raise Busy(type(error).__name__) from error
        if response.status_code == 429 or response.status_code >= 500:
            raise Busy(str(response.status_code), _seconds(response.headers.get("Retry-After")))
        if response.status_code in (401, 403):
            # Nothing is wrong with the messages: a person has to mend the access token.
            raise NotTaken(f"the push service does not let us in: {response.status_code}")
        if response.status_code != 200:
            raise _refusal(response.status_code, answer)
        return answer


def message_of(push: Push) -> dict[str, Any]:
    """A push in Expo's format.

    A later one about the same takes its place: `collapseId` while it is under way and on the lock
    screen of iOS, `tag` on Android's. Without a `channelId` Android uses the default channel; the
    one that is named is made by the app before it sets quiet hours, or nothing would be shown.
    """
    message = {
        "to": push.to,
        "title": push.text.title,
        "body": push.text.body,
        "categoryId": push.category,
        "collapseId": push.collapse_id,
        "tag": push.collapse_id,
        "priority": "high" if push.is_loud else "normal",
        "ttl": LIFETIME_SECONDS,
        "sound": "default" if push.has_sound else None,
        "data": dict(push.data),
    }
    quiet = {"channelId": "quiet", "interruptionLevel": "passive"}
    return message if push.is_loud else message | quiet


def size_of(push: Push) -> int:
    """Bytes of a push; a little more than what Apple and Google will count."""
    return len(json.dumps(message_of(push), ensure_ascii=False).encode())


def _by_project(pushes: Sequence[Push], projects: Mapping[str, Sequence[str]]) -> list[list[Push]]:
    """The pushes of each project, and those of none that was named."""
    project_of = {token: project for project, tokens in projects.items() for token in tokens}
    parts: dict[str | None, list[Push]] = {}
    for push in pushes:
        parts.setdefault(project_of.get(push.to), []).append(push)
    return list(parts.values())


def _ticket(answer: dict[str, Any]) -> Ticket:
    if answer["status"] == "ok":
        return Ticket(_word(answer["id"]))
    return Ticket(error=_word((answer.get("details") or {}).get("error") or "Unknown"))


def _word(said: str) -> str:
    """An id or an error's name, fit to be stored.

    Raises:
        TypeError: it is nothing of that kind.
    """
    if not isinstance(said, str) or not said.isprintable():
        raise TypeError(f"neither an id nor a name: {said!r:.100}")
    return said[:200]


def _refusal(status: int, answer: Any) -> Refused:
    try:
        [error, *_] = answer["errors"]
        code, details = _word(error["code"]), error.get("details")
    except (KeyError, TypeError, ValueError, AttributeError):
        return Refused(status, f"Status{status}", {})
    is_mixed = code == TOO_MANY_PROJECTS and isinstance(details, dict)
    return Refused(status, code, details if is_mixed else {})


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds; a date, which Expo does not send, counts as none."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def _is_soon_over(error: BaseException) -> bool:
    """Whether a retry within this call is worth it, and what Expo asks for leaves time for it."""
    return isinstance(error, Busy) and (error.wait_seconds or 0) <= LONGEST_WAIT_SECONDS


def _wait(state: RetryCallState) -> float:
    """What Expo asks for and a little more, or more each time; by chance, so that not all come."""
    busy = state.outcome and state.outcome.exception()
    asked = busy.wait_seconds if isinstance(busy, Busy) else None
    return (asked or 0) + _jittered(state)
