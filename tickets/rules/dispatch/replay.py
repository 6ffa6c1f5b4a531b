"""What rules of dispatch would have done with incidents that came in already. Pure.

A replay gives each incident out in its turn to the engineers as they were: on duty or not, with
what the replay itself gave them before. Told as it was are the moments at which an incident came,
was taken, and was finished; whoever has it. The same incidents replayed by two sets of rules differ
by the rules alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from entitlements.rules.calendars import WorkingCalendar
from tickets.rules.dispatch.choosing import (
    Candidate,
    Considered,
    Engineer,
    Reason,
    Standing,
    Wanted,
    candidate,
    decide,
)
from tickets.rules.dispatch.settings import DispatchRules


@dataclass(frozen=True)
class Past:
    """An engineer as they were; `spans` is when they were on duty, half-open and in order."""

    engineer: Engineer
    partner: int | None
    serves: frozenset[int]  # organisations; none in particular means all of them
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Held:
    """An incident that somebody had when the time began, until it was finished."""

    incident: int
    owner: int
    priority: int
    received_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Arrival:
    """An incident that came in. `partner` is that of the customer, where partners supply it.

    `taken_at` is when an engineer first did anything on it, `first_owner` who was given it then.
    """

    incident: int
    number: str
    subject: str
    organisation: int
    partner: int | None
    wanted: Wanted
    priority: int
    received_at: datetime
    taken_at: datetime | None
    finished_at: datetime | None
    target: timedelta
    due_at: datetime
    calendar: WorkingCalendar
    first_owner: int | None = None


@dataclass(frozen=True)
class History:
    """What happened in [start, end): the people, what they had, what came in."""

    start: datetime
    end: datetime
    people: Sequence[Past]
    held: Sequence[Held]
    arrivals: Sequence[Arrival]


@dataclass
class Course:
    """How it went with one incident: the decisions, the last one last; none: nobody was left."""

    arrival: Arrival
    decisions: list[list[Considered]] = field(default_factory=list)
    found_nobody: bool = False  # when it came
    asks_leads: bool = False

    @property
    def had(self) -> list[int]:
        return [one[0].person for one in self.decisions]

    @property
    def last(self) -> Considered | None:
        return self.decisions[-1][0] if self.decisions else None


@dataclass
class Share:
    """What an engineer had of the arrivals at last, and the most that they had at one moment."""

    given: int = 0
    most: int = 0


@dataclass(frozen=True)
class Replay:
    """What rules did: each incident's course, in the order of arrival, each engineer's share."""

    courses: Sequence[Course]
    shares: dict[int, Share]


def replay(history: History, rules: DispatchRules) -> Replay:
    """Let the history happen under these rules."""
    return _Desk(history, rules).run()


# At the same moment: who goes is off duty, what is finished makes room, who comes is on duty, and
# only then is something given out.
_GOES, _FINISHED, _COMES, _LAPSES, _ARRIVES = range(5)


class _Desk:
    """The desk while the history happens once more."""

    def __init__(self, history: History, rules: DispatchRules) -> None:
        self._rules = rules
        self._end = history.end
        self._people = {one.engineer.person: one for one in history.people}
        self._on_duty: set[int] = set()
        self._owned: dict[int, dict[int, tuple[int, datetime]]] = {pk: {} for pk in self._people}
        self._last: dict[int, datetime | None] = dict.fromkeys(self._people)
        self._owners: dict[int, int] = {}
        self._courses = {one.incident: Course(one) for one in history.arrivals}
        self._shares = {pk: Share() for pk in self._people}
        self._waiting: list[Course] = []
        self._events: list[tuple[datetime, int, int, int]] = []
        self._order = count()
        for held in history.held:
            self._own(held.owner, held.incident, held.priority, held.received_at)
            self._plan(held.finished_at, _FINISHED, held.incident)
        for past in history.people:
            for begins, ends in past.spans:
                self._plan(begins, _COMES, past.engineer.person)
                self._plan(ends, _GOES, past.engineer.person)
        for arrival in history.arrivals:
            self._plan(arrival.received_at, _ARRIVES, arrival.incident)
            self._plan(arrival.finished_at, _FINISHED, arrival.incident)

    def run(self) -> Replay:
        while self._events:
            at, kind, _, which = heapq.heappop(self._events)
            free = self._happens(kind, which, at)
            if free and self._waiting:
                self._give_what_waits(free | self._others_who_come(at), at)
        for course in self._courses.values():
            if course.last is not None:
                self._shares[course.last.person].given += 1
        return Replay(list(self._courses.values()), self._shares)

    def _happens(self, kind: int, which: int, at: datetime) -> set[int]:
        """One event; who can be given something since."""
        if kind == _GOES:
            self._on_duty.discard(which)
        elif kind == _COMES:
            self._on_duty.add(which)
            return {which}
        elif kind == _FINISHED:
            return self._finish(which)
        elif kind == _ARRIVES:
            self._arrive(self._courses[which], at)
        else:
            self._lapse(self._courses[which], at)
        return set()

    def _others_who_come(self, at: datetime) -> set[int]:
        """The rest of a shift that begins at one moment, so that they share what waits."""
        found = set()
        while self._events and self._events[0][:2] == (at, _COMES):
            found.add(heapq.heappop(self._events)[3])
        self._on_duty |= found
        return found

    def _arrive(self, course: Course, at: datetime) -> None:
        if not self._give(course, at):
            course.found_nobody = True
            self._waiting.append(course)

    def _lapse(self, course: Course, at: datetime) -> None:
        """Its engineer did not take it in time: to another, or the leads are asked."""
        if _taken(course.arrival, at) or course.asks_leads:
            return
        tries = len(course.decisions)
        if tries >= self._rules.most_tries or not self._give(course, at):
            course.asks_leads = True

    def _give_what_waits(self, free: set[int], at: datetime) -> None:
        """What found nobody goes to those who have room or duty since now, the urgent first."""
        self._waiting.sort(key=lambda one: (one.arrival.priority, one.arrival.received_at))
        still = []
        for number, course in enumerate(self._waiting):
            free = {pk for pk in free if self._has_room(pk)}
            if not free:
                still += self._waiting[number:]
                break
            if _finished(course.arrival, at):
                continue
            if not self._give(course, at, free):
                still.append(course)
        self._waiting = still

    def _give(self, course: Course, at: datetime, among: Iterable[int] | None = None) -> bool:
        arrival = course.arrival
        had = course.had
        people = self._people.values() if among is None else [self._people[pk] for pk in among]
        candidates = [
            self._candidate(past, arrival, had) for past in people if _is_asked(past, arrival)
        ]
        considered = decide(arrival.wanted, candidates, self._rules)
        if not considered or considered[0].reason != Reason.CHOSEN:
            return False
        chosen = considered[0].person
        if chosen in had:
            return False
        course.decisions.append(considered)
        self._disown(arrival.incident)
        if not _finished(arrival, at):
            self._own(chosen, arrival.incident, arrival.priority, arrival.received_at)
        share = self._shares[chosen]
        share.most = max(share.most, len(self._owned[chosen]))
        if not _taken(arrival, at):
            take_by = arrival.calendar.due(at, arrival.target * self._rules.take_within / 100)
            if take_by < arrival.due_at:
                self._plan(take_by, _LAPSES, arrival.incident)
        return True

    def _candidate(self, past: Past, arrival: Arrival, had: Sequence[int]) -> Candidate:
        person = past.engineer.person
        owned = self._owned[person]
        serves = not past.serves or arrival.organisation in past.serves
        on_duty = person in self._on_duty
        urgent = 0  # nobody compares what those have who are not asked
        if serves and on_duty:
            urgent = sum(1 for priority, _ in owned.values() if priority <= arrival.priority)
        standing = Standing(
            serves=serves,
            on_duty=on_duty,
            did_not_take=person in had,
            load=len(owned),
            urgent=urgent,
            last_given_at=self._last[person],
        )
        return candidate(past.engineer, arrival.wanted, standing, self._rules.capacity)

    def _has_room(self, person: int) -> bool:
        room = self._people[person].engineer.capacity or self._rules.capacity
        return len(self._owned[person]) < room

    def _finish(self, incident: int) -> set[int]:
        """Who has room since."""
        owner = self._disown(incident)
        return {owner} if owner is not None and owner in self._on_duty else set()

    def _own(self, person: int, incident: int, priority: int, received_at: datetime) -> None:
        if person not in self._owned:
            return  # somebody who is given nothing any more
        self._owners[incident] = person
        self._owned[person][incident] = (priority, received_at)
        last = self._last[person]
        self._last[person] = received_at if last is None else max(last, received_at)

    def _disown(self, incident: int) -> int | None:
        person = self._owners.pop(incident, None)
        if person is not None:
            _, received_at = self._owned[person].pop(incident)
            if received_at == self._last[person]:
                left = self._owned[person].values()
                self._last[person] = max((at for _, at in left), default=None)
        return person

    def _plan(self, at: datetime | None, kind: int, which: int) -> None:
        if at is not None and at < self._end:
            heapq.heappush(self._events, (at, kind, next(self._order), which))


def _is_asked(past: Past, arrival: Arrival) -> bool:
    """A partner's engineer for that partner's customers, where partners supply the level."""
    return not past.engineer.is_partner or past.partner == arrival.partner


def _taken(arrival: Arrival, at: datetime) -> bool:
    return arrival.taken_at is not None and arrival.taken_at <= at


def _finished(arrival: Arrival, at: datetime) -> bool:
    return arrival.finished_at is not None and arrival.finished_at <= at
