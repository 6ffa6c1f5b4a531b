from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from accounts.enums import VENDOR_ROLES, Role
from rota.enums import SwapState

if TYPE_CHECKING:
    from accounts.models import Person
    from rota.models import Absence, Pattern, Shift, Swap  # noqa: F401 -- quoted below

# Patterns whose shifts are not all laid out yet.
UNFINISHED = Q(ends_at=None) | Q(planned_until__lt=F("ends_at"))


def theirs(person: Person) -> Q:
    """Whose duty `person` may see: a manager everybody's, the vendor's people the vendor's.

    A partner's engineer sees their own partner's, a customer nobody's.
    """
    if person.role == Role.MANAGER:
        return Q()
    if person.role == Role.PARTNER:
        return Q(person__partner=person.partner_id)
    if person.role in VENDOR_ROLES:
        return Q(person__role__in=VENDOR_ROLES)
    return Q(pk__in=())


class PatternQuerySet(models.QuerySet["Pattern"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(theirs(person))

    def to_plan(self, until: datetime) -> Self:
        """Those whose shifts are not laid out until then."""
        return self.filter(UNFINISHED, planned_until__lt=until)


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(theirs(person))

    def within(self, start: datetime, end: datetime) -> Self:
        """Those that have a part in [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(theirs(person))

    def within(self, start: datetime, end: datetime) -> Self:
        """Those that have a part in [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, person: Person) -> Self:
        """A swap is between the two of them."""
        return self.filter(Q(asked_by=person.pk) | Q(asked_of=person.pk))

    def open(self, at: datetime) -> Self:
        """Those that can still be agreed to: neither shift has begun."""
        to_come = Q(in_return=None) | Q(in_return__starts_at__gt=at)
        return self.filter(to_come, state=SwapState.OPEN, shift__starts_at__gt=at)
