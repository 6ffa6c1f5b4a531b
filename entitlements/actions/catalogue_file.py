"""The catalogue as a readable file: TOML in, checked; TOML out. No database, so that the migration
which loads the shipped catalogue can read it, too.

`read(text)` gives a `Catalogue` or refuses with `BadCatalogue`, one clear sentence that names the
place. `write(catalogue)` gives text that `read` understands as the same catalogue.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from entitlements.enums import Channel, Level, Resource, Supplier
from entitlements.errors import BadCatalogue
from entitlements.rules.calendars import WEEKDAYS, problems

SHIPPED = Path(__file__).resolve().parent.parent / "catalogue.toml"
_KEY = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True)
class ServiceSpec:
    """Fields as in `models.Service`; `position` is the place in the file."""

    key: str
    name: str
    limits: str
    reportable: bool
    position: int


@dataclass(frozen=True)
class CalendarSpec:
    """Fields as in `models.CalendarVersion`; `calendar` is its lasting key."""

    calendar: str
    name: str
    timezone: str
    hours: dict[str, list[list[str]]]
    holidays: list[str]
    overrides: dict[str, list[list[str]]]


@dataclass(frozen=True)
class LevelSpec:
    """Fields as in `models.LevelVersion`; `calendar` is the key of its calendar."""

    level: str
    response_time: timedelta
    calendar: str
    channels: list[str]
    services: list[str]
    resources: list[str]
    round_the_clock: bool
    maintenance: bool
    monthly_report: bool
    supplied_by: list[str]
    price_percent: Decimal | None
    pack_prices: dict[str, str]
    price_text: str
    first_year_free: bool
    evaluation_days: int | None


@dataclass(frozen=True)
class Catalogue:
    services: list[ServiceSpec]
    calendars: list[CalendarSpec]
    levels: list[LevelSpec]


def read(text: str) -> Catalogue:
    """The catalogue in `text`, its calendars checked (C5). Refuses with `BadCatalogue`.

    Whether a level's services and calendar exist is asked by `check_level`, since they may be in
    the database already.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadCatalogue(problem=f"it is no valid TOML ({error}).") from None
    _only(data, ("service", "calendar", "level"), "the file")
    services = data.get("service", [])
    if not isinstance(services, list):
        raise BadCatalogue(problem="write each service as [[service]].")
    return Catalogue(
        [_service(one, place) for place, one in enumerate(services, start=1)],
        [_calendar(key, one) for key, one in _tables(data, "calendar")],
        [_level(key, one) for key, one in _tables(data, "level")],
    )


def check_calendar(spec: CalendarSpec) -> None:
    """Refuse a broken calendar: empty, inverted or overlapping windows, never open (C5)."""
    where = f"calendar {spec.calendar}"
    if not isinstance(spec.holidays, list) or not all(isinstance(d, str) for d in spec.holidays):
        raise BadCatalogue(problem=f"{where}: holidays is a list of dates, as 2026-12-25.")
    for windows in (spec.hours, spec.overrides):
        if not isinstance(windows, dict) or not all(map(_are_windows, windows.values())):
            raise BadCatalogue(problem=f'{where}: write windows as [["08:00", "17:00"]].')
    for problem in problems(spec.timezone, spec.hours, spec.holidays, spec.overrides):
        raise BadCatalogue(problem=f"{where}: {problem}")


def check_level(spec: LevelSpec, *, services: Collection[str], calendars: Collection[str]) -> None:
    """Refuse a level that names what does not exist, or promises nothing."""
    where = f"level {spec.level}"
    _known(spec.services, services, where, "service")
    _known([spec.calendar], calendars, where, "calendar")
    _known(spec.channels, Channel.values, where, "channel")
    _known(spec.resources, Resource.values, where, "resource")
    _known(spec.supplied_by, Supplier.values, where, "supplier")
    if not timedelta(0) < spec.response_time <= timedelta(days=366):
        raise BadCatalogue(problem=f"{where}: response_hours must be more than 0.")
    if not spec.channels:
        raise BadCatalogue(problem=f"{where}: name at least one channel.")
    if spec.price_percent is not None and not 0 <= spec.price_percent <= 100:
        raise BadCatalogue(problem=f"{where}: price_percent must lie between 0 and 100.")
    for size, price in spec.pack_prices.items():
        _check_pack(size, price, where)


def write(catalogue: Catalogue) -> str:
    """The catalogue as TOML."""
    lines: list[str] = []
    for service in catalogue.services:
        lines += ["[[service]]", *_pairs(service, ("key", "name", "reportable", "limits")), ""]
    for calendar in catalogue.calendars:
        lines += [f"[calendar.{calendar.calendar}]"]
        lines += [*_pairs(calendar, ("name", "timezone", "holidays")), ""]
        for part in ("hours", "overrides"):
            lines += _table(f"calendar.{calendar.calendar}.{part}", getattr(calendar, part))
    for level in catalogue.levels:
        hours = level.response_time / timedelta(hours=1)
        plain = int(hours) if hours.is_integer() else hours
        lines += [f"[level.{level.level}]", f"response_hours = {plain}"]
        lines += [*_pairs(level, _LEVEL_FIELDS), ""]
        lines += _table(f"level.{level.level}.pack_prices", level.pack_prices)
    return "\n".join(lines)


_LEVEL_FIELDS = (
    "calendar",
    "round_the_clock",
    "channels",
    "services",
    "resources",
    "maintenance",
    "monthly_report",
    "supplied_by",
    "price_percent",
    "first_year_free",
    "evaluation_days",
    "price_text",
)


