"""Who works on an incident at TS2 or TS3, whoever talks to its customer (X1).

The choice is that of `tickets.rules.dispatch.choosing`, asked about the people of the level. The
owner, the customer's target and `dispatching` are not touched by anything here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import Person
from core import rls
from core.journal import record
from notices.outbox import notify
from rota.reads.duty import is_on_duty, on_duty
from tickets.actions import audience
from tickets.actions.dispatch.dispatch_rules import rules_at
from tickets.actions.locking import locked
from tickets.enums import Tier
from tickets.models import EngineerProfile, Incident
from tickets.reads.engineers import engineer
from tickets.rules.dispatch.choosing import (
    Candidate,
    Considered,
    Reason,
    Standing,
    Wanted,
    candidate,
    decide,
)

TEAM = {Tier.TS2: Role.TS2, Tier.TS3: Role.TS3}
KEPT = 20  # of those considered, with the journal's entry


def set_worker(
    incident: Incident,
    to: Person | None,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    considered: Sequence[Considered] = (),
) -> Incident:
    """`to` works on it now, or nobody; who did and who does are notified. The caller holds it."""
    before = incident.worker
    if before == to:
        return incident
    incident.worker = to
    incident.save(update_fields=["worker"])
    facts: dict[str, Any] = {
        "before": before.pk if before else None,
        "after": to.pk if to else None,
        "tier": incident.tier,
        "reason": reason,
    }
    if considered:
        facts["considered"] = [asdict(one) for one in considered[:KEPT]]
    record("incident.worker", incident, at=at, by=by, rule="X1", **facts)
    notify(
        [one for one in (before, to) if one and one != by],
        "incident_worker",
        key=f"worker:{incident.pk}:{to.pk if to else 0}:{at:%Y%m%d%H%M%S%f}",
        at=at,
        about=incident,
        worker=str(to or ""),
        tier=incident.get_tier_display(),
        owner=str(incident.owner or ""),
        why=reason.rstrip("."),
        **audience.facts(incident),
    )
    return incident


def find_worker(
    incident: Incident, *, at: datetime, reason: str = "", but: Person | None = None
) -> Person | None:
    """Give it to somebody on duty of its level; None at TS1, or where nobody has room.

    Who worked on it at this level before gets it back, so that it comes to who knows it. `but` is
    not asked. The sweep asks again for what finds nobody. The caller holds the incident.
    """
    if incident.tier not in TEAM or incident.worker_id is not None:
        return None
    with rls.everything():  # an engineer's load is counted over all their organisations
        former = _who_had_it(incident, at)
        if former is not None and former != but:
            set_worker(incident, former, by=None, at=at, reason=reason or "Worked on it before")
            return former
        considered, people = _considered(incident, at, but)
        first = considered[0] if considered else None
        if first is None or first.reason != Reason.CHOSEN:
            return None
        chosen = people[first.person]
        set_worker(incident, chosen, by=None, at=at, reason=reason, considered=considered)
    return chosen


@transaction.atomic
def find_worker_for(incident_id: int, *, at: datetime) -> bool:
    """For the sweep: somebody of the level may be on duty now. Safe to repeat and at once."""
    return find_worker(locked(Incident(pk=incident_id)), at=at) is not None


def end_work(incident: Incident) -> Person | None:
    """It leaves the level: nobody works on it there any more. Who did; the caller saves `worker`.

    The hand-over keeps the name.
    """
    worker, incident.worker = incident.worker, None
    return worker


def _who_had_it(incident: Incident, at: datetime) -> Person | None:
    """Of this level, when it was here last, if they are on duty now."""
    left = incident.handovers.filter(from_tier=incident.tier, worker__isnull=False)
    last = left.order_by("-at", "-pk").values("worker")[:1]
    team = Person.objects.active().filter(role=TEAM[Tier(incident.tier)], pk__in=last)
    return on_duty(team, at=at).first()


def _considered(
    incident: Incident, at: datetime, but: Person | None
) -> tuple[list[Considered], dict[int, Person]]:
    """Everybody of the level. One decision at a time, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tickets.workers'))")
    people: dict[int, Any] = {one.pk: one for one in _team(incident, at)}
    if but is not None:
        people.pop(but.pk, None)
    if not people:
        return [], {}
    loads = _loads(list(people), incident)
    rules = rules_at(at)
    wanted = Wanted(needs_level_2=False, language="en", service=incident.service.key)
    candidates = [_candidate(one, wanted, loads[pk], rules.capacity) for pk, one in people.items()]
    return decide(wanted, candidates, rules), people


def _team(incident: Incident, at: datetime) -> QuerySet[Person]:
    profiles = EngineerProfile.objects.filter(person=OuterRef("pk"), services__isnull=False)
    team: QuerySet[Person] = (
        Person.objects.active()
        .filter(role=TEAM[Tier(incident.tier)])
        .select_related("partner", "engineer_profile")
        .annotate(
            at_work=ExpressionWrapper(is_on_duty(at), output_field=BooleanField()),
            knows=ArraySubquery(profiles.values("services__key")),
        )
    )
    return team


def _loads(people: Sequence[int], incident: Incident) -> dict[int, list[Incident]]:
    """What each works on, or owns, that is unfinished."""
    found: dict[int, list[Incident]] = {pk: [] for pk in people}
    theirs = Incident.objects.unfinished().filter(Q(worker__in=people) | Q(owner__in=people))
    for one in theirs.only("worker", "owner", "priority", "received_at"):
        for pk in found.keys() & {one.worker_id, one.owner_id}:
            found[pk].append(one)
    return found


def _candidate(person: Any, wanted: Wanted, load: Sequence[Incident], room: int) -> Candidate:
    standing = Standing(
        serves=True,
        on_duty=person.at_work,
        did_not_take=False,
        load=len(load),
        urgent=sum(one.priority <= 2 for one in load),
        last_given_at=max((one.received_at for one in load), default=None),
    )
    return candidate(engineer(person, person.knows), wanted, standing, room)
