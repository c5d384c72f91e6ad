"""Every device is told once, with the newest, whatever is repeated, late or broken."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from contracts.bus import BrokenContract
from contracts.database import Database
from contracts.identity import new_event
from contracts.models import DemoRequested, DemoRequestedData
from services.notify.expo import Expo
from services.notify.push import NotTaken, Ticket
from tests.integration.notify.conftest import wait_for_a_blocked_session
from tests.unit.notify.settled import clip, settled


def test_a_device_is_told(notifier, phones, api, ada):
    [token] = phones.add(ada)
    event = settled(ada)
    notifier.on_message(event)
    [push] = api.pushed
    assert push["to"] == token
    assert push["title"] == "✅ wordcount"
    assert (api.paths, api.tokens) == (["/--/api/v2/push/send"], ["Bearer the access token"])
    assert phones.states(event.job_id) == {(token, 1): "sent"}
    assert len(phones.tickets(event.job_id)) == 1


def test_without_an_access_token_none_is_sent(notifier, phones, api, ada):
    phones.add(ada)
    replace(notifier, services={"expo": Expo(api.url, "")}).on_message(settled(ada))
    assert api.tokens == [None]


def test_all_devices_of_the_user_are_told_and_nobody_elses(notifier, phones, api, ada):
    mine = phones.add(ada, 3)
    phones.add(uuid4())
    notifier.on_message(settled(ada))
    assert sorted(push["to"] for push in api.pushed) == sorted(mine)


def test_a_user_without_a_device_is_no_error(notifier, api, ada):
    notifier.on_message(settled(ada))
    assert api.paths == []


def test_a_message_that_comes_again_is_not_sent_again(notifier, phones, api, ada):
    phones.add(ada, 2)
    event = settled(ada)
    notifier.on_message(event)
    notifier.on_message(event)
    assert len(api.pushed) == 2


def test_a_newer_version_is_told_and_an_older_one_that_comes_late_is_dropped(
    notifier, phones, api, ada
):
    phones.add(ada)
    job_id = uuid4()
    asked, merged = (settled(ada, job_id, version=version) for version in (2, 5))
    notifier.on_message(asked)
    notifier.on_message(merged)
    notifier.on_message(asked)
    notifier.on_message(settled(ada, job_id, version=4))
    assert len(api.pushed) == 2
    notifier.on_message(settled(ada, version=1))
    assert len(api.pushed) == 3


def test_killed_between_sending_and_remembering_it_is_shown_once(notifier, phones, api, ada):
    phones.add(ada)
    event = settled(ada)

    class Killed(Expo):
        def send(self, pushes):
            super().send(pushes)
            raise SystemExit

    with pytest.raises(SystemExit):
        replace(notifier, services={"expo": Killed(api.url, "")}).on_message(event)
    notifier.on_message(event)
    first, second = api.pushed
    assert first == second
    assert first["collapseId"] == str(event.job_id)


def test_two_at_once_tell_once(notifier, phones, api, ada, postgres_url):
    phones.add(ada, 2)
    event = settled(ada)
    sending = threading.Event()

    class Slow(Expo):
        def send(self, pushes):
            tickets = super().send(pushes)
            sending.set()
            wait_for_a_blocked_session(phones.database)
            return tickets

    database = Database(postgres_url)
    first = replace(notifier, database=database, services={"expo": Slow(api.url, "")})
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(first.on_message, event)
        assert sending.wait(10)
        notifier.on_message(event)
        slow.result(10)
    database.close()
    assert len(api.pushed) == 2


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_what_the_service_does_not_take_comes_back_and_is_then_sent(
    notifier, phones, api, ada, status
):
    [token] = phones.add(ada)
    event = settled(ada)
    api.statuses = [status] * 3
    with pytest.raises(NotTaken):
        notifier.on_message(event)
    assert phones.states(event.job_id) == {}
    api.statuses = []
    notifier.on_message(event)
    assert phones.states(event.job_id) == {(token, 1): "sent"}


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": [7]}', b'{"data": [{}, {}]}'),
        b'{"data": [{"status": "ok", "id": "\\u0000"}]}',
        b'{"data": [{"status": "ok", "id": 7}]}',
        b'{"data": [{"status": "error", "details": {"error": "\\u0000"}}]}',
    ],
)
def test_an_answer_that_makes_no_sense_counts_as_none(notifier, phones, api, ada, body):
    phones.add(ada)
    api.body = body
    with pytest.raises(NotTaken):
        notifier.on_message(settled(ada))


def test_nobody_there_is_not_taken(notifier, phones, ada, waits):
    phones.add(ada)
    nobody = Expo("http://127.0.0.1:1", "", sleep=waits.append)
    with pytest.raises(NotTaken):
        replace(notifier, services={"expo": nobody}).on_message(settled(ada))
    assert len(waits) == 2


def test_more_than_a_hundred_go_in_parts_and_a_retry_skips_those_that_were_told(
    notifier, phones, api, ada
):
    tokens = phones.add(ada, 201)
    event = settled(ada)
    api.statuses = [200, 429, 429, 429]
    with pytest.raises(NotTaken):
        notifier.on_message(event)
    notifier.on_message(event)
    assert [len(request) for request in api.requests] == [100, 100, 1]
    assert sorted(push["to"] for push in api.pushed) == sorted(tokens)


def test_a_device_that_is_no_more_is_forgotten_and_what_it_missed_is_not(
    notifier, phones, api, ada
):
    gone, there = phones.add(ada, 2)
    api.errors[gone] = "DeviceNotRegistered"
    event = settled(ada)
    notifier.on_message(event)
    assert phones.of(ada) == {there}
    assert phones.told(event.job_id) == [("sent", None), ("undelivered", "DeviceNotRegistered")]


def test_a_message_that_one_device_can_not_take_is_not_tried_forever(notifier, phones, api, ada):
    phones.add(ada)
    [bad] = phones.add(ada)
    api.malformed = {bad}
    event = settled(ada)
    notifier.on_message(event)
    asked = len(api.paths)
    notifier.on_message(event)
    assert len(api.paths) == asked
    assert phones.told(event.job_id) == [("sent", None), ("undelivered", "VALIDATION_ERROR")]


def test_a_throttled_device_is_told_later_and_the_others_now(notifier, phones, api, ada):
    busy, free = phones.add(ada, 2)
    api.errors[busy] = "MessageRateExceeded"
    event = settled(ada)
    with pytest.raises(NotTaken):
        notifier.on_message(event)
    assert phones.states(event.job_id) == {(free, 1): "sent"}
    api.errors.clear()
    notifier.on_message(event)
    assert [push["to"] for push in api.requests[1]] == [busy]


def test_a_dead_letter_is_marked_undelivered_except_where_it_was_delivered(
    notifier, phones, api, ada
):
    event = settled(ada)
    [told] = phones.add(ada)
    notifier.on_message(event)
    [untold] = phones.add(ada)
    notifier.on_dead_letter(event)
    notifier.on_dead_letter(event)
    assert phones.states(event.job_id) == {(told, 1): "sent", (untold, 1): "undelivered"}


def test_what_was_undelivered_can_be_sent_by_a_redrive(notifier, phones, api, ada):
    [token] = phones.add(ada)
    event = settled(ada)
    notifier.on_dead_letter(event)
    notifier.on_message(event)
    assert phones.states(event.job_id) == {(token, 1): "sent"}


def test_a_device_that_came_later_is_not_told_what_is_old_by_then(notifier, phones, api, ada):
    event = settled(ada)
    phones.add(ada)
    late = event.model_copy(update={"time": datetime.now(UTC) - timedelta(minutes=2)})
    notifier.on_message(late)
    notifier.on_dead_letter(late)
    assert (api.pushed, phones.told(event.job_id)) == ([], [])
    notifier.on_message(event)
    assert len(api.pushed) == 1


class Road:
    """A push service that gives the same ticket to everybody."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket, self.sent = ticket, []

    def send(self, pushes):
        self.sent += [push.to for push in pushes]
        return [self.ticket] * len(pushes)


