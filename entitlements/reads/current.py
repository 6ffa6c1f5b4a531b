"""The newest versions of levels and calendars: what a report is promised from now on (R4)."""

from __future__ import annotations

import json
from functools import lru_cache

from entitlements.models import CalendarVersion, KeySchemesVersion, LevelVersion
from entitlements.rules.calendars import WorkingCalendar
from entitlements.rules.keys import AS_DELIVERED, Schemes
from entitlements.rules.proof import Days


def current_levels() -> dict[str, LevelVersion]:
    """Level to its newest version, with its calendar, in one query."""
    newest = LevelVersion.objects.order_by("level", "-version").distinct("level")
    return {one.level: one for one in newest.select_related("calendar")}


def current_level(level: str) -> LevelVersion:
    """The newest version. `LevelVersion.DoesNotExist` where no catalogue was loaded: a bug."""
    versions = LevelVersion.objects.filter(level=level).select_related("calendar")
    return versions.order_by("-version")[:1].get()


def current_calendars() -> dict[str, CalendarVersion]:
    """Key to its newest version, in one query."""
    newest = CalendarVersion.objects.order_by("calendar", "-version").distinct("calendar")
    return {one.calendar: one for one in newest}


def current_calendar(key: str) -> CalendarVersion:
    """The newest version. `CalendarVersion.DoesNotExist` for an unknown key."""
    return CalendarVersion.objects.filter(calendar=key).order_by("-version")[:1].get()


def current_schemes() -> Schemes:
    """The forms of licence keys by edition, in one query: the managers', or as delivered (K1)."""
    newest = KeySchemesVersion.objects.order_by("-version").first()
    return AS_DELIVERED | newest.read() if newest else AS_DELIVERED


def working_calendar(version: CalendarVersion) -> WorkingCalendar:
    """The pure calendar of a stored version, built once a process: a version never changes."""
    facts = [version.timezone, version.hours, version.holidays, version.overrides]
    return _built(json.dumps(facts, sort_keys=True))


def days_of(version: CalendarVersion) -> Days:
    """What a stored version says about its days, as `rules.proof` tells it."""
    names = version.holiday_names
    named = {day: names.get(day, "") for day in version.holidays}
    return Days(version.hours, named, version.overrides)


@lru_cache(maxsize=256)
def _built(facts: str) -> WorkingCalendar:
    return WorkingCalendar(*json.loads(facts))
