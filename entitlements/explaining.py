"""A decision and a due moment in plain words. Reads nothing; the caller has the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from entitlements.coverage_summary import promise_of
from entitlements.current import working_calendar
from entitlements.models import CalendarVersion, CoverageDecision
from entitlements.rules.words import span_in_words

_MANY = 14  # pieces of working time that are worth reading one by one


@dataclass(frozen=True)
class Explanation:
    """`headline` is "Premium, 6 hours, round the clock" or "Not covered"; `reasons` one sentence
    for each entitlement that was weighed, best first; `remedies` what would cover the report."""

    headline: str
    reasons: list[str]
    remedies: list[str]


def explain(decision: CoverageDecision) -> Explanation:
    """Why the decision is as it is, as customer and engineer read it (rule 2)."""
    level = decision.level
    headline = f"{level.get_level_display()}, {promise_of(level)}" if level else "Not covered"
    reasons = [one["sentence"] for one in decision.considered]
    if decision.goodwill:
        reasons.insert(0, "An engineer accepted the report out of goodwill.")
    if decision.gold_depleted:
        reasons.insert(0, "Gold was chosen, but the last Gold incident had just been spent.")
    return Explanation(headline, reasons, list(decision.remedies))


def due_lines(
    calendar: CalendarVersion, *, start: datetime, target: timedelta, due_at: datetime
) -> list[str]:
    """How the clock ran from `start` to `due_at`, a line a day, on the calendar's own wall clock.

    "Monday 15 June, 10:00 to 17:00: 7 hours". Round the clock there is one line. Long promises
    are cut in the middle.
    """
    zone = ZoneInfo(calendar.timezone)
    first, last = start.astimezone(zone), due_at.astimezone(zone)
    counted = working_calendar(calendar)
    if counted.is_round_the_clock:
        return [f"{_moment(first)} plus {span_in_words(target)} is {_moment(last)}."]
    lines = [
        f"{_moment(one.start.astimezone(zone))} to {one.end.astimezone(zone):%H:%M}:"
        f" {span_in_words(one.length)}"
        for one in counted.segments(start, due_at)
    ]
    if len(lines) > _MANY:
        half = _MANY // 2
        lines = [*lines[:half], f"({len(lines) - 2 * half} more days)", *lines[-half:]]
    return [*lines, f"Together {span_in_words(target)}: due {_moment(last)} ({calendar.timezone})."]


def _moment(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"
