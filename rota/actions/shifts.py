"""Shifts change hands: given by a manager here, or between colleagues (`swaps`)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.enums import ENGINEER_ROLES
from accounts.models import Person
from core.journal import record
from notices.outbox import notify
from rota.errors import (
    ColleagueAbsent,
    ColleagueBusy,
    NoDuty,
    NotAllowed,
    ShiftOver,
    SwapWithOneself,
)
from rota.models import Absence, Shift
from rota.policies import may_plan


@transaction.atomic
def hand_over(shift: Shift, *, to: Person, by: Person, at: datetime) -> Shift:
    """Give a shift that is to come to a colleague; no pattern touches it from now on.

    Both are notified. Raises NotAllowed, ShiftOver, SwapWithOneself, NoDuty, ColleagueAbsent,
    ColleagueBusy. Of two at once the later one sees what the first did.
    """
    if not may_plan(by):
        raise NotAllowed()
    lock_people(shift.person_id, to.pk)
    shift = Shift.objects.select_for_update().get(pk=shift.pk)
    if shift.person_id == to.pk:
        raise SwapWithOneself(person=to)
    if to.role not in ENGINEER_ROLES or not to.is_active:
        raise NoDuty(person=to)
    former = shift.person
    give(shift, to=to, by=by, at=at)
    notify(
        [former, to],
        "rota_handed_over",
        key=f"rota-shift:{shift.pk}:{at:%Y%m%d%H%M%S%f}",
        at=at,
        starts_at=shift.starts_at.isoformat(),
        ends_at=shift.ends_at.isoformat(),
        former=str(former),
        to=str(to),
        by=str(by),
        url=f"{settings.SITE_URL}/admin/rota/",
    )
    return shift


def give(shift: Shift, *, to: Person, by: Person, at: datetime) -> None:
    """Make the shift `to`'s, who has to be free; the caller has locked both people and the shift.

    Raises ShiftOver, ColleagueAbsent, ColleagueBusy.
    """
    if shift.starts_at <= at:
        raise ShiftOver()
    if Absence.objects.filter(person=to).within(shift.starts_at, shift.ends_at).exists():
        raise ColleagueAbsent(person=to)
    if Shift.objects.filter(person=to).within(shift.starts_at, shift.ends_at).exists():
        raise ColleagueBusy(person=to)
    former, shift.person, shift.is_by_hand = shift.person, to, True
    shift.save(update_fields=["person", "is_by_hand"])
    record("rota.handed_over", shift, at=at, by=by, former=former.pk, to=to.pk)


def lock_people(*people: int) -> None:
    """In one order, so that nobody waits for somebody who waits for them."""
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk"))
