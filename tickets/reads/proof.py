"""Why an answer was due when it was, who was notified when, and who had the incident then (A1).

Read from what was stored: the targets with their calendar versions, the journal and the outbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import Person
from core.journal import entries_of, label
from core.models import JournalEntry
from entitlements.reads.current import days_of, working_calendar
from entitlements.rules.proof import Proof, prove
from notices.models import Notice
from tickets.enums import Tier
from tickets.models import Incident, ResponseTarget, TargetWarning
from tickets.reads.promise import standing_of, verdict
from tickets.reads.timeline import Notification, notifications_of

# Entries that give the incident to somebody, and the fact that says to whom.
_GIVEN = {"incident.dispatched": "to", "incident.assigned": "after"}
_TIER = ("incident.escalated", "incident.given_back")
_MOVED = "response_target.moved"


@dataclass(frozen=True)
class Had:
    """A span in which the same person had the incident, at the same level of support.

    `owner` is "" for nobody; `until` is None for the one that lasts. `how` says how it began.
    """

    since: datetime
    until: datetime | None
    owner: str
    tier: str
    how: str

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Move:
    """A due moment that became another one, under which rule and by whom."""

    at: datetime
    before: datetime
    after: datetime
    rule: str
    by: str


@dataclass(frozen=True)
class Alarm:
    """A warning (`percent`) or the breach (None): when it was due, noted, and who heard of it.

    `noted_at` is when a sweep saw it; None with `skipped_at` where nobody had to be told any
    more, and with neither where it is still to come.
    """

    percent: int | None
    due_at: datetime
    noted_at: datetime | None
    skipped_at: datetime | None
    notifications: list[Notification]


@dataclass(frozen=True)
class TargetProof:
    """One cycle. `state` is that of `promise.verdict`; the owners are names, "" for nobody."""

    target: ResponseTarget
    state: str
    proof: Proof
    moves: list[Move]
    alarms: list[Alarm]
    owner_when_due: str
    owner_at_end: str

    @property
    def is_as_counted(self) -> bool:
        """Whether the stored due moment is the one that the calendar gives."""
        return self.proof.due_at == self.target.due_at

    @property
    def ended_at(self) -> datetime | None:
        return self.target.met_at or self.target.abandoned_at


@dataclass(frozen=True)
class IncidentProof:
    targets: list[TargetProof]
    owners: list[Had]


def proof_of(incident: Incident, *, at: datetime) -> IncidentProof:
    """Every cycle, the newest first, in five queries however many there are."""
    entries = list(entries_of(incident))
    owners = list(_owners(incident, entries))
    told = _told(incident)
    targets = ResponseTarget.objects.filter(incident=incident).order_by("-cycle")
    found = [
        _target(one, entries, owners, told, at)
        for one in targets.select_related("level", "calendar", "met_by").prefetch_related(
            "warnings"
        )
    ]
    return IncidentProof(found, owners)


def _target(
    target: ResponseTarget,
    entries: Sequence[JournalEntry],
    owners: Sequence[Had],
    told: dict[str, list[Notice]],
    at: datetime,
) -> TargetProof:
    calendar = target.calendar
    since = target.counted_from_at or target.opened_at
    ended_at = target.met_at or target.abandoned_at
    return TargetProof(
        target,
        verdict(target, at),
        prove(working_calendar(calendar), since, target.target, days_of(calendar)),
        [_move(one) for one in entries if one.kind == _MOVED and _within(target, one.at)],
        list(_alarms(target, told, at)),
        _owner(owners, target.due_at) if target.due_at <= at else "",
        _owner(owners, ended_at) if ended_at else "",
    )


def _within(target: ResponseTarget, at: datetime) -> bool:
    """Only an open target moves, so this tells to which cycle a move belongs."""
    ended_at = target.met_at or target.abandoned_at
    return target.opened_at <= at and (ended_at is None or at <= ended_at)


def _move(entry: JournalEntry) -> Move:
    before, after = (datetime.fromisoformat(entry.facts[key]) for key in ("before", "after"))
    return Move(entry.at, before, after, entry.rule, str(entry.by or ""))


def _alarms(target: ResponseTarget, told: dict[str, list[Notice]], at: datetime) -> Iterator[Alarm]:
    warnings: Iterable[TargetWarning] = target.warnings.all()
    for one in sorted(warnings, key=lambda warning: warning.percent):
        notifications = notifications_of(told[f"warning:{one.pk}"])
        yield Alarm(one.percent, one.due_at, one.told_at, one.skipped_at, notifications)
    if target.breach_noted_at or standing_of(target, at).kept is False:
        notifications = notifications_of(told[f"breach:{target.pk}"])
        yield Alarm(None, target.due_at, target.breach_noted_at, None, notifications)


def _told(incident: Incident) -> dict[str, list[Notice]]:
    """The notices about the incident by the first two parts of their keys: `breach:17`."""
    found: dict[str, list[Notice]] = defaultdict(list)
    about = Notice.objects.filter(subject=label(incident)).select_related("to", "told_in")
    for one in about.order_by("made_at", "pk"):
        found[":".join(one.key.split(":")[:2])].append(one)
    return found


def _owners(incident: Incident, entries: Sequence[JournalEntry]) -> Iterator[Had]:
    """Who had it in which span, oldest first, without a hole, from the report on."""
    people = {one.facts.get(fact) for one in entries if (fact := _GIVEN.get(one.kind))}
    names = dict(Person.objects.filter(pk__in=people - {None}).values_list("pk", "name"))
    now = Had(incident.received_at, None, "", Tier.TS1.label, "reported")
    for one in entries:
        then = _after(now, one, names)
        if (then.owner, then.tier) == (now.owner, now.tier):
            continue
        if one.at > now.since:
            yield replace(now, until=one.at)
        now = replace(then, since=one.at)
    yield replace(now, until=incident.closed_at)


def _after(now: Had, entry: JournalEntry, names: dict[int, str]) -> Had:
    """What an entry makes of who has it; an answer to what nobody had makes it its author's."""
    by = str(entry.by or "")
    if entry.kind in _GIVEN:
        owner = names.get(entry.facts.get(_GIVEN[entry.kind], 0), "")
        return replace(now, owner=owner, how=_how(entry, by))
    if entry.kind in _TIER:
        way = "escalated" if entry.kind == _TIER[0] else "given back"
        return replace(now, tier=Tier(entry.facts["after"]).label, how=f"{way} by {by}")
    if entry.kind == "incident.answered" and not now.owner:
        return replace(now, owner=by, how="answered it")
    return now


def _how(entry: JournalEntry, by: str) -> str:
    if entry.kind == "incident.dispatched" or not by:
        return "dispatched"
    reason = str(entry.facts.get("reason", ""))
    if reason == "taken":
        return "took it"
    return f"given by {by}" + (f": {reason}" if reason else "")


def _owner(owners: Sequence[Had], at: datetime) -> str:
    """The last span that covers `at`: what happened at that very moment has happened."""
    found = [one.owner for one in owners if one.covers(at)]
    return found[-1] if found else owners[-1].owner
