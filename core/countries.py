"""Countries, and what the clocks show there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Country:
    """`zones` are those IANA zones whose clocks differ, the capital's or the first one first."""

    code: str
    name: str
    zones: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """By ISO 3166 code."""
    text = (files("core") / "countries.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {code: Country(code, name, tuple(zones.split())) for code, name, zones in rows}


def country_name(region: str) -> str:
    """ "Romania" for "RO"; "" for what is no country."""
    found = countries().get(region)
    return found.name if found else ""


def local_times(region: str, at: datetime) -> tuple[datetime, ...]:
    """What clocks in `region` show at the aware moment `at`: one, or the earliest and latest."""
    found = countries().get(region)
    if found is None:
        return ()
    there = sorted((at.astimezone(ZoneInfo(zone)) for zone in found.zones), key=_on_the_wall)
    first, last = there[0], there[-1]
    return (first,) if _on_the_wall(first) == _on_the_wall(last) else (first, last)


def clock_there(region: str, at: datetime) -> str:
    """ "Romania, where it is 14:05", or a span where a country has several zones; "" for none."""
    name, times = country_name(region), local_times(region, at)
    if not times:
        return name
    span = f"{times[0]:%H:%M}" if len(times) == 1 else f"{times[0]:%H:%M} to {times[-1]:%H:%M}"
    return f"{name}, where it is {span}"


def _on_the_wall(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
