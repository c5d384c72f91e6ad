"""What became of a push is asked for once it can be known, and remembered."""

import json
from uuid import UUID

import pytest

from contracts.database import Database
from services.notify.expo import MOST_RECEIPTS, Expo
from services.notify.receipts import Receipts
from tests.integration.notify.push_api import failure
from tests.unit.notify.settled import settled


@pytest.fixture
def sent(receipts, notifier, phones, ada) -> UUID:
    """A task whose push was taken by Expo twenty minutes ago."""
    phones.add(ada)
    event = settled(ada)
    notifier.on_message(event)
    phones.age(event.job_id, minutes=20)
    return event.job_id


def test_a_receipt_says_that_it_was_delivered(receipts, phones, api, sent):
    [ticket] = phones.tickets(sent)
    api.receipts[ticket] = {"status": "ok"}
    assert receipts.check() == {"asked": 1, "unknown": 0}
    assert (api.paths[-1], api.asked) == ("/--/api/v2/push/getReceipts", [[ticket]])
    assert phones.told(sent) == [("delivered", None)]
    assert receipts.check() == {"asked": 0, "unknown": 0}


@pytest.mark.parametrize(("minutes", "asked"), [(14, 0), (16, 1), (23 * 60 + 59, 1)])
def test_it_is_asked_for_between_a_quarter_of_an_hour_and_a_day(
    receipts, phones, sent, minutes, asked
):
    phones.age(sent, minutes=minutes - 20)
    assert receipts.check() == {"asked": asked, "unknown": 0}
    assert phones.told(sent) == [("sent", None)]


def test_what_has_no_receipt_after_a_day_is_unknown(receipts, phones, api, sent):
    phones.age(sent, minutes=24 * 60)
    assert receipts.check() == {"asked": 0, "unknown": 1}
    assert (phones.told(sent), api.asked) == ([("unknown", None)], [])


def test_a_push_without_a_ticket_waits_for_no_receipt(receipts, phones, ada, sent):
    phones.ask(
        "update private.notifications set ticket = null where subject_id = %s returning 1", sent
    )
    phones.age(sent, minutes=24 * 60)
    assert receipts.check() == {"asked": 0, "unknown": 0}


@pytest.mark.parametrize("error", ["MessageRateExceeded", "InvalidCredentials", "ProviderError"])
def test_a_push_that_apple_or_google_refused_counts_and_its_device_stays(
    receipts, phones, api, sent, error
):
    [ticket] = phones.tickets(sent)
    api.receipts[ticket] = failure(error)
    receipts.check()
    assert phones.told(sent) == [("undelivered", error)]
    assert len(phones.states(sent)) == 1


def test_a_device_that_is_gone_is_forgotten_and_its_push_still_counts(
    receipts, phones, api, ada, sent
):
    [ticket] = phones.tickets(sent)
    api.receipts[ticket] = failure("DeviceNotRegistered")
    receipts.check()
    assert phones.of(ada) == set()
    assert phones.told(sent) == [("undelivered", "DeviceNotRegistered")]


def test_a_device_that_came_back_since_stays(receipts, phones, api, ada, sent):
    [ticket] = phones.tickets(sent)
    api.receipts[ticket] = failure("DeviceNotRegistered")
    phones.ask("update devices set last_seen = now() where user_id = %s returning 1", ada)
    receipts.check()
    assert len(phones.of(ada)) == 1
    assert phones.told(sent) == [("undelivered", "DeviceNotRegistered")]


def test_a_receipt_that_is_not_there_yet_is_asked_for_again(receipts, phones, api, sent):
    [ticket] = phones.tickets(sent)
    assert receipts.check()["asked"] == 1
    assert receipts.check()["asked"] == 0
    phones.age(sent, minutes=5)
    api.receipts[ticket] = {"status": "ok"}
    assert receipts.check()["asked"] == 1
    assert phones.told(sent) == [("delivered", None)]


def test_killed_while_asking_it_is_asked_again_when_the_claim_lapses(receipts, phones, api, sent):
    class Killed(Expo):
        def receipts(self, tickets):
            super().receipts(tickets)
            raise SystemExit

    [ticket] = phones.tickets(sent)
    api.receipts[ticket] = {"status": "ok"}
    with pytest.raises(SystemExit):
        Receipts(receipts.database, Killed(api.url, "")).check()
    assert receipts.check()["asked"] == 0
    phones.age(sent, minutes=5)
    assert receipts.check()["asked"] == 1
    assert phones.told(sent) == [("delivered", None)]


def test_two_at_once_ask_for_different_ones(receipts, phones, sent, postgres_url):
    other = Database(postgres_url)
    asked = Receipts(other, receipts.expo)
    with other.transaction() as connection:
        connection.execute(
            "select from private.notifications where subject_id = %s for update", [sent]
        )
        assert receipts.check()["asked"] == 0
    assert asked.check()["asked"] == 1
    other.close()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {"x": 7}}'])
def test_an_answer_that_makes_no_sense_is_asked_for_again(receipts, phones, api, sent, body):
    api.body = body
    assert receipts.check()["asked"] == 1
    assert phones.told(sent) == [("sent", None)]


def test_a_receipt_that_nobody_asked_for_says_nothing(receipts, notifier, phones, api, sent):
    [device] = phones.ask("select user_id from private.notifications where subject_id = %s", sent)
    other = settled(device["user_id"])
    notifier.on_message(other)
    asked, [unasked] = phones.tickets(sent), phones.tickets(other.job_id)
    answers = {key: {"status": "ok"} for key in (*asked, unasked)}
    api.body = json.dumps({"data": answers}).encode()
    receipts.check()
    assert phones.told(sent) == [("delivered", None)]
    assert phones.told(other.job_id) == [("sent", None)]


def test_expo_that_is_away_is_asked_again_next_time(receipts, phones, api, sent, waits):
    api.statuses = [503] * 3
    assert receipts.check()["asked"] == 1
    assert (phones.told(sent), len(waits)) == ([("sent", None)], 2)


def test_many_are_asked_for_in_parts(receipts, notifier, phones, api, ada):
    phones.add(ada, MOST_RECEIPTS + 1)
    event = settled(ada)
    notifier.on_message(event)
    phones.age(event.job_id, minutes=20)
    assert receipts.check()["asked"] == MOST_RECEIPTS + 1
    assert [len(ids) for ids in api.asked] == [MOST_RECEIPTS, 1]