def _service(data: Any, place: int) -> ServiceSpec:
    where = f"service {place}"
    _only(data, ("key", "name", "limits", "reportable"), where)
    key = _text(data, "key", where)
    if not _KEY.fullmatch(key):
        raise BadCatalogue(problem=f"{where}: {key!r} is no key (a-z, 0-9, _ and - only).")
    return ServiceSpec(
        key,
        _text(data, "name", where),
        _text(data, "limits", where, default="").strip(),
        _flag(data, "reportable", where, default=True),
        place,
    )


def _calendar(key: str, data: Any) -> CalendarSpec:
    where = f"calendar {key}"
    _only(data, ("name", "timezone", "hours", "holidays", "overrides"), where)
    if not _KEY.fullmatch(key):
        raise BadCatalogue(problem=f"{where}: {key!r} is no key (a-z, 0-9, _ and - only).")
    hours = data.get("hours", {})
    _only(hours, WEEKDAYS, f"{where}, hours")
    spec = CalendarSpec(
        key,
        _text(data, "name", where, default=key),
        _text(data, "timezone", where),
        hours,
        data.get("holidays", []),
        data.get("overrides", {}),
    )
    check_calendar(spec)
    return spec


def _level(key: str, data: Any) -> LevelSpec:
    where = f"level {key}"
    _known([key], Level.values, "the file", "level")
    _only(data, ("response_hours", "pack_prices", *_LEVEL_FIELDS), where)
    packs = data.get("pack_prices", {})
    return LevelSpec(
        level=key,
        response_time=timedelta(hours=_number(data, "response_hours", where)),
        calendar=_text(data, "calendar", where),
        channels=_texts(data, "channels", where),
        services=_texts(data, "services", where),
        resources=_texts(data, "resources", where),
        round_the_clock=_flag(data, "round_the_clock", where),
        maintenance=_flag(data, "maintenance", where),
        monthly_report=_flag(data, "monthly_report", where),
        supplied_by=_texts(data, "supplied_by", where),
        price_percent=_percent(data.get("price_percent"), where),
        pack_prices={_check_pack(size, one, where): str(one) for size, one in packs.items()},
        price_text=_text(data, "price_text", where, default=""),
        first_year_free=_flag(data, "first_year_free", where),
        evaluation_days=_days(data.get("evaluation_days"), where),
    )


def _are_windows(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(text, str) for text in one)
        for one in found
    )


def _tables(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise BadCatalogue(problem=f"write each {key} as [{key}.its_key].")
    return found.items()


def _only(data: Any, allowed: Iterable[str], where: str) -> None:
    if not isinstance(data, dict):
        raise BadCatalogue(problem=f"{where} must be a table.")
    _known(data, list(allowed), where, "setting")


def _known(given: Iterable[str], allowed: Collection[str], where: str, what: str) -> None:
    for one in given:
        if one not in allowed:
            choices = ", ".join(allowed)
            raise BadCatalogue(problem=f"{where}: unknown {what} {one!r}. Known: {choices}.")


def _text(data: Mapping[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    found = data.get(key, default)
    if not isinstance(found, str) or (not found.strip() and default is None):
        raise BadCatalogue(problem=f"{where}: {key} must be a text.")
    return found


def _texts(data: Mapping[str, Any], key: str, where: str) -> list[str]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadCatalogue(problem=f"{where}: {key} must be a list of texts.")
    return found


def _flag(data: Mapping[str, Any], key: str, where: str, *, default: bool = False) -> bool:
    found = data.get(key, default)
    if not isinstance(found, bool):
        raise BadCatalogue(problem=f"{where}: {key} must be true or false.")
    return found


def _number(data: Mapping[str, Any], key: str, where: str) -> float:
    found = data.get(key)
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 < found <= 8784:
        raise BadCatalogue(problem=f"{where}: {key} must be a number of hours, more than 0.")
    return found


def _days(found: Any, where: str) -> int | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= 3660:
        raise BadCatalogue(problem=f"{where}: evaluation_days must be a number of days.")
    return found


def _percent(found: Any, where: str) -> Decimal | None:
    if found is None:
        return None
    try:
        return Decimal(str(found)).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise BadCatalogue(problem=f"{where}: price_percent must be a number.") from None


def _check_pack(size: str, price: object, where: str) -> str:
    try:
        fits = int(size) > 0 and Decimal(str(price)) >= 0
    except (ValueError, InvalidOperation):
        fits = False
    if not fits:
        raise BadCatalogue(problem=f"{where}: pack_prices maps incidents to a price, as 5 = 750.")
    return str(int(size))


def _pairs(spec: object, names: Iterable[str]) -> list[str]:
    values = [(name, getattr(spec, name)) for name in names]
    return [f"{name} = {_value(value)}" for name, value in values if value is not None]


def _table(name: str, content: Mapping[str, Any]) -> list[str]:
    if not content:
        return []
    pairs = [f"{json.dumps(key)} = {_value(value)}" for key, value in content.items()]
    return [f"[{name}]", *pairs, ""]


def _value(value: object) -> str:
    """JSON's texts, flags, numbers and lists are TOML's, too."""
    plain = json.dumps(str(value) if isinstance(value, Decimal) else value, ensure_ascii=False)
    return plain.replace("\x7f", "\\u007f")  # TOML wants it escaped, JSON does not
