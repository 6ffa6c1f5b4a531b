"""Noting the minutes that one worked on an incident, where the desk keeps them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from tickets import policies
from tickets.actions.locking import locked
from tickets.errors import MinutesNotKept, MinutesNotNoted
from tickets.models import Incident, Worked


@transaction.atomic
def note_minutes(incident: Incident, *, minutes: int, by: Person, at: datetime) -> int:
    """Add to one's own; below nothing takes back. What is theirs on the incident then.

    It touches no promise and no figure of the customer's report. Errors: `NotAllowed`,
    `MinutesNotKept`, `MinutesNotNoted`.
    """
    if not settings.NOTE_MINUTES:
        raise MinutesNotKept()
    if not policies.may_answer(by, incident):
        raise NotAllowed()
    incident = locked(incident)
    noted = incident.worked.filter(person=by).aggregate(sum=Sum("minutes"))["sum"] or 0
    if noted + minutes < 0:
        raise MinutesNotNoted(noted=noted)
    Worked.objects.create(
        organisation_id=incident.organisation_id,
        incident=incident,
        person=by,
        minutes=minutes,
        at=at,
    )
    record("incident.worked", incident, at=at, by=by, minutes=minutes)
    return int(noted + minutes)
