"""A calendar day where the readers of the report live; its length depends on the clocks there."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def yesterday(now: datetime, zone: ZoneInfo) -> date:
    """The day that ended last in a time zone.

    Args:
        now: with a time zone, any.
        zone: the readers'.
    """
    return now.astimezone(zone).date() - timedelta(days=1)


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants where a day begins and where the next one does; 23 to 25 hours apart."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
