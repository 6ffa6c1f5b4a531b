"""Days of a visit, and when one of us can go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 15  # days of one visit

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Dates:
    """From when to when; aware moments, the end is not part of it."""

    starts_at: datetime
    ends_at: datetime

    def days(self, timezone: str) -> list[date]:
        """The calendar days on the customer's clock that have a part in it."""
        zone = ZoneInfo(timezone)
        first = self.starts_at.astimezone(zone).date()
        last = (self.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def diary_days(visit: Dates, timezone: str) -> tuple[date, date]:
    """From which day to which something may be noted: the visit's, and one on either side."""
    days = visit.days(timezone)
    return days[0] - timedelta(days=1), days[-1] + timedelta(days=1)


def first_day_away(
    dates: Dates, timezone: str, *, duty: Iterable[Span], absent: Sequence[Span]
) -> date | None:
    """The first day on which somebody is absent at any time, or not on duty for any of it.

    `duty` are their spans on duty. None: they can go. It looks at every day, not at the first.
    """
    zone = ZoneInfo(timezone)
    on_duty = list(duty)
    for day in dates.days(timezone):
        start = max(datetime.combine(day, time.min, tzinfo=zone), dates.starts_at)
        midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
        end = min(midnight, dates.ends_at)
        if any(_overlap(span, start, end) for span in absent):
            return day
        if not any(_overlap(span, start, end) for span in on_duty):
            return day
    return None


def _overlap(span: Span, start: datetime, end: datetime) -> bool:
    return span[0] < end and span[1] > start
