"""Sums about response targets: no database, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar

REOPEN_WITHIN = timedelta(days=14)  # R7
RATE_WITHIN = timedelta(days=7)
CLOSES_ITSELF_AFTER = timedelta(days=7)  # solved, and the customer has nothing to add


def warning_moments(
    calendar: WorkingCalendar, opened_at: datetime, target: timedelta, warn_at: Iterable[int]
) -> list[tuple[int, datetime]]:
    """Each of the percents with its aware UTC moment, computed forward through the calendar (X3).

    The percents are those of the policy in force when the target was opened.
    """
    return [(percent, calendar.due(opened_at, target * percent / 100)) for percent in warn_at]


def may_reopen(closed_at: datetime, at: datetime) -> bool:
    """Within 14 days of closing, the last instant included (R7)."""
    return at - closed_at <= REOPEN_WITHIN
