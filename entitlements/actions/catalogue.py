"""The one door for writing services, calendars and levels: a change makes a new version (R4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from core.journal import record
from entitlements.actions.catalogue_checks import check_calendar, check_level, check_service
from entitlements.actions.catalogue_spec import CalendarSpec, Catalogue, LevelSpec, ServiceSpec
from entitlements.models import CalendarVersion, LevelVersion, Service
from entitlements.reads.current import current_calendar, current_calendars, current_levels

_LOCK = 0x41785331  # any number of our own: the catalogue is written by one at a time


@dataclass
class Written:
    """What a load changed; all empty when the file says what the database holds."""

    services: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)


@transaction.atomic
def load(catalogue: Catalogue, *, at: datetime, by: Person | None) -> Written:
    """Make the database promise what `catalogue` says; safe to repeat.

    What is unchanged gets no new version. What the file leaves out stays as it is: incidents
    refer to it. A calendar's new version makes one of each level that counts on it. Running
    clocks keep their versions (R4). The caller has checked `policies.may_edit_catalogue`.

    Refuses with `BadCatalogue` and writes nothing when a level names an unknown service, channel
    or calendar, or a calendar is broken (C5).
    """
    _one_at_a_time()
    check(catalogue)
    written = Written()
    written.services = [one.key for one in catalogue.services if _save_service(one, at, by)]
    written.calendars = [one.calendar for one in catalogue.calendars if _save_calendar(one, at, by)]
    wanted = {one.level: one for one in _levels_held()} | {
        one.level: one for one in catalogue.levels
    }
    written.levels = [one.level for one in wanted.values() if _save_level(one, at, by)]
    return written


def check(catalogue: Catalogue) -> None:
    """Refuse, with `BadCatalogue`, what `load` would refuse; writes nothing."""
    services = {one.key for one in catalogue.services} | set(_keys_of_services())
    calendars = {one.calendar for one in catalogue.calendars} | set(current_calendars())
    for service in catalogue.services:
        check_service(service)
    for level in catalogue.levels:
        check_level(level, services=services, calendars=calendars)
    for calendar in catalogue.calendars:
        check_calendar(calendar)


def save_service(spec: ServiceSpec, *, at: datetime, by: Person | None) -> Written:
    return load(Catalogue([spec], [], []), at=at, by=by)


def save_calendar(spec: CalendarSpec, *, at: datetime, by: Person | None) -> Written:
    """A new version of one calendar, and of the levels that count on it."""
    return load(Catalogue([], [spec], []), at=at, by=by)


def save_level(spec: LevelSpec, *, at: datetime, by: Person | None) -> Written:
    return load(Catalogue([], [], [spec]), at=at, by=by)


def held() -> Catalogue:
    """What the database promises now: the newest version of everything."""
    services = [
        ServiceSpec(one.key, one.name, one.limits, one.reportable, one.position)
        for one in Service.objects.all()
    ]
    calendars = [calendar_spec(one) for one in current_calendars().values()]
    return Catalogue(services, calendars, _levels_held())


def calendar_spec(version: CalendarVersion) -> CalendarSpec:
    return CalendarSpec(
        version.calendar,
        version.name,
        version.timezone,
        version.hours,
        version.holidays,
        version.overrides,
        version.holiday_names,
    )


def level_spec(version: LevelVersion) -> LevelSpec:
    names = LevelSpec.__dataclass_fields__
    values = {name: getattr(version, name) for name in names if name != "calendar"}
    return LevelSpec(**values, calendar=version.calendar.calendar)


def _one_at_a_time() -> None:
    """Held to the end of the transaction, so that two loads never both make version N."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _keys_of_services() -> list[str]:
    return list(Service.objects.values_list("key", flat=True))


def _levels_held() -> list[LevelSpec]:
    return [level_spec(one) for one in current_levels().values()]


def _save_service(spec: ServiceSpec, at: datetime, by: Person | None) -> bool:
    """Services have no versions: no promise is computed from their words."""
    held = Service.objects.filter(key=spec.key).first()
    wanted = asdict(spec)
    if held is not None and {name: getattr(held, name) for name in wanted} == wanted:
        return False
    service, _ = Service.objects.update_or_create(key=spec.key, defaults=wanted)
    record("service.saved", service, at=at, by=by, rule="R4", key=spec.key)
    return True


def _save_calendar(spec: CalendarSpec, at: datetime, by: Person | None) -> bool:
    held = current_calendars().get(spec.calendar)
    if held is not None and calendar_spec(held) == spec:
        return False
    version = held.version + 1 if held else 1
    made = CalendarVersion.objects.create(**asdict(spec), version=version, made_at=at, made_by=by)
    record("calendar.saved", made, at=at, by=by, rule="R4", key=spec.calendar, version=version)
    return True


def _save_level(spec: LevelSpec, at: datetime, by: Person | None) -> bool:
    held = current_levels().get(spec.level)
    calendar = current_calendar(spec.calendar)
    if held is not None and level_spec(held) == spec and held.calendar_id == calendar.pk:
        return False
    version = held.version + 1 if held else 1
    values = asdict(spec) | {"calendar": calendar}
    made = LevelVersion.objects.create(**values, version=version, made_at=at, made_by=by)
    record("level.saved", made, at=at, by=by, rule="R4", level=spec.level, version=version)
    return True
