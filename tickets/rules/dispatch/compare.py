"""What other rules of dispatch would have changed: two replays of the same history. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.rules.dispatch.replay import Arrival, Course, History, Replay, replay
from tickets.rules.dispatch.settings import DispatchRules


@dataclass(frozen=True)
class Outcome:
    """Who has an incident at last, and why in a sentence; `person` is None for nobody."""

    person: int | None
    name: str
    why: str


@dataclass(frozen=True)
class Difference:
    """One incident that goes to another; `lost` says why not to whom the present rules chose."""

    arrival: Arrival
    now: Outcome
    then: Outcome
    lost: str


@dataclass(frozen=True)
class ShareRow:
    """One engineer by the present rules and by the others: incidents given, most at once."""

    name: str
    now: int
    then: int
    now_most: int
    then_most: int


@dataclass(frozen=True)
class Tally:
    """What one set of rules made of all incidents."""

    found_nobody: int  # when they came
    passed_on: int  # at least once
    asks_leads: int


@dataclass(frozen=True)
class Comparison:
    """`as_it_was` is how many the present rules' replay gave first to who got them in fact."""

    incidents: int
    as_it_was: int
    known: int  # of how many incidents it is known who got them in fact
    now: Tally
    then: Tally
    shares: Sequence[ShareRow]
    differences: Sequence[Difference]


def compare(history: History, now: DispatchRules, then: DispatchRules) -> Comparison:
    """Replay the history by the present rules and by the others."""
    first, second = replay(history, now), replay(history, then)
    pairs = list(zip(first.courses, second.courses, strict=True))
    known = [one for one in first.courses if one.arrival.first_owner is not None]
    return Comparison(
        incidents=len(pairs),
        as_it_was=sum(one.had[:1] == [one.arrival.first_owner] for one in known),
        known=len(known),
        now=_tally(first),
        then=_tally(second),
        shares=_shares(history, first, second),
        differences=[_difference(a, b) for a, b in pairs if _owner(a) != _owner(b)],
    )


def _owner(course: Course) -> int | None:
    return course.last.person if course.last else None


def _tally(done: Replay) -> Tally:
    return Tally(
        found_nobody=sum(one.found_nobody for one in done.courses),
        passed_on=sum(len(one.decisions) > 1 for one in done.courses),
        asks_leads=sum(one.asks_leads for one in done.courses),
    )


def _shares(history: History, first: Replay, second: Replay) -> list[ShareRow]:
    """Those who have anything in one of the two, who has most first."""
    rows = []
    for past in history.people:
        one = past.engineer
        now, then = first.shares[one.person], second.shares[one.person]
        if now.most or then.most:
            rows.append(ShareRow(one.name, now.given, then.given, now.most, then.most))
    return sorted(rows, key=lambda row: (-max(row.now, row.then), row.name))


def _difference(now: Course, then: Course) -> Difference:
    return Difference(now.arrival, _outcome(now), _outcome(then), _lost(now, then))


def _outcome(course: Course) -> Outcome:
    last = course.last
    if last is None:
        return Outcome(None, "Nobody", "nobody who fits had room or was on duty")
    before = [one[0].name for one in course.decisions[:-1]]
    after = f", after {' and '.join(before)} had not taken it" if before else ""
    return Outcome(last.person, last.name, last.sentence + after)


def _lost(now: Course, then: Course) -> str:
    """What the other rules' last decision found about who had it by the present ones."""
    if now.last is None or now.last.person in then.had:
        return ""  # that they had not taken it is said already
    last = then.decisions[-1] if then.decisions else []
    found = [one for one in last if one.person == now.last.person]
    return f"{found[0].name} {found[0].sentence}" if found else ""
