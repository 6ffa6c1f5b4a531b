"""Working time: when a target is due, and how much was worked between two moments (C1, C2, C4).

Windows are laid out on the wall clock of each local day and turned into UTC there, so 08:00 is
08:00 in summer and winter; minutes that a clock change skips do not exist, repeated ones count
twice. Pure: no Django, no clock, no database.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = Mapping[str, Sequence[Sequence[str]]]
Pause = tuple[datetime, datetime]
Span = tuple[int, int]  # microseconds: of the local day, or since the epoch in UTC

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEARS_AHEAD = 200  # far beyond any promise, so that a search always ends


class CalendarError(ValueError):
    """A calendar that can not be: the sentence says what is wrong with it."""


class NoWorkingTime(CalendarError):
    """The calendar does not open often enough to ever reach the target (C5)."""


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
    them where a calendar is saved. Raises `CalendarError` for what has no meaning at all.

    All moments are aware; results are in UTC. Safe to share between threads.
    """

    def __init__(
        self,
        timezone: str,
        hours: Hours,
        holidays: Iterable[str] = (),
        overrides: Mapping[str, Sequence[Sequence[str]]] | None = None,
    ) -> None:
        self.timezone = timezone
        self._zone = _zone(timezone)
        unknown = sorted(set(hours) - set(WEEKDAYS))
        if unknown:
            raise CalendarError(f"There is no weekday {unknown[0]}; use {', '.join(WEEKDAYS)}.")
        self._week = [_union(hours.get(day, ())) for day in WEEKDAYS]
        self._special = {_ordinal(day): _union(spans) for day, spans in (overrides or {}).items()}
        self._special.update({_ordinal(day): () for day in holidays})
        self._last_special = max(self._special, default=0)
        self._always = all(day == ((0, _DAY),) for day in self._week) and not self._special
        self._days: dict[int, tuple[Span, ...]] = {}
        self._years: dict[int, _Year] = {}

    @classmethod
    def always(cls, timezone: str) -> WorkingCalendar:
        """Round the clock: absolute time, whatever the wall clocks do."""
        return cls(timezone, {day: [("00:00", "24:00")] for day in WEEKDAYS})

    @property
    def is_round_the_clock(self) -> bool:
        return self._always

    def due(self, start: datetime, target: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """The earliest UTC moment at which `target` of open, unpaused time passed since `start`.

        Raises `NoWorkingTime` when that moment never comes.
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
        start = _micros(at)
        if self._always:
            return _moment(start)
        return _moment(self._due(start, 1) - 1)

    def segments(self, start: datetime, end: datetime) -> list[Segment]:
        """The counted pieces from `start` to `end`, a piece or more for each local day."""
        first, last = _micros(start), _micros(end)
        pieces = []
        for ordinal in range(self._ordinal_at(first), self._ordinal_at(last) + 1):
            for opens, closes in self._windows(ordinal):
                counted = max(opens, first), min(closes, last)
                if counted[1] > counted[0]:
                    day = date.fromordinal(ordinal)
                    pieces.append(Segment(day, _moment(counted[0]), _moment(counted[1])))
        return pieces

    def _due(self, cursor: int, owed: int) -> int:
        """The first microsecond at which `owed` microseconds were worked from `cursor` on."""
        if owed == 0:
            return cursor
        if self._always:
            return cursor + owed
        ordinal = self._ordinal_at(cursor)
        for day in range(ordinal, ordinal + 8):  # the usual promise ends within a week
            for opens, closes in self._windows(day):
                opens = max(opens, cursor)
                if closes > opens:
                    if owed <= closes - opens:
                        return opens + owed
                    owed -= closes - opens
        return self._due_far(ordinal + 8, owed)

    def _due_far(self, ordinal: int, owed: int) -> int:
        """The same from the beginning of a local day, by yearly sums instead of day by day."""
        first = date.fromordinal(ordinal).year
        for number in range(first, min(first + _YEARS_AHEAD, 9999)):
            if not any(self._week) and date(number, 1, 1).toordinal() > self._last_special:
                break
            year = self._year(number)
            skipped = year.before(ordinal)
            if owed <= year.total - skipped:
                day, rest = year.find(owed + skipped)
                return self._due(self._windows(day)[0][0], rest)
            owed -= year.total - skipped
        raise NoWorkingTime("This calendar does not open often enough. Give it working hours.")

    def _worked(self, first: int, last: int) -> int:
        if self._always:
            return last - first
        first_day, last_day = self._ordinal_at(first), self._ordinal_at(last)
        if last_day - first_day <= 14:
            return sum(self._in_day(day, first, last) for day in range(first_day, last_day + 1))
        total = self._in_day(first_day, first, last) + self._in_day(last_day, first, last)
        years = range(date.fromordinal(first_day).year, date.fromordinal(last_day).year + 1)
        for year in map(self._year, years):
            total += year.before(last_day) - year.before(first_day + 1)
        return total

    def _in_day(self, ordinal: int, first: int, last: int) -> int:
        windows = self._windows(ordinal)
        return sum(max(0, min(closes, last) - max(opens, first)) for opens, closes in windows)

    def _windows(self, ordinal: int) -> tuple[Span, ...]:
        """The open windows of a local day in UTC microseconds, in order."""
        found = self._days.get(ordinal)
        if found is None:
            spans = self._special.get(ordinal)
            if spans is None:
                spans = self._week[(ordinal - 1) % 7]
            found = self._days[ordinal] = _in_utc(self._zone, ordinal, spans)
        return found

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            first = date(number, 1, 1).toordinal()
            days = range(first, date(number + 1, 1, 1).toordinal())
            worked = [sum(end - start for start, end in self._windows(day)) for day in days]
            found = self._years[number] = _Year(first, worked)
        return found

    def _ordinal_at(self, micros: int) -> int:
        return _moment(micros).astimezone(self._zone).toordinal()


class _Year:
    """The worked time of a year's days as running sums, in microseconds."""

    def __init__(self, first: int, worked: list[int]) -> None:
        self._first = first
        self._sums = [0, *accumulate(worked)]

    @property
    def total(self) -> int:
        return self._sums[-1]

    def before(self, ordinal: int) -> int:
        """Worked in this year before the day `ordinal`, which may lie outside of the year."""
        return self._sums[min(max(ordinal - self._first, 0), len(self._sums) - 1)]

    def find(self, owed: int) -> tuple[int, int]:
        """The day in which `owed` is reached, and what of it is left at that day's beginning."""
        index = bisect_left(self._sums, owed) - 1
        return self._first + index, owed - self._sums[index]


def problems(
    timezone: str,
    hours: Hours,
    holidays: Iterable[str] = (),
    overrides: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> list[str]:
    """What forbids saving such a calendar (C5), in sentences; empty when nothing does."""
    days = list(hours.items()) + list((overrides or {}).items())
    try:
        WorkingCalendar(timezone, hours, holidays, overrides)
    except CalendarError as error:
        return [str(error)]
    found = [sentence for day, spans in days for sentence in _overlaps(day, spans)]
    if not any(hours.values()):
        found.append("The calendar never opens. Give at least one weekday a window.")
    return found


def _overlaps(day: str, spans: Sequence[Sequence[str]]) -> list[str]:
    laid = sorted((_minutes(start), _minutes(end), f"{start} to {end}") for start, end in spans)
    return [
        f"On {day} the windows {one[2]} and {two[2]} overlap. Join them, or move one."
        for one, two in zip(laid, laid[1:], strict=False)
        if two[0] < one[1]
    ]


def _union(spans: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    """Windows of a local day in microseconds from its midnight, in order, overlaps joined."""
    laid: list[Span] = []
    for start, end in sorted((_minutes(one[0]), _minutes(one[1])) for one in spans):
        if end <= start:
            raise CalendarError(
                f"A window ends after it starts; {start // 60:02d}:{start % 60:02d} to"
                f" {end // 60:02d}:{end % 60:02d} does not. Split one over midnight in two."
            )
        if laid and start * _MINUTE <= laid[-1][1]:
            laid[-1] = laid[-1][0], max(laid[-1][1], end * _MINUTE)
        else:
            laid.append((start * _MINUTE, end * _MINUTE))
    return tuple(laid)


def _minutes(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and int(minute) < 60):
        raise CalendarError(f"“{text}” is no time of the day. Write it as 08:30.")
    total = int(hour) * 60 + int(minute)
    if total > 24 * 60:
        raise CalendarError(f"“{text}” is after midnight. The last time of a day is 24:00.")
    return total


def _ordinal(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError as error:
        raise CalendarError(f"“{text}” is no date. Write it as 2026-12-25.") from error


def _in_utc(zone: ZoneInfo, ordinal: int, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Local windows of a day as UTC ones, cut where the clock changes."""
    if not spans:
        return ()
    midnight = (ordinal - _EPOCH_DAY) * _DAY  # of the local day, as if it were UTC
    pieces: list[Span] = []
    for first, last, offset in _pieces(zone, midnight):
        for start, end in spans:
            opens = max(midnight + start - offset, first)
            closes = min(midnight + end - offset, last)
            if closes <= opens:
                continue
            if pieces and pieces[-1][1] == opens:
                pieces[-1] = pieces[-1][0], closes
            else:
                pieces.append((opens, closes))
    return tuple(pieces)


def _pieces(zone: ZoneInfo, midnight: int) -> list[tuple[int, int, int]]:
    """UTC spans of constant offset that hold every instant of a local day, with the offset."""
    first, last = midnight - 15 * _HOUR, midnight + _DAY + 15 * _HOUR
    found, start, offset = [], first, _offset(zone, first)
    for probe in range(first + 6 * _HOUR, last + 1, 6 * _HOUR):
        after = _offset(zone, probe)
        if after != offset:
            change = _change(zone, probe - 6 * _HOUR, probe)
            found.append((start, change, offset))
            start, offset = change, after
    found.append((start, last, offset))
    return found


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The instant, to the second, at which the offset changes between two moments."""
    target = _offset(zone, after)
    second = 1_000_000
    seconds = range(before // second, after // second + 1)
    return (
        seconds[bisect_right(seconds, False, key=lambda at: _offset(zone, at * second) == target)]
        * second
    )


@lru_cache(maxsize=4096)
def _offset(zone: ZoneInfo, micros: int) -> int:
    offset = _moment(micros).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _MICROSECOND


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(
            f"“{name}” is no IANA time zone. Give one such as Europe/Berlin."
        ) from error


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
