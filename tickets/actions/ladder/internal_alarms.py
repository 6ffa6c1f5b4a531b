"""Internal targets that near their end or are breached: noted and told to the tier, once (X2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import entry, record_all
from notices.models import Notice
from notices.outbox import notices_to, owe
from tickets.actions import audience
from tickets.enums import Tier
from tickets.models import InternalTarget
from tickets.querysets import InternalTargetQuerySet

TEAM = {Tier.TS2: Role.TS2, Tier.TS3: Role.TS3}


@transaction.atomic
def note_internal_breaches(pks: Collection[int], *, at: datetime) -> int:
    """Note which of these were breached, and owe the tier and the leads the news; how many.

    Claimed, repeated and undone like `alarms.note_breaches`. Never moves the incident: the tier,
    the owner and the customer's clock stay (X2, X3).
    """
    due = InternalTarget.objects.breached_unnoted(at)
    targets = _claimed(due, pks)
    InternalTarget.objects.filter(pk__in=[one.pk for one in targets]).update(breach_noted_at=at)
    _note(targets, "internal_target.breached", "internal_target_breached", at, with_leads=True)
    return len(targets)


@transaction.atomic
def notify_of_internal_warnings(pks: Collection[int], *, at: datetime) -> int:
    """Tell who works on it, else the tier, which of these near their end; how many.

    Too late for that: the breach is.
    """
    due = InternalTarget.objects.to_warn(at)
    targets = _claimed(due, pks)
    InternalTarget.objects.filter(pk__in=[one.pk for one in targets]).update(warned_at=at)
    _note(targets, "internal_target.warned", "internal_target_warning", at, with_leads=False)
    return len(targets)


def team_of(tier: int) -> list[Person]:
    """Who works at the tier. At TS1 nobody: there its owner has the incident, not the team."""
    role = TEAM.get(Tier(tier))
    return list(Person.objects.active().filter(role=role)) if role else []


def _claimed(due: InternalTargetQuerySet, pks: Collection[int]) -> list[InternalTarget]:
    claim = (
        due.filter(pk__in=pks)
        .select_related("incident__owner", "incident__worker")
        .order_by("due_at", "pk")
    )
    return list(claim.select_for_update(of=("self",), skip_locked=True))


def _note(
    targets: list[InternalTarget], kind: str, template: str, at: datetime, *, with_leads: bool
) -> None:
    if not targets:
        return
    leads = list(Person.objects.leads()) if with_leads else []
    teams = {tier: team_of(tier) for tier in {one.tier for one in targets}}
    moment = {one.pk: one.due_at if with_leads else at for one in targets}
    record_all(
        entry(kind, one.incident, at=moment[one.pk], by=None, rule="X2", tier=one.tier, noted_at=at)
        for one in targets
    )
    owe([n for one in targets for n in _notices(one, teams[one.tier], leads, template, at)])


def _notices(
    target: InternalTarget, team: list[Person], leads: list[Person], template: str, at: datetime
) -> list[Notice]:
    incident = target.incident
    owner = [incident.owner] if target.tier == Tier.TS1 and incident.owner else []
    works = [incident.worker] if incident.worker and incident.tier == target.tier else team
    return notices_to(
        [*works, *owner, *leads],
        template,
        key=f"{template}:{target.pk}",
        at=at,
        about=incident,
        tier=target.get_tier_display(),
        due_at=target.due_at.isoformat(),
        **audience.facts(incident),
    )
