"""A decision and a due moment in plain words. Reads nothing; the caller has the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from entitlements.enums import Channel, Level
from entitlements.models import CalendarVersion, CoverageDecision
from entitlements.reads.coverage_summary import promise_of
from entitlements.reads.current import working_calendar
from entitlements.rules.words import exact_span_in_words, span_in_words

_MANY = 14  # pieces of working time that are worth reading one by one


@dataclass(frozen=True)
class Clock:
    """How a due moment came about. Moments are aware; `calendar` names the zone of the lines."""

    calendar: CalendarVersion
    opened_at: datetime
    target: timedelta
    due_at: datetime
    lines: list[str]


@dataclass(frozen=True)
class Weighed:
    """One entitlement that was weighed: `code` for programs, `sentence` for people."""

    level: str
    label: str
    code: str
    sentence: str

    @property
    def is_chosen(self) -> bool:
        return self.code == "chosen"


@dataclass(frozen=True)
class Explanation:
    """A decision as the customer's and the engineer's page show it (rule 2).

    `headline` is "Premium, 6 hours, round the clock" or "Not covered"; `notes` say what was out
    of the ordinary; `weighed` has every entitlement with its reason, best first; `remedies` say
    what would cover the report. `clock` is None where none runs.
    """

    decision: CoverageDecision
    headline: str
    notes: list[str]
    weighed: list[Weighed]
    remedies: list[str]
    clock: Clock | None = None

    @property
    def is_spoken(self) -> bool:
        """Whether it was decided as if an engineer had logged the call (E2)."""
        return Channel(self.decision.channel).facts.spoken

    @property
    def reasons(self) -> list[str]:
        return [*self.notes, *(one.sentence for one in self.weighed)]


def explain(decision: CoverageDecision, clock: Clock | None = None) -> Explanation:
    """Why the decision is as it is, as customer and engineer read it (rule 2)."""
    level = decision.level
    headline = f"{level.get_level_display()}, {promise_of(level)}" if level else "Not covered"
    notes = []
    if decision.gold_depleted:
        notes.append("Gold was chosen, but the last Gold incident had just been spent.")
    if decision.goodwill:
        notes.append("An engineer accepted the report out of goodwill.")
    weighed = [
        Weighed(one["level"], Level(one["level"]).label, one["code"], one["sentence"])
        for one in decision.considered
    ]
    return Explanation(decision, headline, notes, weighed, list(decision.remedies), clock)


def promised_clock(decision: CoverageDecision, reader: tzinfo | None = None) -> Clock | None:
    """The clock that the decision's level would start at its moment; None when nothing covers."""
    level = decision.level
    if level is None:
        return None
    due_at = working_calendar(level.calendar).due(decision.at, level.response_time)
    return clock_of(
        level.calendar,
        opened_at=decision.at,
        target=level.response_time,
        due_at=due_at,
        reader=reader,
    )


def clock_of(
    calendar: CalendarVersion,
    *,
    opened_at: datetime,
    target: timedelta,
    due_at: datetime,
    reader: tzinfo | None = None,
) -> Clock:
    """A clock that runs, or ran; `reader` is the time zone of whoever reads the lines."""
    lines = due_lines(calendar, start=opened_at, target=target, due_at=due_at, reader=reader)
    return Clock(calendar, opened_at, target, due_at, lines)


def due_lines(
    calendar: CalendarVersion,
    *,
    start: datetime,
    target: timedelta,
    due_at: datetime,
    reader: tzinfo | None = None,
) -> list[str]:
    """How the clock ran from `start` to `due_at`, a line a day, on the calendar's own wall clock.

    "Monday 15 June, 10:00 to 17:00: 7 hours". Round the clock there is one line, on the reader's
    wall clock, for no working hours bind it to the calendar's. Long promises are cut in the
    middle. A due moment that is not `target` after `start` was moved meanwhile (R6): the last
    line says so.
    """
    zone: tzinfo = ZoneInfo(calendar.timezone)
    counted = working_calendar(calendar)
    worked = counted.worked(start, due_at)
    if counted.is_round_the_clock:
        zone = reader or zone
        line = f"{_moment(start, zone)} plus {exact_span_in_words(worked)}"
        return [f"{line} is {_moment(due_at, zone)}.", *_moved(worked, target)]
    lines = [
        f"{_moment(one.start, zone)} to {_clock(one.end, zone)}:"
        f" {exact_span_in_words(_whole(one.end) - _whole(one.start))}"
        for one in counted.segments(start, due_at)
    ]
    if len(lines) > _MANY:
        half = _MANY // 2
        lines = [*lines[:half], f"({len(lines) - 2 * half} more days)", *lines[-half:]]
    last = f"Together {exact_span_in_words(worked)}: due {_moment(due_at, zone)}"
    last += f" ({calendar.timezone})"
    if reader is not None and due_at.astimezone(reader).utcoffset() != _offset(due_at, zone):
        last += f", which is {_moment(due_at, reader)} for you"
    return [*lines, f"{last}.", *_moved(worked, target)]


def _moved(worked: timedelta, target: timedelta) -> list[str]:
    if worked == target:
        return []
    return [f"The due moment was moved while the clock ran: the target is {span_in_words(target)}."]


def _offset(at: datetime, zone: tzinfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {_clock(at, zone)}"


def _whole(at: datetime) -> datetime:
    """As the lines show it: the lengths must add up to what can be read."""
    return at.replace(microsecond=0)


def _clock(at: datetime, zone: tzinfo) -> str:
    """ "17:00"; with seconds where there are any, so that the lines add up."""
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
