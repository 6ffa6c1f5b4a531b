"""The verdicts on an incident's response targets, told again from what happened: pure.

The journal is read in the order in which it was written, as the incident's row lock gave it. A
target's row is compared with the story of it, and says nothing to it (C3, C6, C7, C8, R6, T1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tickets.rules.promises.standing import standing

OPENED, MOVED = "response_target.opened", "response_target.moved"
MET, ABANDONED = "response_target.met", "response_target.abandoned"
BREACHED, ANSWERED = "response_target.breached", "incident.answered"
TAKEN_BACK = "incident.answer_taken_back"
GRACE = timedelta(minutes=10)  # a breach so young may still wait for its sweep
DIFFERENCE = "audit.difference"  # the kind of the entry for a verdict that was not the journal's
KINDS = (OPENED, MOVED, MET, ABANDONED, BREACHED, ANSWERED, TAKEN_BACK)


@dataclass(frozen=True)
class Event:
    """One journal entry. `facts` are as stored: moments in ISO 8601, cut to milliseconds."""

    kind: str
    at: datetime
    by: int | None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A public message of a person of the staff, as the conversation keeps it (C8)."""

    message: int
    author: int
    sent_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What became of one target: all of its row that may not differ. Moments are aware, UTC."""

    opened_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    met_by: int | None = None
    abandoned_at: datetime | None = None
    breach_noted_at: datetime | None = None
    breached: bool = False  # noted in the journal, at the due moment itself

    @property
    def ended_at(self) -> datetime | None:
        return self.met_at or self.abandoned_at


@dataclass(frozen=True)
class Difference:
    """One thing that the row of target number `cycle` says otherwise; cycle 0: of the incident."""

    cycle: int
    what: str
    stored: str
    proven: str


def retold(happened: Iterable[Event], answers: Iterable[Answer]) -> list[Verdict]:
    """The incident's targets in their order, from its journal and its conversation.

    An answer counts where the journal says that it was given and the conversation still has it,
    of that person and at that moment, unless it came back from everybody (C8).
    """
    happened = list(happened)
    came_back = {one.facts.get("message") for one in happened if one.kind == TAKEN_BACK}
    said = {
        (one.message, one.author, one.sent_at) for one in answers if one.message not in came_back
    }
    story: list[Verdict] = []
    for one in happened:
        if one.kind == OPENED:
            story.append(Verdict(one.at, _moment(one.facts["due_at"])))
        elif story:
            story[-1] = _after(story[-1], one, said)
    return story


def _after(verdict: Verdict, one: Event, said: set[tuple[int, int, datetime]]) -> Verdict:
    if one.kind == BREACHED:
        noted_at = _moment(one.facts["noted_at"])
        on_time = milliseconds(one.at) == milliseconds(verdict.due_at)
        return replace(verdict, breach_noted_at=noted_at, breached=on_time)
    if verdict.ended_at is not None:
        return verdict
    if one.kind == MOVED:
        return replace(verdict, due_at=_moment(one.facts["after"]))
    if one.kind == ABANDONED:
        return replace(verdict, abandoned_at=one.at)
    was_said = (one.facts.get("message"), one.by, one.at) in said
    if one.kind == ANSWERED and was_said and one.at >= verdict.opened_at:
        return replace(verdict, met_at=one.at, met_by=one.by)
    return verdict


def unjournaled(happened: Iterable[Event], answers: Iterable[Answer]) -> list[Difference]:
    """Answers that only the journal or only the conversation knows."""
    written = {
        (one.facts.get("message"), one.by, one.at) for one in happened if one.kind == ANSWERED
    }
    said = {(one.message, one.author, one.sent_at) for one in answers}
    return [
        *(Difference(0, "answer", "", _words(one)) for one in sorted(written - said, key=str)),
        *(Difference(0, "answer", _words(one), "") for one in sorted(said - written, key=str)),
    ]


def compare(
    cycle: int,
    stored: Verdict,
    proven: Verdict,
    *,
    counted_due_at: datetime,
    looked_at: datetime,
) -> list[Difference]:
    """Where the stored row says otherwise than its story.

    `counted_due_at` is the due moment by the calendar version and the length that the row names;
    `looked_at` is the moment until which the sweeps must have noted every breach.
    """
    if milliseconds(counted_due_at) == milliseconds(proven.due_at):
        proven = replace(proven, due_at=counted_due_at)  # to the microsecond, unlike the journal
    pairs = [
        ("opened_at", stored.opened_at, proven.opened_at),
        ("due_at", stored.due_at, proven.due_at),
        ("due_at by the calendar", stored.due_at, counted_due_at),
        ("met_at", stored.met_at, proven.met_at),
        ("met_by", stored.met_by, proven.met_by),
        ("abandoned_at", stored.abandoned_at, proven.abandoned_at),
        ("breach_noted_at", stored.breach_noted_at, proven.breach_noted_at),
        ("breach", stored.breach_noted_at is not None, _is_breached(proven, looked_at)),
        ("breach in the journal", stored.breach_noted_at is not None, proven.breached),
    ]
    return [
        Difference(cycle, what, _shown(ours), _shown(theirs))
        for what, ours, theirs in pairs
        if _comparable(ours) != _comparable(theirs)
    ]


def milliseconds(at: datetime) -> datetime:
    """As the journal's facts keep it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _is_breached(verdict: Verdict, looked_at: datetime) -> bool:
    """Not kept (C3); what has just run out is the next sweep's."""
    noted_at = verdict.breach_noted_at
    was_looked_at = noted_at is not None or looked_at > verdict.due_at
    found = standing(
        verdict.due_at,
        met_at=verdict.met_at,
        abandoned_at=verdict.abandoned_at,
        at=noted_at or looked_at,
    )
    return found.kept is False and was_looked_at


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))


def _comparable(value: object) -> object:
    return milliseconds(value) if isinstance(value, datetime) else value


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def _words(one: tuple[object, ...]) -> str:
    return f"message {one[0]} of person {one[1]} at {_shown(one[2])}"
