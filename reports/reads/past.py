"""What stood at a cut-off, whatever happened since (F1).

Each change writes what was before it into the journal. So what stood at a moment is the `before`
of the first change after it, or the row itself where nothing was changed since.

Two moments cut. An event (an answer, a step, a purchase) belongs to the report when it happened
before the end of the month. A correction of what was believed to have happened (an answer that
came back, a contract that was a mistake, a rating thought over) belongs to it when it was known
by the moment at which the report was made: so a report that is made again as of that moment is the
same to the letter, and a revision, made later, knows better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.journal import label
from core.models import JournalEntry
from entitlements.models import CalendarVersion, LevelVersion
from entitlements.reads.current import working_calendar
from entitlements.rules.calendars import WorkingCalendar
from tickets.models import Incident, Message, ResponseTarget
from tickets.rules.promises.standing import standing

STATES = ("incident.state", "incident.reopened")
PRIORITY = ("incident.priority",)
CORRECTED = "incident.corrected"
DECISIONS = (
    "incident.converted",
    "incident.upgraded",
    "incident.goodwill",
    "incident.gold_elected",
    "incident.gold_gone",
)
PUT_RIGHT = "incident.put_right"
OUTSIDE = ("incident.outside",)
RATED = ("incident.rated",)
MOVED, TAKEN_BACK = "response_target.moved", "incident.answer_taken_back"
_KINDS = (*STATES, *PRIORITY, *DECISIONS, *RATED, *OUTSIDE, CORRECTED, PUT_RIGHT, MOVED, TAKEN_BACK)
_AT_ONCE = 2000  # subjects a query


@dataclass(frozen=True)
class Change:
    kind: str
    at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Cut:
    """Events before `end`, corrections known by `known_at`, which is not before it."""

    end: datetime
    known_at: datetime


@dataclass(frozen=True)
class Changes:
    """What was changed on some incidents since a moment, by incident, oldest first."""

    by_incident: Mapping[int, Sequence[Change]]

    def before(
        self, incident: int, cut: Cut, events: Collection[str], corrections: Collection[str] = ()
    ) -> Any:
        """What the first change that does not belong to the report found; None without one."""
        for one in self.by_incident.get(incident, ()):
            is_later = one.kind in events and one.at >= cut.end
            is_unknown = one.kind in corrections and one.at >= cut.known_at
            if is_later or is_unknown:
                return one.facts.get("before")
        return None

    def moves(self, incident: int, cut: Cut) -> Iterator[Change]:
        """Moves of targets that do not belong to the report.

        One that a correction made, at the same moment, belongs to it as soon as it is known.
        """
        those = self.by_incident.get(incident, ())
        corrected = {one.at for one in those if one.kind == CORRECTED}
        for one in those:
            since = cut.known_at if one.at in corrected else cut.end
            if one.kind == MOVED and one.at >= since:
                yield one

    def taken_back(self, incident: int, cut: Cut) -> Change | None:
        """The first answer that came back later than anybody knew."""
        those = self.by_incident.get(incident, ())
        return next((o for o in those if o.kind == TAKEN_BACK and o.at >= cut.known_at), None)


@dataclass(frozen=True)
class TargetThen:
    """A response target as it stood at a cut-off."""

    incident: int
    cycle: int
    opened_at: datetime
    due_at: datetime
    target: timedelta
    calendar: WorkingCalendar
    met_at: datetime | None
    abandoned_at: datetime | None

    def verdict(self, cut_off: datetime) -> bool | None:
        """From the facts alone (T1): None while nobody can say, or where nothing is owed."""
        found = standing(
            self.due_at, met_at=self.met_at, abandoned_at=self.abandoned_at, at=cut_off
        )
        return found.kept

    def decided_at(self, cut_off: datetime) -> datetime | None:
        """In which moment's month the verdict counts: the answer in time, or the due moment."""
        verdict = self.verdict(cut_off)
        if verdict is None:
            return None
        return self.met_at if verdict else self.due_at

    @property
    def answer_seconds(self) -> int | None:
        """On its own clock."""
        if self.met_at is None:
            return None
        return round(self.calendar.worked(self.opened_at, self.met_at).total_seconds())


