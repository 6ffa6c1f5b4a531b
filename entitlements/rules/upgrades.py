"""A better level bought while a clock runs (R6). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar


def due_after_upgrade(
    old_due: datetime, effective_at: datetime, target: timedelta, calendar: WorkingCalendar
) -> datetime:
    """Never later than promised: the earlier of the old due and the new one from `effective_at`."""
    return min(old_due, calendar.due(effective_at, target))
