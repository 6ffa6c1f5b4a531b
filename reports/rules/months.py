"""Calendar months as a report counts them: pure arithmetic, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Spelled out, because strftime("%B") follows the locale of the process.
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone; a ValueError that names it when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not an IANA time zone, such as Europe/Bucharest.") from None


@dataclass(frozen=True, order=True)
class Month:
    """One month of the calendar; years 1900 to 9998, so that it always has neighbours."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year:04}-{self.month:02} is not a month of 1900 to 9998.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `YYYY-MM`; a ValueError says in one sentence what is wrong."""
        written = _WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"A month is written YYYY-MM, such as 2026-10; got “{text}”.")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, moment: datetime, timezone: str) -> Self:
        """The month that the (aware) moment falls into on the zone's own calendar."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        local = moment.astimezone(zone_named(timezone))
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def label(self) -> str:
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    @property
    def first_on(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_on(self) -> date:
        return self.next().first_on - timedelta(days=1)

    def shifted(self, months: int) -> Month:
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    def previous(self) -> Month:
        return self.shifted(-1)

    def next(self) -> Month:
        return self.shifted(1)

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        """[start, end) in UTC: from the zone's local midnight to the next month's."""
        zone = zone_named(timezone)
        return self._opens(zone), self.next()._opens(zone)

    def weeks(self) -> tuple[tuple[date, date], ...]:
        """(first, last) days, Monday to Sunday, cut to the month; together the whole month."""
        weeks = []
        first = self.first_on
        while first <= self.last_on:
            last = min(first + timedelta(days=6 - first.weekday()), self.last_on)
            weeks.append((first, last))
            first = last + timedelta(days=1)
        return tuple(weeks)

    def _opens(self, zone: ZoneInfo) -> datetime:
        # fold=0 is the first of two midnights; of a skipped one it is the very moment of the skip.
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)