def changes_since(incidents: Collection[int], since: datetime) -> Changes:
    """All that was changed on these incidents from `since` on; a query a few thousand."""
    found: dict[int, list[Change]] = defaultdict(list)
    subjects = {label(Incident(pk=pk)): pk for pk in incidents}
    for part in _parts(list(subjects)):
        entries = JournalEntry.objects.filter(subject__in=part, at__gte=since, kind__in=_KINDS)
        for subject, kind, at, facts in entries.order_by("at", "pk").values_list(
            "subject", "kind", "at", "facts"
        ):
            found[subjects[subject]].append(Change(kind, at, facts))
    return Changes(found)


@dataclass(frozen=True)
class Undoing:
    """What the changes of targets name: the versions before, and the answers that came back."""

    targets: Mapping[int, timedelta]  # of a level's version
    calendars: Mapping[int, CalendarVersion]
    said_at: Mapping[int, datetime]  # of a message


def undoing(changes: Changes) -> Undoing:
    """Read once for `target_then`; three queries, and none where no target was changed since."""
    flat = [one for those in changes.by_incident.values() for one in those]
    levels = _named(flat, MOVED, "level_before")
    calendars = _named(flat, MOVED, "calendar_before")
    messages = _named(flat, TAKEN_BACK, "message")
    versions = LevelVersion.objects.filter(pk__in=levels) if levels else ()
    said = Message.objects.filter(pk__in=messages) if messages else ()
    return Undoing(
        {one.pk: one.response_time for one in versions},
        CalendarVersion.objects.in_bulk(calendars) if calendars else {},
        {one.pk: one.sent_at for one in said},
    )


def _named(changes: Iterable[Change], kind: str, fact: str) -> set[int]:
    """What the changes of a kind name; older entries of the journal may lack the fact."""
    return {int(one.facts[fact]) for one in changes if one.kind == kind and one.facts.get(fact)}


def targets_then(
    rows: Iterable[ResponseTarget], changes: Changes, undo: Undoing, cut: Cut
) -> dict[int, list[TargetThen]]:
    """By incident, its targets that were open or closed at the cut-off, oldest first.

    `rows`: with their calendars, in the order of their cycles.
    """
    found: dict[int, list[TargetThen]] = defaultdict(list)
    for row in rows:
        if row.opened_at < cut.end:
            found[row.incident_id].append(_target_then(row, changes, undo, cut))
    for incident, targets in found.items():
        _put_back(targets, changes.taken_back(incident, cut), undo, cut)
    return found


def _target_then(row: ResponseTarget, changes: Changes, undo: Undoing, cut: Cut) -> TargetThen:
    due_at, target, calendar = row.due_at, row.target, row.calendar
    # Only what is open moves, and only one is open at a time.
    moves = (one for one in changes.moves(row.incident_id, cut) if _was_open(row, one.at))
    move = next(moves, None)
    if move is not None:
        due_at = _due_before(row, move)
        target = undo.targets.get(move.facts.get("level_before", 0), target)
        calendar = undo.calendars.get(move.facts.get("calendar_before", 0), calendar)
    return TargetThen(
        incident=row.incident_id,
        cycle=row.cycle,
        opened_at=row.opened_at,
        due_at=due_at,
        target=target,
        calendar=working_calendar(calendar),
        met_at=_until(row.met_at, cut.end),
        abandoned_at=_until(row.abandoned_at, cut.end),
    )


def _was_open(row: ResponseTarget, at: datetime) -> bool:
    ended_at = row.met_at or row.abandoned_at
    return row.opened_at <= at and (ended_at is None or at <= ended_at)


def _due_before(row: ResponseTarget, move: Change) -> datetime:
    """The journal keeps milliseconds; the row has the very first moment in full."""
    before = datetime.fromisoformat(str(move.facts["before"]).replace("Z", "+00:00"))
    first = row.first_due_at
    return first if first and abs(first - before) < timedelta(milliseconds=1) else before


def _put_back(targets: list[TargetThen], change: Change | None, undo: Undoing, cut: Cut) -> None:
    """An answer that came back later than anybody knew was one (C8, F1)."""
    said_at = undo.said_at.get(change.facts.get("message", 0)) if change else None
    if said_at is None or said_at >= cut.end:
        return
    owed = [place for place, one in enumerate(targets) if one.opened_at <= said_at]
    if owed:
        targets[owed[-1]] = replace(targets[owed[-1]], met_at=said_at)


def _until(at: datetime | None, cut_off: datetime) -> datetime | None:
    return at if at is not None and at < cut_off else None


def _parts(subjects: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(subjects), _AT_ONCE):
        yield subjects[start : start + _AT_ONCE]
