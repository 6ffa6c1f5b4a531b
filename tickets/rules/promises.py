"""Sums about response targets: no database, no clock of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar

WARN_AT = (75, 90)  # percent of the target (X3)
REOPEN_WITHIN = timedelta(days=14)  # R7
RATE_WITHIN = timedelta(days=7)
CLOSES_ITSELF_AFTER = timedelta(days=7)  # solved, and the customer has nothing to add


def warning_moments(
    calendar: WorkingCalendar, opened_at: datetime, target: timedelta
) -> list[tuple[int, datetime]]:
    """Each warning's percent and aware UTC moment, computed forward through the calendar (X3)."""
    return [(percent, calendar.due(opened_at, target * percent / 100)) for percent in WARN_AT]


def may_reopen(closed_at: datetime, at: datetime) -> bool:
    """Within 14 days of closing, the last instant included (R7)."""
    return at - closed_at <= REOPEN_WITHIN
