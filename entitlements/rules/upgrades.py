"""A better level bought while a clock runs, and a promise counted again after a mistake (R6). Pure.

Moments are aware.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar


@dataclass(frozen=True)
class Step:
    """A level that counted from `since_at` on: an answer within `target`, on its calendar."""

    since_at: datetime
    target: timedelta
    calendar: WorkingCalendar

    @property
    def due_at(self) -> datetime:
        return self.calendar.due(self.since_at, self.target)


def due_after_upgrade(
    old_due: datetime, effective_at: datetime, target: timedelta, calendar: WorkingCalendar
) -> datetime:
    """Never later than promised: the earlier of the old due and the new one from `effective_at`."""
    return min(old_due, calendar.due(effective_at, target))


def decisive(steps: Sequence[Step]) -> int:
    """Which of the steps, oldest first, made the promise: the first whose due is the earliest.

    So it comes out as if each step had been an upgrade of those before it.
    """
    return min(range(len(steps)), key=lambda place: steps[place].due_at)
