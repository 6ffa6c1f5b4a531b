"""Accepting an incident that nothing covers (R3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import record
from entitlements.models import CoverageDecision, LevelVersion
from tickets import policies
from tickets.actions.dispatching import dispatch
from tickets.actions.locking import locked
from tickets.actions.targets import open_target
from tickets.enums import UNFINISHED
from tickets.errors import AlreadyCovered, AlreadyFinished, EmptyText, NotAllowed
from tickets.models import Incident


@transaction.atomic
def accept(
    incident: Incident, *, level: LevelVersion, by: Person, at: datetime, reason: str
) -> Incident:
    """Serve an uncovered incident at `level` from `at` on, with the reason (R3).

    The first decision stays in the journal's facts; the new one says that it is goodwill.
    Errors: `NotAllowed`, `AlreadyCovered`, `AlreadyFinished`, `EmptyText`.
    """
    incident = locked(incident)
    if not policies.may_accept_goodwill(by, incident):
        raise NotAllowed()
    if incident.decision.level is not None:
        raise AlreadyCovered(number=incident.number, level=incident.decision.level)
    if incident.state not in UNFINISHED:
        raise AlreadyFinished(number=incident.number, state=incident.get_state_display().lower())
    if not reason.strip():
        raise EmptyText()
    before = incident.decision
    incident.decision = CoverageDecision.objects.create(
        organisation_id=incident.organisation_id,
        licence=incident.licence,
        project=incident.project,
        service=before.service,
        channel=before.channel,
        level=level,
        goodwill=True,
        considered=before.considered,
        at=at,
    )
    incident.save(update_fields=["decision"])
    record(
        "incident.goodwill",
        incident,
        at=at,
        by=by,
        rule="R3",
        reason=reason.strip(),
        level=level.pk,
        before=before.pk,
    )
    open_target(incident, at=at)
    dispatch(incident, at=at)
    return incident
