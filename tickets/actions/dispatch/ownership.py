"""Who owns an incident, and how urgent it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from notices.outbox import notify
from rota.models import Absence
from tickets import policies
from tickets.actions import audience
from tickets.actions.dispatch.dispatch_rules import rules_at
from tickets.actions.dispatch.dispatching import redispatch
from tickets.actions.dispatch.workers import find_worker, set_worker
from tickets.actions.locking import locked
from tickets.actions.states import set_state
from tickets.enums import UNFINISHED, State
from tickets.errors import (
    AlreadyFinished,
    EmptyText,
    IncidentClosed,
    NobodyElse,
    OwnerAway,
    OwnerFull,
    PriorityUnknown,
    WrongOwner,
)
from tickets.models import EngineerProfile, Incident
from tickets.rules.priorities import priority_of


@transaction.atomic
def take(incident: Incident, *, by: Person, at: datetime) -> Incident:
    """TS1 makes the customer theirs; TS2 and TS3 work on it, and the owner stays (X1).

    Who had it is notified. Errors: `NotAllowed`, `IncidentClosed`, `AlreadyFinished`.
    """
    incident = locked(incident)
    if not policies.may_take(by, incident):
        raise NotAllowed()
    if policies.works_above(by):
        return _give_work(incident, by, by=by, at=at, reason="taken")
    return _own(incident, by, by=by, at=at, reason="taken")


@transaction.atomic
def accept(incident: Incident, *, by: Person, at: datetime) -> Incident:
    """The owner says that they are on it, so that it is not passed on to another.

    It is no answer, and the clock runs on (C8). Errors: `NotAllowed`, `AlreadyFinished`.
    """
    incident = locked(incident)
    if incident.owner_id != by.pk or not policies.may_take(by, incident):
        raise NotAllowed()
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    record("incident.accepted", incident, at=at, by=by, rule="rule 6")
    if incident.state == State.NEW:
        set_state(incident, State.OPEN, by=by, at=at)
    return incident


@transaction.atomic
def assign(
    incident: Incident,
    *,
    to: Person,
    by: Person,
    at: datetime,
    reason: str = "",
    anyway: bool = False,
) -> Incident:
    """A lead, a manager or who has it gives it to an engineer who can see it.

    To TS1 or a partner's to talk to the customer; to TS2 or TS3, while it is at their level, to
    work on (X1). To somebody who is away, or has no room left, only `anyway`: whoever gives it is
    asked first. Errors: `NotAllowed`, `WrongOwner`, `IncidentClosed`, `AlreadyFinished`,
    `OwnerAway`, `OwnerFull`.
    """
    incident = locked(incident)
    if not policies.may_assign(by, incident):
        raise NotAllowed()
    if to.role not in ENGINEER_ROLES or not to.is_active:
        raise WrongOwner(person=to, why="only engineers own incidents")
    if not policies.may_see(to, incident):
        raise WrongOwner(person=to, why="they do not serve this organisation or this level")
    to_work = policies.works_above(to)
    if to_work and policies.tier_of(to) != incident.tier:
        raise WrongOwner(person=to, why=f"it is at {incident.get_tier_display()}, and they are not")
    if not to_work and not policies.may_give_customer(by, incident):
        raise NotAllowed()
    if not anyway and to not in (by, incident.owner, incident.worker):
        _check_free(to, at)
    if to_work:
        return _give_work(incident, to, by=by, at=at, reason=reason)
    return _own(incident, to, by=by, at=at, reason=reason)


@transaction.atomic
def release(incident: Incident, *, by: Person, at: datetime, reason: str) -> Incident:
    """Give it back to the queue: dispatch finds another, never who had it (rule 6).

    Where nobody else fits it stays with its owner, so that it never lies with nobody. The target
    is as it was. Who works on it at TS2 or TS3 gives back that alone: another of the level gets
    it, or it waits for one, and the owner stays (X1). Errors: `NotAllowed`, `AlreadyFinished`,
    `EmptyText`, `NobodyElse`.
    """
    incident = locked(incident)
    gives_work = incident.worker_id == by.pk
    if (incident.owner_id is None and not gives_work) or not policies.may_assign(by, incident):
        raise NotAllowed()
    if not gives_work and not policies.may_give_customer(by, incident):
        raise NotAllowed()
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    reason = clean(reason)
    if not reason:
        raise EmptyText()
    record("incident.released", incident, at=at, by=by, rule="rule 6", reason=reason)
    why = f"{by} gave it back: {reason}"
    if gives_work:
        set_worker(incident, None, by=by, at=at, reason=why)
        find_worker(incident, at=at, reason=why, but=by)
        return incident
    found = redispatch(incident, at=at, reason=why)
    if found is None:
        raise NobodyElse()
    incident.owner = found
    return incident


@transaction.atomic
def set_priority(
    incident: Incident,
    *,
    priority: int | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    by: Person,
    at: datetime,
    reason: str,
) -> Incident:
    """Change how urgent it is, with the reason. The promise of the level stays as it is.

    Without a `priority` it follows from impact and urgency, of which None leaves what is known; a
    `priority` given by itself stands for itself. Errors: `NotAllowed`, `EmptyText`, and
    `PriorityUnknown` where neither is said.
    """
    incident = locked(incident)
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    if not reason.strip():
        raise EmptyText()
    impact, urgency = impact or incident.impact, urgency or incident.urgency
    if priority is None:
        if impact is None or urgency is None:
            raise PriorityUnknown()
        priority = priority_of(impact, urgency)
    before, incident.priority = incident.priority, priority
    incident.impact, incident.urgency = impact, urgency
    incident.save(update_fields=["priority", "impact", "urgency"])
    facts: dict[str, Any] = {
        "before": before,
        "after": priority,
        "impact": impact,
        "urgency": urgency,
    }
    record("incident.priority", incident, at=at, by=by, reason=reason, **facts)
    return incident


def _check_free(person: Person, at: datetime) -> None:
    """Errors: `OwnerAway`, `OwnerFull`."""
    away = Absence.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at).first()
    if away is not None:
        raise OwnerAway(person=person, until=f"{away.ends_at:%-d %B %Y}")
    with rls.everything():  # an engineer's load is counted over all their organisations
        count = Incident.objects.unfinished().of(person).count()
    profile = EngineerProfile.objects.filter(person=person).first()
    own = profile.capacity if profile else None
    if count >= (own or rules_at(at).capacity):
        raise OwnerFull(person=person, count=count)


def _give_work(
    incident: Incident, to: Person, *, by: Person, at: datetime, reason: str
) -> Incident:
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    return set_worker(incident, to, by=by, at=at, reason=reason)


def _own(incident: Incident, to: Person, *, by: Person, at: datetime, reason: str) -> Incident:
    if incident.state == State.CLOSED:
        raise IncidentClosed(number=incident.number)
    before = incident.owner
    if before == to:
        return incident
    incident.owner = to
    incident.save(update_fields=["owner"])
    record(
        "incident.assigned",
        incident,
        at=at,
        by=by,
        before=before.pk if before else None,
        after=to.pk,
        reason=reason,
    )
    target = incident.targets.open().first()
    notify(
        [person for person in (before, to) if person and person != by],
        "incident_assigned",
        key=f"assigned:{incident.pk}:{to.pk}:{at:%Y%m%d%H%M%S}",
        at=at,
        about=incident,
        due_at=target.due_at.isoformat() if target else None,
        why=f"{by} gave it to {to}." if by != to else f"{to} took it.",
        **audience.facts(incident),
    )
    return incident
