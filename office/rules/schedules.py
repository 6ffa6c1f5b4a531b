"""When something goes out by itself, and of which days: a day of the week or the month, an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK, MONTH = "week", "month"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_DAY = 28  # of a month: every month has it
WINDOWS = {
    "week": "the week before",
    "weeks": "the 13 weeks before",
    "month": "the month before",
    "quarter": "the quarter before",
    "year": "the 12 months before",
}
_LONGEST = 33  # days between two of a rhythm, and some


@dataclass(frozen=True)
class Rhythm:
    """`every` is `WEEK` (`day` 1 is Monday) or `MONTH` (`day` 1 to 28); by the zone's own clock.

    An hour that the clock skips is the moment after it, one that comes twice the first of both.
    """

    every: str
    day: int
    hour: int
    timezone: str

    def __post_init__(self) -> None:
        most = 7 if self.every == WEEK else LAST_DAY
        if self.every not in (WEEK, MONTH) or not 1 <= self.day <= most:
            raise ValueError("A day of the week is 1 to 7, one of the month 1 to 28.")
        if not 0 <= self.hour <= 23:
            raise ValueError("An hour is 0 to 23.")

    def next_after(self, at: datetime) -> datetime:
        """The first moment after `at`, in UTC."""
        day = at.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        found = (self._on(day + timedelta(days=n)) for n in range(_LONGEST))
        return next(one for one in found if one is not None and one > at)

    def last_until(self, at: datetime) -> datetime:
        """The last moment that is not after `at`, in UTC."""
        day = at.astimezone(ZoneInfo(self.timezone)).date() + timedelta(days=1)
        found = (self._on(day - timedelta(days=n)) for n in range(_LONGEST + 1))
        return next(one for one in found if one is not None and one <= at)

    def _on(self, day: date) -> datetime | None:
        if self.day != (day.isoweekday() if self.every == WEEK else day.day):
            return None
        return datetime.combine(day, time(self.hour), ZoneInfo(self.timezone)).astimezone(UTC)

    def __str__(self) -> str:
        on = f"each {WEEKDAYS[self.day - 1]}"
        if self.every == MONTH:
            on = f"on day {self.day} of each month"
        return f"{on} at {self.hour:02}:00 ({self.timezone})"


def days_of(window: str, on: date) -> tuple[date, date]:
    """The whole days before `on` that are told, both inclusive; `window` is one of `WINDOWS`."""
    monday, first = on - timedelta(days=on.weekday()), on.replace(day=1)
    if window in ("week", "weeks"):
        return monday - timedelta(weeks=1 if window == "week" else 13), monday - timedelta(days=1)
    if window == "quarter":
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    months = {"month": 1, "quarter": 3, "year": 12}[window]
    since = first
    for _ in range(months):
        since = (since - timedelta(days=1)).replace(day=1)
    return since, first - timedelta(days=1)
