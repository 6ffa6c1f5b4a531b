"""Which engineer gets a fresh incident (programme.md rule 6)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import Person
from core import rls
from core.journal import record
from notices.actions import tell
from tickets.actions import audience
from tickets.enums import UNFINISHED
from tickets.models import Incident

CAPACITY = 25  # unfinished incidents an engineer may own before dispatch passes them by


def dispatch(incident: Incident, *, at: datetime) -> Person | None:
    """Give an unowned incident to the engineer who should answer it; None when nobody has room.

    Candidates serve the organisation at TS1, are on duty and have room: the local partner's
    people where there is one, else the vendor's. Among them those who speak the incident's
    language come first, then who has the fewest urgent incidents, then the fewest at all; ties
    go to whoever waited longest. An incident that nothing covers waits for a human's decision.
    """
    if incident.owner_id is not None or incident.decision.level_id is None:
        return None
    with rls.everything():  # an engineer's load is counted over all their organisations
        chosen = _candidates(incident).first()
        if chosen is None:
            return None
        unowned = Incident.objects.filter(pk=incident.pk, owner=None, state__in=UNFINISHED)
        if not unowned.update(owner=chosen):
            return None
    incident.owner = chosen
    record("incident.dispatched", incident, at=at, by=None, rule="rule 6", to=chosen.pk)
    target = incident.targets.open().first()
    tell(
        [chosen],
        "incident_assigned",
        key=f"assigned:{incident.pk}:{chosen.pk}:{at:%Y%m%d%H%M%S}",
        at=at,
        about=incident,
        due_at=target.due_at.isoformat() if target else None,
        why="You are on duty, serve this organisation and have room.",
        **audience.facts(incident),
    )
    return chosen


def _candidates(incident: Incident) -> QuerySet[Person]:
    """Those who may get it and have room, best first, in one query."""
    organisation = incident.organisation
    on_duty = Person.objects.active().filter(is_on_duty=True)
    if organisation.partner_id is not None:
        able = on_duty.filter(role=Role.PARTNER, partner=organisation.partner_id)
    else:
        serving = Q(assignments=None) | Q(assignments__organisation=organisation)
        able = on_duty.filter(serving, role=Role.TS1)
    # Only what is unfinished is looked at: a sub-query each over its partial index, so that the
    # years of an engineer's finished work cost nothing.
    owned = Incident.objects.unfinished().filter(owner=OuterRef("pk")).order_by()
    urgent = owned.filter(priority__lte=incident.priority)
    loaded = able.annotate(
        load=_count(owned),
        urgent=_count(urgent),
        last_given_at=Subquery(owned.order_by("-received_at").values("received_at")[:1]),
        speaks=Case(When(language=incident.language, then=0), default=1),
    )
    longest_waiting = F("last_given_at").asc(nulls_first=True)
    best: QuerySet[Person] = loaded.filter(load__lt=CAPACITY).order_by(
        "speaks", "urgent", "load", longest_waiting, "pk"
    )
    return best


def _count(incidents: QuerySet[Incident]) -> Coalesce:
    counted = incidents.values("owner").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
