"""On which days there is work: those of the working-hours calendar, as sold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engagements.rules.plan import weekdays
from entitlements.reads.current import current_calendars

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_HOURS = "working_hours"  # the key in the catalogue


def working_days() -> Callable[[date], bool]:
    """Whether there is work on a day; Monday to Friday where the catalogue has no such calendar."""
    found = current_calendars().get(WORKING_HOURS)
    if found is None:
        return weekdays
    hours, holidays = found.hours, set(found.holidays)
    return lambda day: bool(hours.get(_DAYS[day.weekday()])) and day.isoformat() not in holidays
