"""Which engineer gets a fresh incident (programme.md rule 6)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import Person
from core import rls
from core.journal import record
from entitlements.enums import Supplier
from notices.actions import tell
from rota.duty import on_duty
from tickets.actions import audience
from tickets.enums import UNFINISHED
from tickets.models import Incident

PROGRAMME_LANGUAGE = "en"  # support is given in English (programme.md)
CAPACITY = 25  # unfinished incidents an engineer may own before dispatch passes them by


def dispatch(incident: Incident, *, at: datetime) -> Person | None:
    """Give an unowned incident to the engineer who should answer it; None when nobody has room.

    Candidates serve the organisation at TS1, are on duty and have room. Where the level is
    supplied by local partners too (the catalogue's "supplied by") and the organisation has one,
    its people who speak the incident's language come first; everybody speaks English. Then come
    the vendor's. Among equals those whose own language it is come first, then who has the fewest
    urgent incidents, then the fewest at all; ties go to whoever waited longest. An incident that
    nothing covers waits for a human's decision.
    """
    if incident.owner_id is not None or incident.decision.level_id is None:
        return None
    with rls.everything():  # an engineer's load is counted over all their organisations
        chosen = _candidates(incident, at).first()
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


def _candidates(incident: Incident, at: datetime) -> QuerySet[Person]:
    """Those who may get it and have room, best first, in one query."""
    organisation = incident.organisation
    serving = Q(assignments=None) | Q(assignments__organisation=organisation)
    able = Q(serving, role=Role.TS1)
    if _partner_supplies(incident):
        speaking = Q(language=incident.language) | Q(partner__language=incident.language)
        partners = Q(role=Role.PARTNER, partner=organisation.partner_id)
        everybody_speaks_it = incident.language == PROGRAMME_LANGUAGE
        able |= partners if everybody_speaks_it else partners & speaking
    able_now = on_duty(Person.objects.filter(able), at=at)
    # Only what is unfinished is looked at: a sub-query each over its partial index, so that the
    # years of an engineer's finished work cost nothing.
    owned = Incident.objects.unfinished().filter(owner=OuterRef("pk")).order_by()
    urgent = owned.filter(priority__lte=incident.priority)
    loaded = able_now.annotate(
        load=_count(owned),
        urgent=_count(urgent),
        last_given_at=Subquery(owned.order_by("-received_at").values("received_at")[:1]),
        local=Case(When(role=Role.PARTNER, then=0), default=1),
        speaks=Case(When(language=incident.language, then=0), default=1),
    )
    longest_waiting = F("last_given_at").asc(nulls_first=True)
    best: QuerySet[Person] = loaded.filter(load__lt=CAPACITY).order_by(
        "local", "speaks", "urgent", "load", longest_waiting, "pk"
    )
    return best


def _partner_supplies(incident: Incident) -> bool:
    """Whether the level that serves it is supplied by local partners, and there is one."""
    level = incident.decision.level
    supplied_by = level.supplied_by if level else []
    return incident.organisation.partner_id is not None and Supplier.PARTNER in supplied_by


def _count(incidents: QuerySet[Incident]) -> Coalesce:
    counted = incidents.values("owner").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
