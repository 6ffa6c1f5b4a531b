"""What all factories share: moments, spans, numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
TODAY = NINE.date()
PASSWORD = "a long enough phrase"
numbers = count(1)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def days(n: float) -> timedelta:
    return timedelta(days=n)
