"""What is planned when: for the pages, and as files for other calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from accounts.models import Person
from engagements.models import Engagement, Phase
from engagements.reads.list import phases_between
from engagements.rules.ics import Entry, calendar

WEEKS = 5
AHEAD = timedelta(days=183)


@dataclass(frozen=True)
class Shown:
    number: str
    title: str
    organisation: str
    what: str
    tone: str


@dataclass(frozen=True)
class Day:
    day: date
    shown: Sequence[Shown]


def calendar_of(person: Person, first: date) -> list[list[Day]]:
    """Weeks of days; each shows what begins and what ends on it."""
    last = first + timedelta(days=7 * WEEKS - 1)
    phases = list(phases_between(person, first, last))
    days = [first + timedelta(days=n) for n in range(7 * WEEKS)]
    found = [Day(day, [_shown(one, day) for one in phases if _is_on(one, day)]) for day in days]
    return [found[n : n + 7] for n in range(0, len(found), 7)]


def _is_on(phase: Phase, day: date) -> bool:
    return day in (phase.starts_on, phase.ends_on)


def _shown(phase: Phase, day: date) -> Shown:
    one = phase.engagement
    ends = phase.ends_on == day
    what = f"{phase.name} ends" if ends else f"{phase.name} begins"
    if phase.starts_on == phase.ends_on:
        what = phase.name
    return Shown(one.number, one.title, one.organisation.name, what, "ends" if ends else "begins")


def ics_of(person: Person, today: date, *, at: datetime) -> str:
    """What the person sees, from a month ago on."""
    first, last = today - timedelta(days=31), today + AHEAD
    entries = [_entry(one, person) for one in phases_between(person, first, last)]
    return calendar("Engagements", entries, at=at)


def ics_of_one(engagement: Engagement, person: Person, *, at: datetime) -> str:
    phases = Phase.objects.filter(engagement=engagement).select_related("engagement__organisation")
    entries = [_entry(one, person) for one in phases]
    return calendar(f"{engagement.number} {engagement.title}", entries, at=at)


def _entry(phase: Phase, person: Person) -> Entry:
    one = phase.engagement
    place = "engagements" if person.is_customer else "admin/engagements"
    return Entry(
        uid=f"phase-{phase.pk}@{settings.MAIL_DOMAIN}",
        title=f"{phase.name}: {one.title}",
        starts=phase.starts_on,
        ends=phase.ends_on,
        detail=f"{one.number}, {one.organisation.name}",
        url=f"{settings.SITE_URL}/{place}/{one.number}/",
    )
