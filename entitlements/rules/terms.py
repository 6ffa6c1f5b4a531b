"""From which day to which day an entitlement lasts (E1, L6). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Term:
    """Whole local days, from `starts_on` to the day before `ends_on`."""

    starts_on: date
    ends_on: date  # exclusive
    timezone: str

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise ValueError("A term ends after it starts.")

    @property
    def last_on(self) -> date:
        return self.ends_on - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        return midnight(self.starts_on, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The first UTC moment that is no longer inside."""
        return midnight(self.ends_on, self.timezone)

    def contains(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


def basic_term(registered_on: date, timezone: str) -> Term:
    """Basic: the last day is the registration day plus one year, inclusive (E1)."""
    return Term(registered_on, a_year_after(registered_on) + timedelta(days=1), timezone)


def evaluation_term(registered_on: date, days: int, timezone: str) -> Term:
    """Basic of an evaluation licence: its evaluation period, the registration day included."""
    return Term(registered_on, registered_on + timedelta(days=days), timezone)


def paid_term(starts_on: date, timezone: str) -> Term:
    """A paid year: [start, start + 1 year); from 29 February it lasts through 28 February (E1)."""
    leap = (starts_on.month, starts_on.day) == (2, 29)
    return Term(starts_on, a_year_after(starts_on) + timedelta(days=leap), timezone)


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def gapless(terms: list[Term], since: date, until: date) -> bool:
    """Whether `terms` cover every day from `since` to the day before `until` (L6)."""
    covered = since
    for term in sorted(terms, key=lambda one: one.starts_on):
        if term.starts_on <= covered < term.ends_on:
            covered = term.ends_on
    return covered >= until


def midnight(day: date, timezone: str) -> datetime:
    """The first moment of a local day in UTC, also where the clock skips midnight itself.

    There `fold=0` counts by the clock of before, which gives the very moment of the change.
    """
    return datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC)
