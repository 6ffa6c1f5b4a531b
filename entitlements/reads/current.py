"""The newest versions of levels and calendars: what a report is promised from now on (R4)."""

from __future__ import annotations

from collections.abc import Collection

from core.kept import Kept
from entitlements.models import (
    CalendarVersion,
    KeySchemesVersion,
    LevelVersion,
    SellingTermsVersion,
    Service,
)
from entitlements.models.billing import DELIVERED
from entitlements.rules.calendars import WorkingCalendar
from entitlements.rules.keys import AS_DELIVERED, Schemes
from entitlements.rules.proof import Days


def current_levels() -> dict[str, LevelVersion]:
    """Level to its newest version, with its calendar, in one query at most (`core.kept`)."""
    return dict(_levels())


def current_level(level: str) -> LevelVersion:
    """The newest version. `LevelVersion.DoesNotExist` where no catalogue was loaded: a bug."""
    versions = LevelVersion.objects.filter(level=level).select_related("calendar")
    return versions.order_by("-version")[:1].get()


def current_calendars() -> dict[str, CalendarVersion]:
    """Key to its newest version, in one query at most (`core.kept`)."""
    return dict(_calendars())


def current_calendar(key: str) -> CalendarVersion:
    """The newest version. `CalendarVersion.DoesNotExist` for an unknown key."""
    try:
        return _calendars()[key]
    except KeyError:
        raise CalendarVersion.DoesNotExist(key) from None


def offered_services() -> dict[str, Service]:
    """Key to the service, of those that can be reported about, in their order."""
    return dict(_services())


def current_schemes() -> Schemes:
    """The forms of licence keys by edition, in one query: the managers', or as delivered (K1)."""
    newest = KeySchemesVersion.objects.order_by("-version").first()
    return AS_DELIVERED | newest.read() if newest else AS_DELIVERED


def selling_terms() -> SellingTermsVersion:
    """How the vendor sells, in one query: the managers' newest version, or as delivered, which is
    version 0 and not stored (OR2)."""
    newest = SellingTermsVersion.objects.order_by("-version").first()
    return newest or SellingTermsVersion(version=0, **DELIVERED.as_json())


def working_calendar(version: CalendarVersion) -> WorkingCalendar:
    """The pure calendar of a stored version, built once a process: a version never changes."""
    if version.pk is None:
        return _build(version)
    if version.pk not in _kept:
        _kept[version.pk] = _build(version)
    return _kept[version.pk]


def calendars_of(versions: Collection[int]) -> dict[int, WorkingCalendar]:
    """The calendars of stored versions by their ids; asks only for those that are new to us."""
    missing = set(versions) - _kept.keys()
    if missing:
        for version in CalendarVersion.objects.filter(pk__in=missing):
            working_calendar(version)
    return {pk: _kept[pk] for pk in versions}


def forget_calendars() -> None:
    """For tests, which give the same id to another calendar."""
    _kept.clear()


def days_of(version: CalendarVersion) -> Days:
    """What a stored version says about its days, as `rules.proof` tells it."""
    names = version.holiday_names
    named = {day: names.get(day, "") for day in version.holidays}
    return Days(version.hours, named, version.overrides)


def _read_levels() -> dict[str, LevelVersion]:
    newest = LevelVersion.objects.order_by("level", "-version").distinct("level")
    return {one.level: one for one in newest.select_related("calendar")}


def _read_calendars() -> dict[str, CalendarVersion]:
    newest = CalendarVersion.objects.order_by("calendar", "-version").distinct("calendar")
    return {one.calendar: one for one in newest}


def _read_services() -> dict[str, Service]:
    return {one.key: one for one in Service.objects.filter(reportable=True)}


_levels = Kept(LevelVersion, CalendarVersion, read=_read_levels)
_calendars = Kept(CalendarVersion, read=_read_calendars)
_services = Kept(Service, read=_read_services)


def _build(version: CalendarVersion) -> WorkingCalendar:
    return WorkingCalendar(
        version.timezone, version.hours, version.holidays, version.overrides or {}
    )


# By the version's id. There are as many as managers have saved: a few dozen in years.
_kept: dict[int, WorkingCalendar] = {}
