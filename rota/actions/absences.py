"""When people are away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from core.journal import record
from rota.errors import AbsenceBackwards, AbsenceOver, AbsencesOverlap, NoDuty, NotAllowed
from rota.models import Absence
from rota.policies import may_report_absence


@transaction.atomic
def report_absence(
    person: Person,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    by: Person,
    at: datetime,
) -> Absence:
    """Keep that the person is away in [starts_at, ends_at), whatever their shifts say.

    Raises NotAllowed, NoDuty, AbsenceBackwards, AbsenceOver, AbsencesOverlap.
    """
    if not may_report_absence(by, person):
        raise NotAllowed()
    if person.role not in ENGINEER_ROLES or not person.is_active:
        raise NoDuty(person=person)
    if ends_at <= starts_at:
        raise AbsenceBackwards()
    if ends_at <= at:
        raise AbsenceOver()
    Person.objects.select_for_update().get(pk=person.pk)
    if Absence.objects.filter(person=person).within(starts_at, ends_at).exists():
        raise AbsencesOverlap(person=person)
    absence = Absence.objects.create(
        person=person,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        reported_by=by,
        reported_at=at,
    )
    record(
        "rota.absence_reported",
        absence,
        at=at,
        by=by,
        person=person.pk,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: Person, at: datetime) -> None:
    """They are back: from now on, or for all of it when it has not begun.

    Raises NotAllowed, and AbsenceOver for what is past.
    """
    if not may_report_absence(by, absence.person):
        raise NotAllowed()
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if absence.ends_at <= at:
        raise AbsenceOver()
    record("rota.absence_withdrawn", absence, at=at, by=by, person=absence.person_id)
    if absence.starts_at >= at:
        absence.delete()
        return
    absence.ends_at = at
    absence.save(update_fields=["ends_at"])
