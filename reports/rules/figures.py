"""The figures of a report, counted from its rows: whoever adds them up comes to the same. Pure.

A new figure is a function here and its line in `_of_work` (what happened in the month),
`_breakdowns` (parts of a total) or `_of_others` (packs, ratings, people), which `figures` joins: so
the incidents behind it are named. A total is a field of `content.Counts`, too, counted in `counts`,
and needs a step in `schemas` (there is said how). `pdf/opening.py` lays it out on the first page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.rules.content import (
    OUTSIDE_LIMITS,
    Counts,
    IncidentRow,
    ReportContent,
    Spans,
    Tally,
    TargetRow,
    WeekCount,
)
from reports.rules.engaged import figures_of
from reports.rules.months import Month, zone_named

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Named:
    """One thing that a figure counts: an incident, or one of the answers owed on it.

    Of engagements the key of its row, with what it is called.
    """

    incident: str
    cycle: int = 1
    called: str = ""

    @property
    def label(self) -> str:
        if self.called:
            return self.called
        return f"{self.incident} (answer {self.cycle})" if self.cycle > 1 else self.incident


@dataclass(frozen=True)
class Figure:
    """A figure with all that it counts; `key` is stable, for links and programs."""

    key: str
    label: str
    named: tuple[Named, ...]

    @property
    def count(self) -> int:
        return len(self.named)


def reported(rows: Iterable[IncidentRow], bounds: Bounds) -> list[IncidentRow]:
    return [one for one in rows if _within(one.reported_at, bounds)]


def solved(rows: Iterable[IncidentRow], bounds: Bounds) -> list[IncidentRow]:
    """Ended in the month with an answer; closed without any is not solved."""
    return [one for one in rows if one.was_answered and _within(one.ended_at, bounds)]


def closed_unanswered(rows: Iterable[IncidentRow], bounds: Bounds) -> list[IncidentRow]:
    return [one for one in rows if not one.was_answered and _within(one.ended_at, bounds)]


def outside(rows: Iterable[IncidentRow], bounds: Bounds) -> list[IncidentRow]:
    """Of those solved, the ones whose cause is outside what support covers (rule 14)."""
    return [one for one in solved(rows, bounds) if one.state == OUTSIDE_LIMITS]


def open_at_end(rows: Iterable[IncidentRow]) -> list[IncidentRow]:
    return [one for one in rows if one.ended_at is None]


def decided(rows: Iterable[IncidentRow], *, met: bool) -> list[tuple[IncidentRow, TargetRow]]:
    """The answers whose verdict fell in the month: in time, or late (all cycles)."""
    return [(row, one) for row in rows for one in row.targets if one.counts and one.met is met]


def first_answered(rows: Iterable[IncidentRow], bounds: Bounds) -> list[IncidentRow]:
    return [one for one in rows if one.first and _within(one.first.answered_at, bounds)]


def counts(
    rows: Sequence[IncidentRow],
    bounds: Bounds,
    *,
    priorities: Sequence[str] = (),
    channels: Sequence[str] = (),
) -> Counts:
    """All counts of the month; labels in the given order, or by the most first."""
    fresh = reported(rows, bounds)
    return Counts(
        reported=len(fresh),
        solved=len(solved(rows, bounds)),
        closed_unanswered=len(closed_unanswered(rows, bounds)),
        open_at_end=len(open_at_end(rows)),
        targets_met=len(decided(rows, met=True)),
        targets_breached=len(decided(rows, met=False)),
        escalated=_tallies((r.escalated_in_month for r in rows), sorted({"TS2", "TS3"})),
        by_priority=_tallies((one.priority for one in fresh), priorities),
        by_service=_tallies(one.service for one in fresh),
        by_channel=_tallies((one.channel for one in fresh), channels),
        by_cause=_tallies(one.cause for one in solved(rows, bounds)),
    )


def first_answer(rows: Iterable[IncidentRow], bounds: Bounds) -> Spans:
    firsts = (row.first for row in first_answered(rows, bounds))
    return Spans.of(one.answer_seconds for one in firsts if one and one.answer_seconds is not None)


def solving(rows: Iterable[IncidentRow], bounds: Bounds) -> Spans:
    spans = (one.solving_seconds for one in solved(rows, bounds))
    return Spans.of(seconds for seconds in spans if seconds is not None)


def weeks(rows: Sequence[IncidentRow], month: Month, timezone: str) -> tuple[WeekCount, ...]:
    zone, bounds = zone_named(timezone), month.bounds(timezone)
    came = [one.reported_at.astimezone(zone).date() for one in reported(rows, bounds)]
    went = [one.ended_at.astimezone(zone).date() for one in solved(rows, bounds) if one.ended_at]
    return tuple(
        WeekCount(
            first_on=first,
            last_on=last,
            reported=sum(first <= day <= last for day in came),
            solved=sum(first <= day <= last for day in went),
        )
        for first, last in month.weeks()
    )


def figures(content: ReportContent) -> tuple[Figure, ...]:
    """Every figure of the report with its incidents; () where an early report did not keep them."""
    if not content.names_its_rows:
        return ()
    parts = (_of_work, _breakdowns, _of_others, _of_engagements)
    found = [one for part in parts for one in part(content)]
    return tuple(one for one in found if one.named)


def _of_work(content: ReportContent) -> list[Figure]:
    rows, bounds = content.incidents, content.bounds
    late, met = decided(rows, met=False), decided(rows, met=True)
    return [
        _figure("reported", "Reported", reported(rows, bounds)),
        _figure("solved", "Solved", solved(rows, bounds)),
        _figure("outside", "Outside the limits of support", outside(rows, bounds)),
        _figure("closed", "Closed without an answer", closed_unanswered(rows, bounds)),
        _figure("open", "Open at the month’s end", open_at_end(rows)),
        Figure("late", "Answered late, or not at all", _answers(late)),
        Figure("met", "Answered in time", _answers(met)),
        _figure("first", "Time to first answer", first_answered(rows, bounds)),
        _figure("solving", "Time of solving", solved(rows, bounds)),
    ]


def _breakdowns(content: ReportContent) -> list[Figure]:
    fresh, sums = reported(content.incidents, content.bounds), content.counts
    ended = solved(content.incidents, content.bounds)
    parts: tuple[tuple[str, Sequence[Tally], Sequence[IncidentRow], _Field], ...] = (
        ("Priority", sums.by_priority, fresh, lambda one: one.priority),
        ("Service", sums.by_service, fresh, lambda one: one.service),
        ("Channel", sums.by_channel, fresh, lambda one: one.channel),
        ("Cause", sums.by_cause, ended, lambda one: one.cause),
        ("Escalated to", sums.escalated, content.incidents, lambda one: one.escalated_in_month),
    )
    return [
        _figure(
            f"{title.split()[0].lower()}-{place}",
            f"{title} {tally.label}",
            [one for one in rows if field(one) == tally.label],
        )
        for title, tallies, rows, field in parts
        for place, tally in enumerate(tallies)
    ]


def _of_others(content: ReportContent) -> list[Figure]:
    spent = [number for pack in content.gold for number in pack.spent_on]
    returned = [number for pack in content.gold for number in pack.refunded_on]
    rated = [one.incident for one in content.satisfaction.given]
    people = [
        Figure(f"person-{place}", f"Took part: {one.name}", _plain(one.incidents))
        for place, one in enumerate(content.people)
    ]
    return [
        Figure("gold-spent", "Gold incidents spent", _plain(spent)),
        Figure("gold-returned", "Gold incidents given back", _plain(returned)),
        Figure("rated", "Satisfaction", _plain(rated)),
        *people,
    ]


def _of_engagements(content: ReportContent) -> list[Figure]:
    return [
        Figure(one.key, one.label, tuple(Named(row.key, called=row.label) for row in one.rows))
        for one in figures_of(content.engaged, content.bounds)
    ]


_Field = Callable[[IncidentRow], str]


def _figure(key: str, label: str, rows: Iterable[IncidentRow]) -> Figure:
    return Figure(key, label, _plain(one.number for one in rows))


def _plain(numbers: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(number) for number in numbers)


def _answers(pairs: Iterable[tuple[IncidentRow, TargetRow]]) -> tuple[Named, ...]:
    return tuple(Named(row.number, one.cycle) for row, one in pairs)


def _tallies(labels: Iterable[str], order: Sequence[str] = ()) -> tuple[Tally, ...]:
    """How many of each, in the given order of labels or by the most frequent first."""
    found = Counter(label for label in labels if label)
    if order:
        return tuple(Tally(label=one, count=found[one]) for one in order if found[one])
    by_count = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Tally(label=label, count=count) for label, count in by_count)


def _within(at: datetime | None, bounds: Bounds) -> bool:
    return at is not None and bounds[0] <= at < bounds[1]
