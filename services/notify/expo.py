"""Expo's push service: messages go in, a ticket for each comes out.

The format is Expo's: https://docs.expo.dev/push-notifications/sending-notifications/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests

from contracts.models import TaskSettled
from services.notify import wording

MOST_MESSAGES = 100
"""In one request."""

TIMEOUT_SECONDS = (3, 10)
"""To connect, and between two bytes of the answer."""

LIFETIME_SECONDS = 24 * 3600
"""How long an unreachable phone is tried; a day later the app itself shows the task."""

Push = dict[str, Any]


class NotTaken(Exception):
    """Expo did not take the messages just now; sending them again later is right."""


@dataclass(frozen=True)
class Ticket:
    """What Expo says about one message: an id, by which a receipt can be asked for, or an error."""

    id: str | None
    error: str | None = None

    @property
    def is_device_gone(self) -> bool:
        """Whether the app was removed or its permission taken away: forget the token."""
        return self.error == "DeviceNotRegistered"

    @property
    def is_throttled(self) -> bool:
        """Whether the message may be sent again later."""
        return self.error == "MessageRateExceeded"


@dataclass(frozen=True)
class Expo:
    """Sends messages to phones.

    Attributes:
        url: where the service is.
        api_key: the access token of the Expo account; empty where none is required.
        session: keeps the connection to the service open between calls.
    """

    url: str
    api_key: str
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, pushes: Sequence[Push]) -> list[Ticket]:
        """Send up to 100 messages.

        Returns:
            A ticket for each, in the same order.

        Raises:
            NotTaken: no connection, no proper answer, or a status other than 200.
        """
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        try:
            response = self.session.post(
                urljoin(self.url, "/--/api/v2/push/send"),
                json=list(pushes),
                headers=headers,
                timeout=TIMEOUT_SECONDS,
            )
            response.raise_for_status()
            tickets = [_ticket(each) for each in response.json()["data"]]
        except (requests.RequestException, KeyError, TypeError, AttributeError) as error:
            raise NotTaken(f"the push service did not take the messages: {error}") from error
        if len(tickets) != len(pushes):
            raise NotTaken(f"{len(tickets)} tickets came back for {len(pushes)} messages")
        return tickets


def push_for(settled: TaskSettled, token: str) -> Push:
    """The message that tells one device about a task.

    A later one about the same task takes its place: `collapseId` while it is under way and on the
    lock screen of iOS, `tag` on Android's.
    """
    task = settled.data
    category = _category(task.status, task.needs_approval)
    return {
        "to": token,
        "title": wording.title(task),
        "body": wording.body(task),
        "categoryId": category,
        "collapseId": str(settled.job_id),
        "tag": str(settled.job_id),
        "priority": "high",
        "ttl": LIFETIME_SECONDS,
        # Only what waits for a person makes itself heard.
        "sound": "default" if task.needs_approval else None,
        "data": {
            "job_id": str(settled.job_id),
            "commit_sha": task.commit_sha,
            "repo": task.repo,
            "url": f"/tasks/{settled.job_id}",
            # Where Android shows no actions for a push in the background, the app does.
            "categoryId": category,
        },
    }


def _category(status: str, needs_approval: bool) -> str:
    """Which actions the app attaches; `-` and `:` are not allowed in these names."""
    if needs_approval:
        return "task_approval"
    return "task_failed" if status == "fail" else "task_done"


def _ticket(answer: dict[str, Any]) -> Ticket:
    if answer.get("status") == "ok":
        return Ticket(answer["id"])
    return Ticket(None, (answer.get("details") or {}).get("error") or "Unknown")
