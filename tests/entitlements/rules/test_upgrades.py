"""Which of several levels that counted one after the other made the promise (R6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar
from entitlements.rules.upgrades import Step, decisive

AT = datetime(2026, 6, 15, 10, tzinfo=UTC)
ALWAYS = WorkingCalendar.always("UTC")


def step(after: int, hours: int) -> Step:
    return Step(AT + timedelta(hours=after), timedelta(hours=hours), ALWAYS)


def test_the_earliest_due_moment_decides():
    assert decisive([step(0, 24), step(4, 6)]) == 1


def test_a_better_level_that_came_too_late_decides_nothing():
    assert decisive([step(0, 24), step(20, 6)]) == 0


def test_of_two_that_promise_the_same_moment_the_older_one_decides():
    assert decisive([step(0, 24), step(18, 6)]) == 0
