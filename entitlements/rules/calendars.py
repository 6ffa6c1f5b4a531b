"""Working time: when a target is due, and how much was worked between two moments (C1, C2, C4).

Windows belong to the wall clock of each local day: 08:00 is 08:00 in summer and winter, minutes
that a clock change skips do not exist, repeated ones count twice. They are kept in UTC, by UTC
day, since only there what comes later always has the greater number. Pure: no Django, no clock,
no database.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from entitlements.rules.windows import (
    DAY,
    WEEKDAYS,
    CalendarError,
    Hours,
    Span,
    Windows,
    overlaps,
    slips,
    special_days,
    week_of,
)
from entitlements.rules.zones import constant_pieces, zone_of

__all__ = [
    "WEEKDAYS",
    "CalendarError",
    "NoWorkingTime",
    "Pause",
    "Segment",
    "WorkingCalendar",
    "problems",
]

Pause = tuple[datetime, datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_LAST_DAY = date(9999, 12, 28).toordinal() - _EPOCH_DAY  # beyond it datetime ends
_BLOCK = 256  # days that are summed together
_HORIZON = 200 * 366  # days; far beyond any promise, so that a search always ends
_NEAR = 8  # days that are walked one by one: the usual promise ends within a week


class NoWorkingTime(CalendarError):
    """The calendar does not open often enough to ever reach the target (C5)."""

    def __init__(self) -> None:
        super().__init__("This calendar does not open often enough. Give it working hours.")


@dataclass(frozen=True)
class Segment:
    """A piece of counted time: its local day, and its two aware UTC moments."""

    day: date
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class WorkingCalendar:
    """When somebody works, in one IANA time zone.

    `hours` maps "mon".."sun" to lists of ("HH:MM", "HH:MM"), half-open, "24:00" allowed; a day
    without an entry is closed. `holidays` are closed ISO dates. `overrides` maps an ISO date to
    that day's windows; a holiday beats it. Windows that overlap count once: `problems` refuses
    them where a calendar is saved (C5). Raises `CalendarError` for what has no meaning at all.

    All moments are aware, to the microsecond, a naive one is a ValueError; results are in UTC.
    Days once looked at are remembered, so keep a calendar. Safe to share between threads.
    """

    def __init__(
        self,
        timezone: str,
        hours: Hours,
        holidays: Iterable[str] = (),
        overrides: Mapping[str, Windows] | None = None,
    ) -> None:
        self.timezone = timezone
        self._zone = zone_of(timezone)
        self._week = week_of(hours)
        self._special = special_days(holidays, overrides or {})
        self._always = all(day == ((0, DAY),) for day in self._week) and not self._special
        self._days: dict[int, tuple[Span, ...]] = {}
        self._blocks: dict[int, list[int]] = {}
        self._lengths: dict[tuple[int, int], int] = {}

    @classmethod
    def always(cls, timezone: str) -> WorkingCalendar:
        """Round the clock: absolute time, whatever the wall clocks do."""
        return cls(timezone, {day: [("00:00", "24:00")] for day in WEEKDAYS})

    @property
    def is_round_the_clock(self) -> bool:
        return self._always

    def due(self, start: datetime, target: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest UTC moment at which `target` of open, unpaused time passed since `start`.

        `pauses` may come in any order and overlap. Raises `NoWorkingTime` when that moment never
        comes.
        """
        owed = target // _MICROSECOND
        if owed < 0:
            raise ValueError("A target is not negative.")
        cursor = _micros(start)
        for pause_start, pause_end in _merged(pauses):
            if pause_end <= cursor:
                continue
            before = self._worked(cursor, pause_start) if pause_start > cursor else 0
            if owed <= before:
                break
            owed -= before
            cursor = pause_end
        return _moment(self._due(cursor, owed))

    def worked(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """The open time from `start` to `end` without the pauses; zero when `end` is before."""
        first, last = _micros(start), _micros(end)
        if last <= first:
            return timedelta(0)
        total = self._worked(first, last)
        for pause_start, pause_end in _merged(pauses):
            lost_from, lost_to = max(first, pause_start), min(last, pause_end)
            if lost_to > lost_from:
                total -= self._worked(lost_from, lost_to)
        return timedelta(microseconds=total)

    def next_open(self, at: datetime) -> datetime:
        """The first open UTC moment at or after `at`. Raises `NoWorkingTime` without one."""
        return _moment(self._due(_micros(at), 1) - 1)

    def segments(self, start: datetime, end: datetime) -> list[Segment]:
        """The counted pieces from `start` to `end`, a piece or more for each local day."""
        first, last = _micros(start), _micros(end)
        found: list[tuple[int, int, int]] = []
        for number in range(first // DAY, last // DAY + 1):
            for day, opens, closes in self._laid_out(number):
                opens, closes = max(opens, first), min(closes, last)
                if closes <= opens:
                    continue
                if found and found[-1][0] == day and found[-1][2] == opens:
                    opens = found.pop()[1]
                found.append((day, opens, closes))
        return [
            Segment(date.fromordinal(day), _moment(opens), _moment(closes))
            for day, opens, closes in found
        ]

    def _due(self, cursor: int, owed: int) -> int:
        """The first microsecond at which `owed` microseconds were worked from `cursor` on."""
        if owed == 0:
            return cursor
        number = cursor // DAY
        if self._always:
            if number + owed // DAY >= _LAST_DAY:
                raise NoWorkingTime
            return cursor + owed
        for day in range(number, number + _NEAR):
            for opens, closes in self._windows(day):
                opens = max(opens, cursor)
                if closes > opens:
                    if owed <= closes - opens:
                        return opens + owed
                    owed -= closes - opens
        return self._due_far(number + _NEAR, owed)

    def _due_far(self, number: int, owed: int) -> int:
        """The same from the beginning of a UTC day on, by sums of many days."""
        owed += self._before(number)
        for block in range(number // _BLOCK, self._last_day(number) // _BLOCK + 1):
            sums = self._sums(block)
            if owed <= sums[-1]:
                index = bisect_left(sums, owed) - 1
                day = block * _BLOCK + index
                return self._due(day * DAY, owed - sums[index])
            owed -= sums[-1]
        raise NoWorkingTime

    def _last_day(self, number: int) -> int:
        """The last day to look at when searching from the UTC day `number` on."""
        horizon = min(number + _HORIZON, _LAST_DAY - _BLOCK)
        if any(self._week):
            return horizon
        # A local day lies within the UTC days before, of, and after its own date.
        return min(horizon, max(self._special, default=0) - _EPOCH_DAY + 1)

    def _worked(self, first: int, last: int) -> int:
        if self._always:
            return last - first
        first_day, last_day = first // DAY, last // DAY
        if last_day - first_day <= 2 * _NEAR:
            return sum(self._in_day(day, first, last) for day in range(first_day, last_day + 1))
        total = self._in_day(first_day, first, last) + self._in_day(last_day, first, last)
        total += self._before(last_day) - self._before(first_day + 1)
        for block in range((first_day + 1) // _BLOCK, last_day // _BLOCK):
            total += self._sums(block)[-1]
        return total

    def _in_day(self, number: int, first: int, last: int) -> int:
        windows = self._windows(number)
        return sum(max(0, min(closes, last) - max(opens, first)) for opens, closes in windows)

    def _before(self, number: int) -> int:
        """Worked before the UTC day `number`, counted from the beginning of its block."""
        return self._sums(number // _BLOCK)[number % _BLOCK]

    def _sums(self, block: int) -> list[int]:
        """The running sums of worked time of a block's days; the last is the whole block."""
        found = self._blocks.get(block)
        if found is None:
            days = range(block * _BLOCK, (block + 1) * _BLOCK)
            found = self._blocks[block] = [0, *accumulate(map(self._length, days))]
        return found

    def _length(self, number: int) -> int:
        """Worked in a UTC day; by weekday and offset alone where nothing special is near."""
        pieces = constant_pieces(self._zone, number)
        ordinal = number + _EPOCH_DAY
        near = (ordinal - 1, ordinal, ordinal + 1)
        if len(pieces) > 1 or not self._special.keys().isdisjoint(near):
            return sum(closes - opens for _, opens, closes in self._laid_out(number))
        plain = number % 7, pieces[0][2]
        found = self._lengths.get(plain)
        if found is None:
            laid = self._laid_out(number)
            found = self._lengths[plain] = sum(closes - opens for _, opens, closes in laid)
        return found

    def _windows(self, number: int) -> tuple[Span, ...]:
        """The open windows of a UTC day in UTC microseconds, in order."""
        found = self._days.get(number)
        if found is None:
            laid = tuple((opens, closes) for _, opens, closes in self._laid_out(number))
            found = self._days[number] = laid
        return found

    def _laid_out(self, number: int) -> Iterator[tuple[int, int, int]]:
        """The open windows of a UTC day, in order, with the ordinal of the local day of each."""
        for start, end, offset in constant_pieces(self._zone, number):
            first, last = (start + offset) // DAY, (end + offset - 1) // DAY
            for local in range(first, last + 1):
                midnight = local * DAY - offset
                for opens, closes in self._on(local + _EPOCH_DAY):
                    opens, closes = max(midnight + opens, start), min(midnight + closes, end)
                    if opens < closes:
                        yield local + _EPOCH_DAY, opens, closes

    def _on(self, ordinal: int) -> tuple[Span, ...]:
        special = self._special.get(ordinal)
        return self._week[(ordinal - 1) % 7] if special is None else special


def problems(
    timezone: str,
    hours: Hours,
    holidays: Iterable[str] = (),
    overrides: Mapping[str, Windows] | None = None,
) -> list[str]:
    """What forbids saving such a calendar (C5), in sentences; empty when nothing does."""
    holidays = list(holidays)
    try:
        WorkingCalendar(timezone, hours, holidays, overrides)
    except CalendarError as error:
        return [str(error)]
    days = [*hours.items(), *(overrides or {}).items()]
    found = [sentence for day, windows in days for sentence in overlaps(day, windows)]
    found += slips(holidays, overrides or {})
    if not any(hours.values()):
        found.append("The calendar never opens. Give at least one weekday a window.")
    return found


def _merged(pauses: Iterable[Pause]) -> list[Span]:
    """Pauses in order, joined where they overlap; empty and inverted ones left out."""
    merged: list[Span] = []
    for start, end in sorted((_micros(one), _micros(two)) for one, two in pauses):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _micros(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone has no meaning here.")
    return (at - _EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
