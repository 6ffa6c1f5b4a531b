"""The windows of a local day: read from what people wrote, joined, checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Windows = Sequence[Sequence[str]]  # pairs of "HH:MM", half-open, "24:00" allowed
Hours = Mapping[str, Windows]  # by "mon".."sun"
Span = tuple[int, int]  # microseconds, half-open

FIRST_YEAR, LAST_YEAR = 2000, 2100  # far beyond any promise; what lies outside is a slip

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_NAMES = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


class CalendarError(ValueError):
    """A calendar that can not be: the sentence says what is wrong with it."""


def week_of(hours: Hours) -> list[tuple[Span, ...]]:
    """The windows of Monday to Sunday; a day without an entry is closed."""
    unknown = sorted(set(hours) - set(WEEKDAYS))
    if unknown:
        raise CalendarError(f"There is no weekday {unknown[0]}; use {', '.join(WEEKDAYS)}.")
    return [union(hours.get(day, ())) for day in WEEKDAYS]


def special_days(
    holidays: Iterable[str], overrides: Mapping[str, Windows]
) -> dict[int, tuple[Span, ...]]:
    """The windows of single days, by ordinal; a holiday beats an override."""
    found = {_ordinal(day): union(windows) for day, windows in overrides.items()}
    found.update({_ordinal(day): () for day in holidays})
    return found


def union(windows: Windows) -> tuple[Span, ...]:
    """Windows of a local day in microseconds from its midnight, in order, overlaps joined."""
    laid: list[Span] = []
    for start, end in sorted((_minutes(one[0]), _minutes(one[1])) for one in windows):
        if end <= start:
            raise CalendarError(
                f"A window ends after it starts; {start // 60:02d}:{start % 60:02d} to"
                f" {end // 60:02d}:{end % 60:02d} does not. Split one over midnight in two."
            )
        if laid and start * MINUTE <= laid[-1][1]:
            laid[-1] = laid[-1][0], max(laid[-1][1], end * MINUTE)
        else:
            laid.append((start * MINUTE, end * MINUTE))
    return tuple(laid)


def overlaps(day: str, windows: Windows) -> list[str]:
    """A sentence for each window that begins before an earlier one has ended."""
    found, latest = [], (-1, "")
    for start, end, words in sorted(
        (_minutes(start), _minutes(end), f"{start} to {end}") for start, end in windows
    ):
        if start < latest[0]:
            found.append(
                f"On {_NAMES.get(day, day)} the windows {latest[1]} and {words} overlap."
                " Join them, or move one."
            )
        latest = max(latest, (end, words))
    return found


def slips(holidays: Iterable[str], overrides: Iterable[str]) -> list[str]:
    """A sentence for each single day that nobody can have meant: of another age, or twice."""
    found, seen = [], set[int]()
    for text in holidays:
        if (day := _ordinal(text)) in seen:
            found.append(f"The holiday {text} stands there twice. Leave one out.")
        seen.add(day)
        found += _out_of_range(text, day)
    return found + [one for text in overrides for one in _out_of_range(text, _ordinal(text))]


def _out_of_range(text: str, ordinal: int) -> list[str]:
    if FIRST_YEAR <= date.fromordinal(ordinal).year <= LAST_YEAR:
        return []
    return [f"{text} is no day of our time. Give one from {FIRST_YEAR} to {LAST_YEAR}."]


def _minutes(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[2]) > 59:
        raise CalendarError(f"“{text}” is no time of the day. Write it as 08:30.")
    total = int(found[1]) * 60 + int(found[2])
    if total > 24 * 60:
        raise CalendarError(f"“{text}” is after midnight. The last time of a day is 24:00.")
    return total


def _ordinal(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError as error:
        raise CalendarError(f"“{text}” is no date. Write it as 2026-12-25.") from error
