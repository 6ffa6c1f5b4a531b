"""Public holidays by country and region, from the `holidays` package.

A calendar's version keeps plain dates and names, so that no later release of the package moves
a promise (C4). Reads and writes nothing.
"""

from __future__ import annotations

import holidays
from holidays.registry import COUNTRIES

from entitlements.errors import UnknownCountry, UnknownRegion, YearsOutside
from entitlements.rules.windows import FIRST_YEAR, LAST_YEAR

MANY_YEARS = 30
_LANGUAGE = "en_US"  # the programme's; where the package has no English, the country's own


def public_holidays(
    country: str, region: str = "", *, first_year: int, last_year: int
) -> dict[str, str]:
    """Name by ISO date, in order: the public holidays of a country, and of one of its regions.

    `country` is an ISO code or an English name ("DE", "Germany"), `region` a code or a name of
    the package ("BY", "Bayern"). Refuses with `UnknownCountry`, `UnknownRegion`, `YearsOutside`.
    """
    if not (FIRST_YEAR <= first_year <= last_year <= LAST_YEAR):
        raise YearsOutside(first=FIRST_YEAR, last=LAST_YEAR, most=MANY_YEARS)
    if last_year - first_year >= MANY_YEARS:
        raise YearsOutside(first=FIRST_YEAR, last=LAST_YEAR, most=MANY_YEARS)
    code = _country(country)
    kind = type(holidays.country_holidays(code))
    found = holidays.country_holidays(
        code,
        subdiv=_region(kind, code, region),
        years=range(first_year, last_year + 1),
        language=_LANGUAGE if _LANGUAGE in kind.supported_languages else None,
    )
    return {day.isoformat(): name for day, name in sorted(found.items())}


def _country(given: str) -> str:
    wanted = given.strip()
    if wanted.upper() in holidays.list_supported_countries():
        return wanted.upper()
    named = COUNTRIES.get(wanted.lower().replace(" ", "_").replace("-", "_"))
    if named is None:
        raise UnknownCountry(given=given)
    return str(named[1])


def _region(kind: type[holidays.HolidayBase], code: str, given: str) -> str | None:
    wanted = given.strip()
    if not wanted:
        return None
    known = {one.lower(): one for one in kind.subdivisions}
    known |= {name.lower(): one for name, one in kind.subdivisions_aliases.items()}
    found = known.get(wanted.lower().removeprefix(f"{code.lower()}-"))
    if found is None:
        choices = ", ".join(sorted(kind.subdivisions)) or "none"
        raise UnknownRegion(given=given, country=code, choices=choices)
    return found
