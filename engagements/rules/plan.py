"""Plans of phases: laid out from a template in working days, moved, compared with the baseline.

Pure. A day is a working day where `is_open` says so; offsets count working days from the start
(0 is the first) or back from go-live (0 is the day itself, -1 the working day before) (N2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

START, GOLIVE = "start", "golive"
IsOpen = Callable[[date], bool]
_DAY = timedelta(days=1)
_FURTHEST = 2000  # working days; a calendar that opens less often than once a year is a mistake


@dataclass(frozen=True)
class TaskTemplate:
    title: str
    for_customer: bool = False


@dataclass(frozen=True)
class PhaseTemplate:
    """From the `first` to the `last` offset of its anchor, both inclusive."""

    name: str
    anchor: str
    first: int
    last: int
    tasks: tuple[TaskTemplate, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "anchor": self.anchor,
            "first": self.first,
            "last": self.last,
            "tasks": [{"title": t.title, "for_customer": t.for_customer} for t in self.tasks],
        }

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> PhaseTemplate:
        tasks = tuple(TaskTemplate(t["title"], t["for_customer"]) for t in given["tasks"])
        return cls(given["name"], given["anchor"], given["first"], given["last"], tasks)


@dataclass(frozen=True)
class Span:
    """Days, both inclusive."""

    starts_on: date
    ends_on: date


class PlanFault(ValueError):
    """A template or days that make no plan; the text says why."""


def weekdays(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def working_day(day: date, offset: int, is_open: IsOpen = weekdays) -> date:
    """The working day `offset` after `day` (before it, if negative).

    0 is `day` itself, or the next working day where it is none.
    """
    step = _DAY if offset >= 0 else -_DAY
    here = day
    while not is_open(here):
        here += _DAY if offset >= 0 else -_DAY
        if abs((here - day).days) > _FURTHEST:
            raise PlanFault("There is no working day near.")
    if offset < 0 and here != day:  # the working day before a free one is the first step back
        offset += 1
    for _ in range(abs(offset)):
        here += step
        while not is_open(here):
            here += step
    return here


def working_days_between(first: date, last: date, is_open: IsOpen = weekdays) -> int:
    """How many working days after `first` `last` is; negative if before."""
    if last < first:
        return -working_days_between(last, first, is_open)
    return sum(is_open(first + _DAY * n) for n in range(1, (last - first).days + 1))


def lay_out(
    phases: Sequence[PhaseTemplate], *, start: date, golive: date | None, is_open: IsOpen = weekdays
) -> list[Span]:
    """The days of each phase. Raises `PlanFault`, for example where a phase would end before it
    starts, or needs a go-live day that nobody gave."""
    found = []
    for phase in phases:
        day = start if phase.anchor == START else golive
        if day is None:
            raise PlanFault(f"“{phase.name}” counts from the go-live day: say when that is.")
        span = Span(working_day(day, phase.first, is_open), working_day(day, phase.last, is_open))
        if span.ends_on < span.starts_on:
            raise PlanFault(f"“{phase.name}” would end before it starts.")
        if span.starts_on < start:
            raise PlanFault(
                f"“{phase.name}” would begin on {span.starts_on:%d %B %Y}, before the start:"
                " choose a later go-live, or an earlier start."
            )
        found.append(span)
    return found


def followers_moved(
    before: Span, after: Span, followers: Sequence[Span], is_open: IsOpen = weekdays
) -> list[Span]:
    """Where those that follow a phase stand when its end moves later; sooner moves nothing."""
    by = working_days_between(before.ends_on, after.ends_on, is_open)
    if by <= 0:
        return list(followers)
    return [
        Span(working_day(one.starts_on, by, is_open), working_day(one.ends_on, by, is_open))
        for one in followers
    ]


def read_template(text: str) -> list[PhaseTemplate]:
    """From what a manager writes: a line a phase, its tasks below it, each after a dash.

        Pilot design | start | 0 | 9
        - Fill in the requirements (customer)
        Go-live | golive | 0 | 0

    Raises `PlanFault` with the line that is wrong.
    """
    found: list[PhaseTemplate] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("-"):
            if not found:
                raise PlanFault(f"Line {number}: a task stands below its phase.")
            found[-1] = _with_task(found[-1], line[1:].strip())
        else:
            found.append(_phase(line, number))
    if not found:
        raise PlanFault("Write at least one phase.")
    return found


def write_template(phases: Sequence[PhaseTemplate]) -> str:
    """As `read_template` reads it."""
    lines = []
    for phase in phases:
        lines.append(f"{phase.name} | {phase.anchor} | {phase.first} | {phase.last}")
        lines += [f"- {t.title}{' (customer)' if t.for_customer else ''}" for t in phase.tasks]
    return "\n".join(lines)


def _phase(line: str, number: int) -> PhaseTemplate:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 4 or parts[1] not in (START, GOLIVE) or not parts[0]:
        raise PlanFault(f"Line {number}: write name | start or golive | first day | last day.")
    try:
        first, last = int(parts[2]), int(parts[3])
    except ValueError:
        raise PlanFault(f"Line {number}: first and last day are whole numbers.") from None
    if last < first:
        raise PlanFault(f"Line {number}: “{parts[0]}” would end before it starts.")
    if max(abs(first), abs(last)) > 1000:
        raise PlanFault(f"Line {number}: at most 1,000 working days.")
    return PhaseTemplate(parts[0][:120], parts[1], first, last)


def _with_task(phase: PhaseTemplate, title: str) -> PhaseTemplate:
    theirs = title.endswith("(customer)")
    title = title.removesuffix("(customer)").strip()[:200]
    tasks = (*phase.tasks, TaskTemplate(title, theirs))
    return PhaseTemplate(phase.name, phase.anchor, phase.first, phase.last, tasks)
