"""A weekly pattern, laid out into shifts. Pure: no Django, no clock, no database.

A window such as 22:00 to 06:00 ends on the next day. Wall clocks are laid through
`entitlements.rules.calendars`, so that a night in which the clocks change is as long as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from entitlements.rules.calendars import WEEKDAYS, CalendarError, WorkingCalendar

Weekly = Mapping[str, Sequence[Sequence[str]]]  # by "mon".."sun": pairs of "HH:MM"

_DAY = 24 * 60
_WEEK = 7 * _DAY
_SAME_OCCURRENCE = timedelta(hours=12)  # a window comes once a week, so a shorter gap is within one
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Laid:
    """One shift: the local day on which it begins, and its two aware UTC moments."""

    day: date
    starts_at: datetime
    ends_at: datetime


def read_windows(text: str) -> list[tuple[str, str]]:
    """`08:00-12:00, 22:00-06:00` as pairs; raises `CalendarError` for what is no window."""
    found = []
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-\u2013]\s*", "-", text.strip()))):
        start, dash, end = part.partition("-")
        if not dash:
            raise CalendarError(f"“{part}” is no window. Write it as 08:00-17:00.")
        found.append((start, end))
    return found


def problems(timezone: str, weekly: Weekly) -> list[str]:
    """What forbids such a pattern, in sentences; empty when nothing does."""
    try:
        WorkingCalendar(timezone, {})
        windows = _minutes_of_week(weekly)
    except CalendarError as error:
        return [str(error)]
    if not windows:
        return ["This pattern has no shift at all. Give at least one weekday a window."]
    found = []
    following = [*windows[1:], (windows[0][0] + _WEEK, windows[0][1] + _WEEK)]
    for (_, end), (start, _) in zip(windows, following, strict=True):
        if start < end:
            found.append(
                f"A shift that begins on {_NAMES[start % _WEEK // _DAY]} at {_clock(start)}"
                " overlaps the one before. Move or shorten one."
            )
    return found


def lay_out(timezone: str, weekly: Weekly, first_on: date, last_on: date) -> list[Laid]:
    """The shifts that begin on the local days from `first_on` to `last_on`, inclusive, in order.

    What a clock change skips does not exist: a window that lies wholly in it gives no shift.
    """
    start = datetime.combine(first_on, time(), UTC) - timedelta(days=2)
    end = datetime.combine(last_on, time(), UTC) + timedelta(days=4)
    found: list[Laid] = []
    for index, day in enumerate(WEEKDAYS):
        for window in weekly.get(day, ()):
            calendar = _calendar(timezone, index, window)
            found += _shifts(calendar, index, start, end)
    laid = [one for one in found if first_on <= one.day <= last_on]
    return sorted(laid, key=lambda one: one.starts_at)


def _shifts(calendar: WorkingCalendar, weekday: int, start: datetime, end: datetime) -> list[Laid]:
    """The pieces of one weekly window, those of one occurrence joined.

    They touch over midnight. Where the clocks go back, one that begins or ends in the hour which
    comes twice falls in two pieces; whoever began a shift is not off duty in between.
    """
    found: list[Laid] = []
    for piece in calendar.segments(start, end):
        if found and piece.start - found[-1].ends_at < _SAME_OCCURRENCE:
            found[-1] = Laid(found[-1].day, found[-1].starts_at, piece.end)
        elif piece.day.weekday() == weekday or found:
            found.append(Laid(piece.day, piece.start, piece.end))
    return [one for one in found if one.day.weekday() == weekday]


def _calendar(timezone: str, weekday: int, window: Sequence[str]) -> WorkingCalendar:
    start, end = _minutes(window[0]), _minutes(window[1])
    day, following = WEEKDAYS[weekday], WEEKDAYS[(weekday + 1) % 7]
    if start < end:
        return WorkingCalendar(timezone, {day: [window]})
    hours: dict[str, list[Sequence[str]]] = {day: [(window[0], "24:00")]}
    if end:
        hours[following] = [("00:00", window[1])]
    return WorkingCalendar(timezone, hours)


def _minutes_of_week(weekly: Weekly) -> list[tuple[int, int]]:
    """Each window in minutes since Monday's midnight; one over midnight ends after its day."""
    unknown = sorted(set(weekly) - set(WEEKDAYS))
    if unknown:
        raise CalendarError(f"There is no weekday {unknown[0]}; use {', '.join(WEEKDAYS)}.")
    found = []
    for index, day in enumerate(WEEKDAYS):
        for opens, closes in weekly.get(day, ()):
            start, end = _minutes(opens), _minutes(closes)
            if start in (end, _DAY):
                raise CalendarError(
                    f"On {_NAMES[index]} the window {opens} to {closes} has no length."
                    " Give two different times; round the clock is 00:00-24:00."
                )
            found.append((index * _DAY + start, index * _DAY + end + _DAY * (end < start)))
    return sorted(found)


def _minutes(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > _DAY:
        raise CalendarError(f"“{text}” is no time of the day. Write it as 08:30.")
    return int(found[1]) * 60 + int(found[2])


def _clock(minutes: int) -> str:
    return f"{minutes % _DAY // 60:02d}:{minutes % 60:02d}"
