"""Why a target was due when it was: each counted piece of time, and why the gaps (C1, C2). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from entitlements.rules.calendars import WorkingCalendar
from entitlements.rules.windows import WEEKDAYS, Windows
from entitlements.rules.words import span_in_words
from entitlements.rules.zones import zone_of

_INSTANT = timedelta(microseconds=1)
_WEEKEND = (5, 6)


@dataclass(frozen=True)
class Days:
    """What a calendar says about its days: as it was written, holidays with their names."""

    hours: Mapping[str, Windows]
    holidays: Mapping[str, str]  # ISO date to its name; "" for one without
    overrides: Mapping[str, Windows]


@dataclass(frozen=True)
class Counted:
    """A piece of counted time; `total` is all that was counted up to its end. Moments are UTC."""

    start: datetime
    end: datetime
    total: timedelta
    note: str = ""  # of a clock change within it

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Gap:
    """Time that did not count, and why, in words: "night", "weekend", a holiday by its name."""

    start: datetime
    end: datetime
    reasons: tuple[str, ...]

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Proof:
    """The way from `start` to `due_at` without a hole: pieces that count, and gaps between."""

    start: datetime
    due_at: datetime
    target: timedelta
    steps: tuple[Counted | Gap, ...]

    @property
    def counted(self) -> tuple[Counted, ...]:
        return tuple(one for one in self.steps if isinstance(one, Counted))


def prove(calendar: WorkingCalendar, start: datetime, target: timedelta, days: Days) -> Proof:
    """The steps of `calendar.due(start, target)`; their counted lengths add up to `target` exactly.

    `days` says what the calendar was made from. Aware moments; `target` is not negative. Raises
    `NoWorkingTime` where the due moment never comes (C5).
    """
    due_at = calendar.due(start, target)
    zone = zone_of(calendar.timezone)
    steps: list[Counted | Gap] = []
    total, reached = timedelta(0), start
    for begins, ends in _pieces(calendar, start, due_at):
        if begins > reached:
            steps.append(Gap(reached, begins, _reasons(zone, reached, begins, days, bool(total))))
        total += ends - begins
        steps.append(Counted(begins, ends, total, _change(zone, begins, ends)))
        reached = ends
    return Proof(start, due_at, target, tuple(steps))


def _pieces(
    calendar: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The counted pieces, joined over midnight where nothing lies between."""
    if calendar.is_round_the_clock:
        if end > start:
            yield start, end
        return
    begun: tuple[datetime, datetime] | None = None
    for one in calendar.segments(start, end):
        if begun and begun[1] == one.start:
            begun = begun[0], one.end
            continue
        if begun:
            yield begun
        begun = one.start, one.end
    if begun:
        yield begun


def _reasons(
    zone: ZoneInfo, start: datetime, end: datetime, days: Days, has_counted: bool
) -> tuple[str, ...]:
    """Each reason once, in the order of the days; a change of the clock last."""
    first, last = _day(zone, start), _day(zone, end - _INSTANT)
    found = [
        _closed(date.fromordinal(one), days)
        for one in range(first.toordinal(), last.toordinal() + 1)
    ]
    if first != last and "" in found:
        found.insert(0, "night")
    elif first == last and found == [""]:
        found = ["break" if has_counted else "before opening"]
    change = _change(zone, start, end)
    return tuple(dict.fromkeys(one for one in [*found, change] if one))


def _closed(on: date, days: Days) -> str:
    """Why a local day counts for nothing; "" for one with windows. A holiday beats the rest."""
    text = on.isoformat()
    if text in days.holidays:
        return f"holiday on {_date(on)}" + (f": {one}" if (one := days.holidays[text]) else "")
    if text in days.overrides:
        return "" if days.overrides[text] else f"closed on {_date(on)}"
    if days.hours.get(WEEKDAYS[on.weekday()]):
        return ""
    return "weekend" if on.weekday() in _WEEKEND else f"closed on {on:%A}"


def _change(zone: ZoneInfo, start: datetime, end: datetime) -> str:
    """What the wall clock did between two moments, in words; "" where it ran on."""
    before, after = start.astimezone(zone).utcoffset(), end.astimezone(zone).utcoffset()
    assert before is not None, "a zone of IANA has an offset"
    assert after is not None, "a zone of IANA has an offset"
    if before == after:
        return ""
    way = "forward" if after > before else "back"
    return f"the clocks go {way} by {span_in_words(abs(after - before))}"


def _day(zone: ZoneInfo, at: datetime) -> date:
    return at.astimezone(zone).date()


def _date(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B}"
