"""Who is told how, at which hour."""

from datetime import UTC, datetime

import pytest

from services.notify.loudness import QuietHours, decide

WINTER, SPRING = "2026-01-15", "2026-03-29"


def hours(begin: str, end: str, zone: str = "Europe/Berlin") -> QuietHours:
    return QuietHours.of({"from": begin, "to": end, "time_zone": zone})


NIGHT, NOON = hours("22:00", "07:00"), hours("12:00", "13:30")


@pytest.mark.parametrize(
    ("quiet", "utc", "silent"),
    [
        (NIGHT, f"{WINTER}T20:59:59", False),
        (NIGHT, f"{WINTER}T21:00:00", True),
        (NIGHT, f"{WINTER}T23:30:00", True),
        (NIGHT, f"{WINTER}T05:59:59", True),
        (NIGHT, f"{WINTER}T06:00:00", False),
        (NOON, f"{WINTER}T10:59:59", False),
        (NOON, f"{WINTER}T11:00:00", True),
        (NOON, f"{WINTER}T12:29:59", True),
        (NOON, f"{WINTER}T12:30:00", False),
        # The night in which 02:00 becomes 03:00: seven in the morning comes an hour earlier.
        (NIGHT, f"{SPRING}T04:59:59", True),
        (NIGHT, f"{SPRING}T05:00:00", False),
        # A window that lies wholly in the hour that is left out is never quiet that night.
        (hours("02:00", "03:00"), f"{SPRING}T00:59:59", False),
        (hours("02:00", "03:00"), f"{SPRING}T01:00:00", False),
        # In autumn that hour comes twice, and is quiet twice.
        (hours("02:00", "03:00"), "2026-10-25T00:30:00", True),
        (hours("02:00", "03:00"), "2026-10-25T01:30:00", True),
        (hours("02:00", "03:00"), "2026-10-25T02:30:00", False),
        (hours("22:00", "07:00", "Asia/Kathmandu"), f"{WINTER}T16:14:59", False),
        (hours("22:00", "07:00", "Asia/Kathmandu"), f"{WINTER}T16:15:00", True),
        (None, f"{WINTER}T23:30:00", False),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall(quiet, utc, silent):
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert decide(False, False, quiet, now) == ("silent" if silent else "loud")


@pytest.mark.parametrize(
    ("is_needed", "only_when_needed", "quiet", "loudness"),
    [
        (False, False, None, "loud"),
        (True, False, None, "loud"),
        (False, True, None, "skipped"),
        (True, True, None, "loud"),
        (False, True, NIGHT, "skipped"),
        (True, True, NIGHT, "silent"),
        (True, False, NIGHT, "silent"),
    ],
)
def test_what_is_asked_is_never_held_back(is_needed, only_when_needed, quiet, loudness):
    night = datetime(2026, 1, 15, 23, 0, tzinfo=UTC)
    assert decide(is_needed, only_when_needed, quiet, night) == loudness
