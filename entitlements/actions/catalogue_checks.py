"""What no catalogue may say, whether it comes from a file or from the admin. Pure.

Each refusal is `BadCatalogue`: the place, what is wrong there, and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from entitlements.actions.catalogue_spec import CalendarSpec, LevelSpec, ServiceSpec
from entitlements.enums import Channel, Resource, Supplier
from entitlements.errors import BadCatalogue
from entitlements.rules.calendar_text import NAME_LENGTH
from entitlements.rules.calendars import problems

_KEY = re.compile(r"[a-z0-9_-]{1,40}")


def check_key(key: str, where: str) -> None:
    if not _KEY.fullmatch(key):
        raise BadCatalogue(problem=f"{where}: {key!r} is no key (a-z, 0-9, _ and - only).")


def check_service(spec: ServiceSpec) -> None:
    """Refuse a key that the file could not hold."""
    check_key(spec.key, f"service {spec.key}")


def check_calendar(spec: CalendarSpec) -> None:
    """Refuse a broken calendar: empty, inverted or overlapping windows, never open (C5)."""
    where = f"calendar {spec.calendar}"
    check_key(spec.calendar, where)
    if not isinstance(spec.holidays, list) or not all(isinstance(d, str) for d in spec.holidays):
        raise BadCatalogue(problem=f'{where}: holidays is a list of dates, as ["2026-12-25"].')
    if not isinstance(spec.holiday_names, dict) or not all(
        day in spec.holidays and isinstance(name, str) and len(name) <= NAME_LENGTH
        for day, name in spec.holiday_names.items()
    ):
        raise BadCatalogue(
            problem=f'{where}: holiday_names gives holidays a name, as "2026-12-25" ='
            f' "Christmas Day", of up to {NAME_LENGTH} letters. List each day in holidays, too.'
        )
    for windows in (spec.hours, spec.overrides):
        if not isinstance(windows, dict) or not all(map(_are_windows, windows.values())):
            raise BadCatalogue(problem=f'{where}: write windows as [["08:00", "17:00"]].')
    for problem in problems(spec.timezone, spec.hours, spec.holidays, spec.overrides):
        raise BadCatalogue(problem=f"{where}: {problem}")


def check_level(spec: LevelSpec, *, services: Collection[str], calendars: Collection[str]) -> None:
    """Refuse a level that names what does not exist, or promises nothing."""
    where = f"level {spec.level}"
    check_known(spec.services, services, where, "service", make="[[service]]")
    check_known([spec.calendar], calendars, where, "calendar", make="[calendar.its_key]")
    check_known(spec.channels, Channel.values, where, "channel")
    check_known(spec.resources, Resource.values, where, "resource")
    check_known(spec.supplied_by, Supplier.values, where, "supplier")
    if not timedelta(0) < spec.response_time <= timedelta(days=366):
        raise BadCatalogue(problem=f"{where}: response_hours must be more than 0.")
    if not spec.channels:
        raise BadCatalogue(problem=f"{where}: name at least one channel.")
    if spec.price_percent is not None and not 0 <= spec.price_percent <= 100:
        raise BadCatalogue(problem=f"{where}: price_percent must lie between 0 and 100.")
    for size, price in spec.pack_prices.items():
        check_pack(size, price, where)


def check_known(
    given: Iterable[str], allowed: Collection[str], where: str, what: str, *, make: str = ""
) -> None:
    """Refuse what is not `allowed`; `make` is how a file adds such a thing."""
    for one in given:
        if one not in allowed:
            problem = f"{where}: unknown {what} {one!r}. Known: {', '.join(sorted(allowed))}."
            raise BadCatalogue(
                problem=f"{problem} Choose one, or add it as {make}." if make else problem
            )


def check_pack(size: str, price: object, where: str) -> str:
    """The number of incidents, as it is kept; refuses what is no number, or no price."""
    try:
        amount = Decimal(str(price))
        fits = int(size) > 0 and amount.is_finite() and amount >= 0
    except (ValueError, InvalidOperation):
        fits = False
    if not fits:
        raise BadCatalogue(
            problem=f"{where}: pack_prices maps incidents to a price, as 5 = 750.00 with a point;"
            f" {size} = {price!r} is none."
        )
    return str(int(size))


def _are_windows(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(text, str) for text in one)
        for one in found
    )
