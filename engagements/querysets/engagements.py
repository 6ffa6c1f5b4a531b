"""Who sees which engagements, and what hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from engagements.models import (  # noqa: F401 -- quoted below
        Engagement,
        Phase,
        Promise,
        Risk,
        Task,
    )

M = TypeVar("M", bound=models.Model)
QS = TypeVar("QS", bound=models.QuerySet[Any])

# What the sweep of promises still has to look at; its partial index is built on the same Q.
ALARM_OWED = Q(next_at__isnull=False)


def engagements_visible_to(rows: QS, person: Person) -> QS:
    """Of the organisations that `person` sees.

    TS2 and TS3 see those in whose team they are; partners' people none. A contact sees all of
    their organisation's where it lets them see all reports (F4), else what they asked for and
    what they take part in; the policy `readers` of the table says the same.
    """
    if person.role == Role.PARTNER:
        return rows.none()
    member: Any = rows.model._meta.get_field("members").related_model
    theirs = Q(pk__in=member.objects.filter(person=person).order_by().values("engagement"))
    if person.role in (Role.TS2, Role.TS3):
        return rows.filter(theirs | Q(owner=person))
    found = owned_by_visible(rows, person)
    if person.is_customer and not person.sees_all:
        return found.filter(theirs | Q(requested_by=person))
    return found


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, person: Person) -> Self:
        return engagements_visible_to(self, person)

    def for_list(self) -> Self:
        """Everything one row of a list shows, in one query."""
        return self.select_related("organisation", "owner", "requested_by")

    def open(self) -> Self:
        return self.filter(ended_at=None)


class HangingQuerySet(models.QuerySet[M]):
    """Rows that hang on an engagement: seen by whoever sees that."""

    def visible_to(self, person: Person) -> Self:
        engagements: Any = self.model._meta.get_field("engagement").related_model
        return self.filter(engagement__in=engagements.objects.visible_to(person))


class TaskQuerySet(HangingQuerySet["Task"]):
    def visible_to(self, person: Person) -> Self:
        """A customer sees no internal one."""
        found = super().visible_to(person)
        return found.filter(is_internal=False) if person.is_customer else found


class RiskQuerySet(HangingQuerySet["Risk"]):
    def visible_to(self, person: Person) -> Self:
        """A customer sees those that are shown to them."""
        found = super().visible_to(person)
        return found.filter(is_shown=True) if person.is_customer else found


class PhaseQuerySet(HangingQuerySet["Phase"]):
    def within(self, first: Any, last: Any) -> Self:
        """Those that have a day from `first` to `last`, both inclusive."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class PromiseQuerySet(HangingQuerySet["Promise"]):
    def open(self) -> Self:
        return self.filter(kept_at=None, withdrawn_at=None)

    def to_tell(self, at: datetime) -> Self:
        """Whose next alarm has come by `at`."""
        return self.filter(ALARM_OWED, next_at__lte=at)

    def late(self, at: datetime) -> Self:
        return self.open().filter(due_at__lt=at)

    def missed(self) -> Self:
        """Kept too late, or not yet and late already, whatever the clock says now."""
        return self.filter(breached_at__isnull=False, kept_at__gt=F("due_at"))
