"""A year of a calendar, day by day: when it opens, holidays, clock changes (C2). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from entitlements.rules.calendars import Segment, WorkingCalendar
from entitlements.rules.windows import WEEKDAYS, Windows
from entitlements.rules.zones import constant_pieces, zone_of

FIRST_YEAR, LAST_YEAR = 1970, 9998  # what aware moments of a whole year allow

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_NOTHING = timedelta(0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ClockChange:
    """A change of the wall clock: the local times `first` to `last` are skipped or come twice."""

    first: datetime  # naive, as the wall clock shows them
    last: datetime
    skipped: bool


@dataclass(frozen=True)
class YearDay:
    """A local day. `open` is real time; a skipped hour is not in it, a repeated one is twice."""

    on: date
    open: timedelta
    windows: tuple[tuple[str, str], ...]  # as promised, in the wall clock of the day
    is_holiday: bool
    is_override: bool
    changes: tuple[ClockChange, ...]

    @property
    def is_closed(self) -> bool:
        return not self.open


@dataclass(frozen=True)
class YearMonth:
    first: date
    days: tuple[YearDay, ...]

    @property
    def open(self) -> timedelta:
        return sum((day.open for day in self.days), _NOTHING)

    @property
    def blanks(self) -> range:
        """The empty places before the first day in a week that begins on Monday."""
        return range(self.first.weekday())


@dataclass(frozen=True)
class Year:
    number: int
    months: tuple[YearMonth, ...]

    @property
    def open(self) -> timedelta:
        return sum((month.open for month in self.months), _NOTHING)

    @property
    def days(self) -> list[YearDay]:
        return [day for month in self.months for day in month.days]


def year_of(
    calendar: WorkingCalendar,
    number: int,
    *,
    hours: Mapping[str, Windows],
    holidays: Iterable[str] = (),
    overrides: Mapping[str, Windows] | None = None,
) -> Year:
    """The days of the year `number` in the calendar's zone, with what was written for each.

    The open time is the calendar's own; `hours`, `holidays` and `overrides` are the same that it
    was made from. A holiday beats an override. ValueError outside 1970 to 9998.
    """
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(f"There is no year {number} here.")
    closed = {date.fromisoformat(one) for one in holidays}
    special = {date.fromisoformat(day): windows for day, windows in (overrides or {}).items()}
    opened = _opened(calendar, number)
    changes = _changes(calendar.timezone, number)
    days = []
    for ordinal in range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()):
        on = date.fromordinal(ordinal)
        week = hours.get(WEEKDAYS[on.weekday()], ())
        windows = () if on in closed else special.get(on, week)
        days.append(
            YearDay(
                on,
                opened.get(on, _NOTHING),
                tuple(sorted((one[0], one[1]) for one in windows)),
                on in closed,
                on in special and on not in closed,
                tuple(changes.get(on, ())),
            )
        )
    months = (tuple(day for day in days if day.on.month == month) for month in range(1, 13))
    return Year(number, tuple(YearMonth(month[0].on, month) for month in months))


def _opened(calendar: WorkingCalendar, number: int) -> dict[date, timedelta]:
    """Open time by local day; the neighbours' days are in it where zones reach over."""
    # A local day lies within the UTC days before, of, and after its own date.
    start = datetime(number, 1, 1, tzinfo=UTC) - timedelta(days=1)
    end = datetime(number + 1, 1, 1, tzinfo=UTC) + timedelta(days=1)
    segments: list[Segment] = calendar.segments(start, end)
    found: dict[date, timedelta] = {}
    for one in segments:
        found[one.day] = found.get(one.day, _NOTHING) + one.length
    return found


def _changes(timezone: str, number: int) -> dict[date, list[ClockChange]]:
    """The clock changes of a year by the local day on which the old clock saw them."""
    zone = zone_of(timezone)
    first = date(number, 1, 1).toordinal() - _EPOCH_DAY
    last = date(number + 1, 1, 1).toordinal() - _EPOCH_DAY
    found: dict[date, list[ClockChange]] = {}
    before = constant_pieces(zone, first - 2)[-1][2]
    for utc_day in range(first - 1, last + 1):
        for start, _, offset in constant_pieces(zone, utc_day):
            if offset != before:
                one = _change(start, before, offset)
                found.setdefault(one.first.date(), []).append(one)
            before = offset
    return found


def _change(at: int, before: int, after: int) -> ClockChange:
    low, high = sorted((before, after))
    return ClockChange(_wall(at + low), _wall(at + high), skipped=after > before)


def _wall(micros: int) -> datetime:
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None)
