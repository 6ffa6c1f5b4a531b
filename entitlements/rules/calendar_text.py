"""A calendar as a person types it, a line a day, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from entitlements.rules.windows import WEEKDAYS, CalendarError, Windows

NAME_LENGTH = 120  # of a holiday

_LINE = re.compile(r"(\S+?):?(?:\s+(.*))?")
_FROM_TO = re.compile(r"([0-9:]+)\s*(?:-|–|to)\s*([0-9:]+)")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = {name.lower(): key for name, key in zip(_NAMES, WEEKDAYS, strict=True)}
_DAYS |= {key: key for key in WEEKDAYS}

Written = dict[str, list[list[str]]]


def hours_in_lines(hours: Mapping[str, Windows]) -> str:
    """ "mon 08:00-12:00, 13:00-17:00", a line for each weekday that opens."""
    return "\n".join(f"{day} {_windows(hours[day])}" for day in WEEKDAYS if hours.get(day))


def hours_of(text: str) -> Written:
    """The windows by weekday; "mon-fri 08:00-17:00" is five days. `CalendarError` says what is
    wrong with a line."""
    found: Written = {}
    for first, rest in _lines(text):
        for day in _weekdays(first):
            if day in found:
                raise CalendarError(f"“{day}” stands there twice. Give each weekday one line.")
            found[day] = _read(rest, f"{first} {rest}")
    return found


def overrides_in_lines(overrides: Mapping[str, Windows]) -> str:
    """ "2026-12-24 08:00-12:00" or "2026-12-31 closed", a line a day."""
    return "\n".join(
        f"{day} {_windows(windows) or 'closed'}" for day, windows in sorted(overrides.items())
    )


def overrides_of(text: str) -> Written:
    """The windows of single days by ISO date. `CalendarError` as above."""
    found: Written = {}
    for first, rest in _lines(text):
        day = _date(first)
        if day in found:
            raise CalendarError(f"{day} stands there twice. Give each day one line.")
        found[day] = _read(rest, f"{first} {rest}")
    return found


def holidays_in_lines(holidays: Mapping[str, str]) -> str:
    """ "2026-12-25 Christmas Day", a line a day, in order."""
    return "\n".join(f"{day} {name}".rstrip() for day, name in sorted(holidays.items()))


def holidays_of(text: str) -> dict[str, str]:
    """Name by ISO date, in order of the dates; "" without a name. `CalendarError` as above."""
    found: dict[str, str] = {}
    for first, rest in _lines(text):
        day = _date(first)
        if day in found:
            raise CalendarError(f"{day} stands there twice. Leave one of the two lines out.")
        if len(rest) > NAME_LENGTH:
            raise CalendarError(f"The name on {day} is too long: {NAME_LENGTH} letters fit.")
        found[day] = rest
    return dict(sorted(found.items()))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found:
            yield found[1], (found[2] or "").strip()


def _weekdays(text: str) -> list[str]:
    first, _, last = text.lower().replace("–", "-").partition("-")
    for one in (first, last or first):
        if one not in _DAYS:
            raise CalendarError(f"There is no weekday {one}; use {', '.join(WEEKDAYS)}.")
    start, end = WEEKDAYS.index(_DAYS[first]), WEEKDAYS.index(_DAYS[last or first])
    if end < start:
        raise CalendarError(f"“{text}” runs backwards. Write it as mon-fri, or a line a day.")
    return list(WEEKDAYS[start : end + 1])


def _read(text: str, line: str) -> list[list[str]]:
    if text.lower() == "closed":
        return []
    windows = []
    for part in text.split(","):
        found = _FROM_TO.fullmatch(part.strip())
        if found is None:
            raise CalendarError(
                f"“{line.strip()}” has no hours. Write them as 08:00-12:00, 13:00-17:00, or closed."
            )
        windows.append([found[1], found[2]])
    return windows


def _date(text: str) -> str:
    """In the one form that is kept, also of 20261225."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CalendarError(f"“{text}” is no date. Write it as 2026-12-25.") from None


def _windows(windows: Windows) -> str:
    return ", ".join(f"{one[0]}-{one[1]}" for one in windows)
