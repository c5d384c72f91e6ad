"""The Expo stand-in: tickets, receipts, limits, scripted failures, and the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from cdk.local.standins.push import PushService
from services.notify import news
from services.notify.expo import Expo as Client
from tests.unit.notify.settled import settled

KEY = "an-access-token"
PHONE = "ExponentPushToken[phone]"


@dataclass
class Expo:
    url: str
    log: Path

    def post(self, path: str, body: Any, key: str = KEY) -> requests.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return requests.post(self.url + path, json=body, headers=headers, timeout=5)

    def send(self, *messages: dict[str, Any], **more: Any) -> requests.Response:
        return self.post("/--/api/v2/push/send", list(messages), **more)

    def receipts(self, *tickets: str) -> dict[str, Any]:
        answer = self.post("/--/api/v2/push/getReceipts", {"ids": list(tickets)})
        found: dict[str, Any] = answer.json()["data"]
        return found

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def expo(tmp_path: Path, serve: Callable[[Any], str]) -> Expo:
    log = tmp_path / "push.jsonl"
    return Expo(serve(PushService(log, KEY).app()), log)


def test_each_message_gets_a_ticket_a_receipt_and_a_line_in_the_log(expo: Expo) -> None:
    messages = [{"to": PHONE, "title": f"✅ {n}", "body": "Merged."} for n in range(2)]
    tickets = expo.send(*messages).json()["data"]
    assert [ticket["status"] for ticket in tickets] == ["ok", "ok"]
    ids = [ticket["id"] for ticket in tickets]
    assert expo.receipts(*ids, "unknown") == {key: {"status": "ok"} for key in ids}
    assert [line["title"] for line in expo.logged()] == ["✅ 0", "✅ 1"]
    assert [line["ticket"] for line in expo.logged()] == ids


@pytest.mark.parametrize("token", ["ExponentPushToken[DeviceNotRegistered]", "not-a-token"])
def test_a_device_that_is_gone_is_told_in_the_ticket(expo: Expo, token: str) -> None:
    gone, well = expo.send({"to": token}, {"to": PHONE}).json()["data"]
    assert gone["details"] == {"error": "DeviceNotRegistered"}
    assert well["status"] == "ok"


def test_a_device_that_went_later_is_told_in_the_receipt(expo: Expo) -> None:
    [ticket] = expo.send({"to": "ExponentPushToken[DeviceNotRegisteredLater]"}).json()["data"]
    assert ticket["status"] == "ok"
    [receipt] = expo.receipts(ticket["id"]).values()
    assert receipt["details"] == {"error": "DeviceNotRegistered"}


@pytest.mark.parametrize(("size", "error"), [(4096, None), (4097, "MessageTooBig")])
def test_a_message_has_at_most_4_kib(expo: Expo, size: int, error: str | None) -> None:
    message = {"to": PHONE, "body": ""}
    message["body"] = "x" * (size - len(json.dumps(message, separators=(",", ":"))))
    [ticket] = expo.send(message).json()["data"]
    assert ticket.get("details", {}).get("error") == error


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (100, 200), (101, 400)])
def test_a_request_has_1_to_100_messages(expo: Expo, count: int, status: int) -> None:
    answer = expo.send(*[{"to": PHONE}] * count)
    assert answer.status_code == status
    assert not expo.log.exists() or len(expo.logged()) == count


def test_failures_are_scripted_and_end(expo: Expo) -> None:
    expo.post("/control/failures", {"status": 429})
    expo.post("/control/failures", {"status": 500, "times": 2})
    answers = [expo.send({"to": PHONE}).status_code for _ in range(4)]
    assert answers == [429, 500, 500, 200]
    assert len(expo.logged()) == 1


def test_a_wrong_access_token_sends_nothing(expo: Expo) -> None:
    assert expo.send({"to": PHONE}, key="wrong").status_code == 401
    assert not expo.log.exists()


def test_tokens_of_two_projects_are_refused_with_a_list_of_each(expo: Expo) -> None:
    other = "ExponentPushToken[other:phone]"
    refused = expo.send({"to": PHONE}, {"to": other})
    assert refused.status_code == 400
    [error] = refused.json()["errors"]
    assert error["code"] == "PUSH_TOO_MANY_EXPERIENCE_IDS"
    assert error["details"] == {"@sayso/sayso": [PHONE], "@sayso/other": [other]}
    assert not expo.log.exists()


def test_a_person_can_follow_a_push_in_the_log(
    expo: Expo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "cdk.local.standins.push")
    expo.post("/control/failures", {"status": 429})
    expo.send({"to": PHONE})
    [ticket] = expo.send({"to": PHONE, "title": "✅ wordcount", "body": "Add a flag"}).json()[
        "data"
    ]
    expo.receipts(ticket["id"], "unknown")
    ours = [record for record in caplog.records if record.name == "cdk.local.standins.push"]
    assert [record.getMessage() for record in ours] == [
        "send: refused, 429 TOO_MANY_REQUESTS",
        f"send: ticket {ticket['id']} | ✅ wordcount | Add a flag",
        f"getReceipts: {ticket['id']}: delivered",
        "getReceipts: unknown: none yet",
    ]


def test_notify_gets_through_a_busy_moment_to_its_receipt(expo: Expo) -> None:
    """The service's own client against the stand-in: 429, again, ticket, receipt."""
    ours = Client(expo.url, KEY, sleep=lambda _: None)
    expo.post("/control/failures", {"status": 429})
    told = news.of_task(settled())
    phones = (PHONE, "ExponentPushToken[other:phone]", "ExponentPushToken[DeviceNotRegistered]")
    well, other, gone = ours.send([told.push_to(phone, "loud") for phone in phones])
    assert (well.error, other.error, gone.is_device_gone) == (None, None, True)
    assert [line["to"] for line in expo.logged() if line["ticket"]] == [*phones[:2]]
    assert well.id is not None
    assert ours.receipts([well.id, "unknown"]) == {well.id: well}
