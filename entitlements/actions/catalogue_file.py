"""The catalogue as a readable file: TOML in, checked. No database, so that the migration which
loads the shipped catalogue can read it, too.

`read(text)` gives a `Catalogue` or refuses with `BadCatalogue`, one clear sentence that names the
place. `catalogue_text.write(catalogue)` gives text that `read` understands as the same catalogue.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from entitlements.actions.catalogue_checks import (
    check_calendar,
    check_key,
    check_known,
    check_pack,
)
from entitlements.actions.catalogue_spec import (
    LEVEL_FIELDS,
    CalendarSpec,
    Catalogue,
    LevelSpec,
    ServiceSpec,
)
from entitlements.enums import Level
from entitlements.errors import BadCatalogue
from entitlements.rules.calendars import WEEKDAYS

_CALENDAR = ("name", "timezone", "hours", "holidays", "holiday_names", "overrides")

SHIPPED = Path(__file__).resolve().parent.parent / "catalogue.toml"


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
    keys: set[str] = set()
    return Catalogue(
        [_service(one, place, keys) for place, one in enumerate(services, start=1)],
        [_calendar(key, one) for key, one in _tables(data, "calendar")],
        [_level(key, one) for key, one in _tables(data, "level")],
    )


def _service(data: Any, place: int, keys: set[str]) -> ServiceSpec:
    """The service at `place`, whose key is added to the `keys` of those before it."""
    where = f"service {place}"
    _only(data, ("key", "name", "limits", "reportable", "position"), where)
    key = _text(data, "key", where)
    check_key(key, where)
    if key in keys:
        raise BadCatalogue(problem=f"{where}: {key!r} stands in the file twice. Leave one out.")
    keys.add(key)
    where = f"{where} ({key})"
    return ServiceSpec(
        key,
        _text(data, "name", where),
        _text(data, "limits", where, default="").strip(),
        _flag(data, "reportable", where, default=True),
        _position(data.get("position", place), where),
    )


def _calendar(key: str, data: Any) -> CalendarSpec:
    where = f"calendar {key}"
    _only(data, _CALENDAR, where)
    hours = data.get("hours", {})
    _only(hours, WEEKDAYS, f"{where}, hours")
    spec = CalendarSpec(
        key,
        _text(data, "name", where, default=key),
        _text(data, "timezone", where),
        hours,
        _holidays(data.get("holidays", [])),
        data.get("overrides", {}),
        data.get("holiday_names", {}),
    )
    check_calendar(spec)
    return spec


def _level(key: str, data: Any) -> LevelSpec:
    where = f"level {key}"
    check_known([key], Level.values, "the file", "level")
    _only(data, ("response_hours", "pack_prices", *LEVEL_FIELDS), where)
    packs = data.get("pack_prices", {})
    if not isinstance(packs, dict):
        raise BadCatalogue(problem=f"{where}: pack_prices must be a table.")
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
        pack_prices={check_pack(size, one, where): str(one) for size, one in packs.items()},
        price_text=_text(data, "price_text", where, default=""),
        first_year_free=_flag(data, "first_year_free", where),
        evaluation_days=_days(data.get("evaluation_days"), where),
    )


def _tables(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise BadCatalogue(problem=f"write each {key} as [{key}.its_key].")
    return found.items()


def _only(data: Any, allowed: Iterable[str], where: str) -> None:
    if not isinstance(data, dict):
        raise BadCatalogue(problem=f"{where} must be a table.")
    check_known(data, list(allowed), where, "setting")


def _text(data: Mapping[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    found = data.get(key, default)
    if not isinstance(found, str) or (not found.strip() and default is None):
        raise BadCatalogue(problem=f"{where}: {key} must be a text in quotes.")
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


def _position(found: Any, where: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 32_767:
        raise BadCatalogue(problem=f"{where}: position must be a whole number, 0 or more.")
    return found


def _holidays(found: Any) -> Any:
    """TOML has dates of its own; both ways of writing one are understood."""
    if not isinstance(found, list):
        return found  # refused with the calendar's other problems
    return [one.isoformat() if type(one) is date else one for one in found]


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
        percent = Decimal(str(found)).quantize(Decimal("0.01"))
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite():
        raise BadCatalogue(problem=f"{where}: price_percent must be a number, as 20.00.")
    return percent
