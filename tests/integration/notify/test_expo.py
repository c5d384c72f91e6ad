"""Expo that is busy, picky or confused."""

import pytest

from services.notify import news
from services.notify.push import NOT_TAKEN, Push
from tests.unit.notify.settled import settled


def pushes(number: int) -> list[Push]:
    told = news.of_task(settled())
    return [told.push_to(f"ExponentPushToken[{each}]", "loud") for each in range(number)]


def errors(tickets) -> list[str | None]:
    return [ticket.error for ticket in tickets]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_is_busy_is_asked_again_a_little_later(expo, api, waits, status):
    api.statuses = [status, status]
    [ticket] = expo.send(pushes(1))
    assert (ticket.error, len(api.paths)) == (None, 3)
    assert len(waits) == 2
    assert all(0 <= wait <= 2 for wait in waits)


def test_the_waits_differ_so_that_not_all_come_back_at_once(expo, api, waits):
    for _ in range(5):
        api.statuses = [503, 503]
        expo.send(pushes(1))
    assert len(set(waits)) > 5


def test_three_tries_are_enough_for_one_call(expo, api, waits):
    api.statuses = [503] * 9
    assert errors(expo.send(pushes(2))) == [NOT_TAKEN, NOT_TAKEN]
    assert (len(api.paths), len(waits)) == (3, 2)


def test_a_wait_that_is_asked_for_is_kept(expo, api, waits):
    api.statuses, api.headers = [429], {"Retry-After": "1"}
    assert errors(expo.send(pushes(1))) == [None]
    assert 1 <= waits[0] <= 3


@pytest.mark.parametrize("asked", ["3", "3600", "99999999999999999999"])
def test_a_wait_that_is_too_long_for_this_call_is_left_to_the_queue(expo, api, waits, asked):
    api.statuses, api.headers = [429] * 3, {"Retry-After": asked}
    assert errors(expo.send(pushes(1))) == [NOT_TAKEN]
    assert (len(api.paths), waits) == (1, [])


@pytest.mark.parametrize("asked", ["Fri, 31 Dec 1999 23:59:59 GMT", "soon", "-1", "²"])
def test_a_wait_that_can_not_be_read_is_none(expo, api, asked):
    api.statuses, api.headers = [429], {"Retry-After": asked.encode().decode("latin-1")}
    assert errors(expo.send(pushes(1))) == [None]


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_access_token_is_no_fault_of_a_message(expo, api, waits, status):
    api.statuses = [status]
    assert errors(expo.send(pushes(2))) == [NOT_TAKEN, NOT_TAKEN]
    assert (len(api.paths), waits) == (1, [])


def test_one_message_that_is_refused_holds_up_no_other(expo, api):
    many = pushes(100)
    api.malformed = {many[37].to}
    found = errors(expo.send(many))
    assert found.pop(37) == "VALIDATION_ERROR"
    assert found == [None] * 99
    assert len(api.pushed) == 99
    assert len({push["to"] for push in api.pushed}) == 99


def test_tokens_of_several_projects_go_in_a_request_each(expo, api):
    many = pushes(9)
    api.projects = {push.to: ("sayso", "sayso-beta", "old")[n % 3] for n, push in enumerate(many)}
    tickets = expo.send(many)
    assert errors(tickets) == [None] * 9
    assert len({ticket.id for ticket in tickets}) == 9
    assert sorted(len(request) for request in api.requests) == [3, 3, 3]


@pytest.mark.parametrize("status", [400, 404, 413])
def test_what_refuses_without_a_word_refuses_each(expo, api, status):
    api.statuses = [status] * 3
    assert errors(expo.send(pushes(2))) == ["TEST", "TEST"]


def test_nothing_to_send_asks_nobody(expo, api):
    assert (expo.send([]), api.paths) == ([], [])
