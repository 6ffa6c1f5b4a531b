from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from accounts.querysets import owned_by_visible
from telephone.rules.call_backs import CLAIM_LASTS

if TYPE_CHECKING:
    from accounts.models import Person
    from telephone.models import Call, CallBack, PhoneNumber  # noqa: F401 -- quoted below

QS = TypeVar("QS", bound=models.QuerySet[Any])

# What each sweep and list still has to look at; the partial indexes are built on the same Q.

CALL_OWED = Q(ended_at=None)


CALL_WATCHED = (
    Q(late_noted_at=None)
    & (Q(called_at=None) | Q(called_at__gt=F("due_at")))
    & (Q(ended_at=None) | Q(ended_at__gt=F("due_at")))
)


def _spoken(rows: QS, person: Person) -> QS:
    """Calls and call-backs: the organisation's, to TS2 and TS3 those of the incidents they see.

    To a contact their own, and those about incidents that they see; about none, if they see all.
    """
    incidents: Any = rows.model._meta.get_field("incident").related_model
    seen = Q(incident__in=incidents.objects.visible_to(person))
    if Role(person.role) in (Role.TS2, Role.TS3):
        return rows.filter(seen)
    owned = owned_by_visible(rows, person)
    if not person.is_customer:
        return owned
    about_none = Q(incident=None) if person.sees_all else Q(pk__in=())
    return owned.filter(Q(contact=person) | about_none | seen)


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, person: Person) -> Self:
        return _spoken(self, person)


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def visible_to(self, person: Person) -> Self:
        return _spoken(self, person)

    def owed(self) -> Self:
        return self.filter(CALL_OWED)

    def for_list(self) -> Self:
        """Everything one row of a list shows, in one query."""
        return self.select_related("organisation", "contact", "incident", "claimed_by")

    def late_unnoted(self, at: datetime) -> Self:
        """Promised before `at`, and tried too late or not at all; nobody noted it yet.

        Whoever took it in time and holds it still may be talking right now.
        """
        late = self.filter(CALL_WATCHED, due_at__lt=at)
        return late.exclude(
            called_at=None, claimed_at__lte=F("due_at"), claimed_at__gt=at - CLAIM_LASTS
        )


class PhoneNumberQuerySet(models.QuerySet["PhoneNumber"]):
    def visible_to(self, person: Person) -> Self:
        return owned_by_visible(self, person)
