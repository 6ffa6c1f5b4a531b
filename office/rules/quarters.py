"""Quarters of the calendar: pure arithmetic, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from reports.rules.months import Month

_WRITTEN = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int  # 1 to 4

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `YYYY-Qn`; a ValueError says in one sentence what is wrong."""
        written = _WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"A quarter is written YYYY-Qn, such as 2026-Q3; got “{text[:20]}”.")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, moment: datetime, timezone: str) -> Self:
        month = Month.of(moment, timezone)
        return cls(month.year, (month.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def label(self) -> str:
        return f"Quarter {self.number} of {self.year}"

    @property
    def months(self) -> tuple[Month, Month, Month]:
        first = Month(self.year, 3 * self.number - 2)
        return first, first.next(), first.next().next()

    def previous(self) -> Quarter:
        if self.number > 1:
            return Quarter(self.year, self.number - 1)
        return Quarter(self.year - 1, 4)

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        """[start, end) in UTC, from the zone's local midnight to the next quarter's."""
        return self.months[0].bounds(timezone)[0], self.months[2].bounds(timezone)[1]