def test_each_device_is_reached_by_its_own_road_and_one_that_is_blocked_blocks_no_other(
    notifier, phones, api, ada
):
    phones.add(ada)
    [apple] = phones.add(ada, provider="apns", endpoint="arn:apple")
    blocked = Road(Ticket(error="NotTaken"))
    event = settled(ada)
    roads = notifier.services | {"apns": blocked}
    with pytest.raises(NotTaken):
        replace(notifier, services=roads).on_message(event)
    assert (len(api.pushed), blocked.sent) == (1, ["arn:apple"])
    assert (apple, 1) not in phones.states(event.job_id)
    free = Road(Ticket())
    replace(notifier, services=notifier.services | {"apns": free}).on_message(event)
    assert (len(api.pushed), free.sent) == (1, ["arn:apple"])
    assert phones.states(event.job_id)[(apple, 1)] == "sent"


def test_a_device_whose_road_is_no_longer_set_up_is_counted(notifier, phones, ada):
    phones.add(ada, provider="fcm", endpoint="arn:google")
    event = settled(ada)
    notifier.on_message(event)
    assert phones.told(event.job_id) == [("undelivered", "not_set_up")]


def test_a_clip_comes_as_a_signed_link_once_to_each_device(notifier, phones, api, ada):
    tokens = phones.add(ada, 2)
    event = clip(ada)
    for _ in range(2):
        notifier.on_message(event)
    assert sorted(push["to"] for push in api.pushed) == sorted(tokens)
    assert {push["data"]["url"] for push in api.pushed} == {
        "https://media.example/clips/v1.4.0.mp4?signed"
    }
    assert phones.told(event.demo_id) == [("sent", None)] * 2


def test_a_message_that_is_no_news_is_left_to_the_dead_letters(notifier):
    data = DemoRequestedData(tag="v1", prompt="A walk.", screenshots=[])
    with pytest.raises(BrokenContract):
        notifier.on_message(new_event(DemoRequested, uuid4(), uuid4(), data))


def test_without_a_database_nothing_is_sent(notifier, api, ada):
    away = Database("postgresql://127.0.0.1:1/none")
    with pytest.raises(psycopg.OperationalError):
        replace(notifier, database=away).on_message(settled(ada))
    assert api.paths == []
