"""When the mail of the day goes out. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_digest(at: datetime, hour: int, timezone: str) -> datetime:
    """The first moment after the aware `at` at which the zone's clock shows `hour`, in UTC.

    An hour that a clock change skips comes as much later as is skipped; of one that comes twice
    the first counts.
    """
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(3))
    moments = (datetime.combine(day, time(hour), zone).astimezone(UTC) for day in days)
    return next(one for one in moments if one > at)
