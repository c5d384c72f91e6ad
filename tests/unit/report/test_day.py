"""Days where people live, across clock changes."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from services.report.day import bounds, yesterday

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-23T23:05:00Z", BERLIN, date(2026, 11, 23)),
        ("2026-11-23T22:55:00Z", BERLIN, date(2026, 11, 22)),
        ("2026-11-23T23:05:00Z", "UTC", date(2026, 11, 22)),
        ("2026-01-01T00:05:00Z", "UTC", date(2025, 12, 31)),
        ("2026-03-01T10:30:00Z", "Pacific/Kiritimati", date(2026, 3, 1)),
    ],
)
def test_yesterday_is_what_the_readers_call_so(now, zone, day):
    assert yesterday(datetime.fromisoformat(now), ZoneInfo(zone)) == day


@pytest.mark.parametrize(
    ("day", "zone", "begin", "hours"),
    [
        (date(2026, 11, 22), "UTC", "2026-11-22T00:00:00Z", 24),
        (date(2026, 11, 22), BERLIN, "2026-11-21T23:00:00Z", 24),
        (date(2026, 3, 29), BERLIN, "2026-03-28T23:00:00Z", 23),
        (date(2026, 10, 25), BERLIN, "2026-10-24T22:00:00Z", 25),
        # Clocks that skip midnight, and clocks that strike it twice.
        (date(2026, 4, 24), "Africa/Cairo", "2026-04-23T22:00:00Z", 23),
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00Z", 25),
        (date(2026, 4, 5), "Australia/Lord_Howe", "2026-04-04T13:00:00Z", 24.5),
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(day, zone, begin, hours):
    first, next_ = (moment.astimezone(UTC) for moment in bounds(day, ZoneInfo(zone)))
    assert first == datetime.fromisoformat(begin)
    assert (next_ - first).total_seconds() == hours * 3600


def test_no_moment_of_a_year_is_lost_or_counted_twice():
    zone = ZoneInfo(BERLIN)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
    for today, tomorrow in pairwise(days):
        assert bounds(today, zone)[1] == bounds(tomorrow, zone)[0]
