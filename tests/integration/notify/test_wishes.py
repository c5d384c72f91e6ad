"""Who wishes to be told how: quiet hours, and only when needed."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from tests.unit.notify.settled import asking, settled

NIGHT = {"quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Europe/Berlin"}}


def test_a_dead_letter_is_no_loss_to_who_does_not_want_to_hear_it(notifier, phones, ada):
    phones.add(ada, only_when_needed=True)
    event = settled(ada)
    notifier.on_dead_letter(event)
    assert phones.told(event.job_id) == [("skipped", None)]


def test_quiet_hours_take_the_sound_and_hold_nothing_back(notifier, phones, api, ada):
    [sleeps] = phones.add(ada, **NIGHT)
    [awake] = phones.add(ada)
    late = replace(notifier, now=lambda: datetime(2026, 1, 15, 23, 0, tzinfo=UTC))
    late.on_message(settled(ada, **asking()))
    sounds = {push["to"]: (push["sound"], push["priority"]) for push in api.pushed}
    assert sounds == {sleeps: (None, "normal"), awake: ("default", "high")}


def test_only_when_needed_skips_what_merged_by_itself_and_it_stays_skipped(
    notifier, phones, api, ada
):
    [token] = phones.add(ada, only_when_needed=True)
    merged, asked = settled(ada), settled(ada, **asking())
    for event in (merged, asked):
        notifier.on_message(event)
    assert [push["categoryId"] for push in api.pushed] == ["task_approval"]
    assert phones.states(merged.job_id) == {(token, 1): "skipped"}
    phones.add(ada, only_when_needed=False)
    notifier.on_message(merged)
    assert phones.states(merged.job_id)[(token, 1)] == "skipped"


def test_what_was_skipped_is_newer_than_a_question_that_comes_late(notifier, phones, api, ada):
    phones.add(ada, only_when_needed=True)
    job_id = uuid4()
    notifier.on_message(settled(ada, job_id, version=5))
    notifier.on_message(settled(ada, job_id, version=2, **asking()))
    assert api.pushed == []


def test_more_than_a_hundred_that_are_skipped_end(notifier, phones, api, ada):
    phones.add(ada, 101, only_when_needed=True)
    event = settled(ada)
    notifier.on_message(event)
    assert (len(phones.told(event.job_id)), api.paths) == (101, [])
