from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Count, Q

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from resources.models import (  # noqa: F401 -- quoted below
        BetaFeedback,
        BetaMember,
        BetaProgramme,
    )

QS = TypeVar("QS", bound=models.QuerySet[Any])

# Programmes that are on; the index of the sweep is built on the same.
RUNNING = Q(opened_at__isnull=False, ended_at=None)
# Feedback that nobody decided about yet.
UNDECIDED = Q(fate="waits")
# Beta builds are made and judged by those who test and develop, for whichever customer.
_BUILDERS = (Role.TS2, Role.TS3, Role.MANAGER)


def _seen_by(rows: QS, person: Person) -> QS:
    """Customers see what is their own, of colleagues nothing; who builds sees all."""
    if person.role in CUSTOMER_ROLES:
        return rows.filter(organisation=person.organisation_id, person=person)
    return rows if person.role in _BUILDERS else owned_by_visible(rows, person)


class BetaProgrammeQuerySet(models.QuerySet["BetaProgramme"]):
    def running(self) -> Self:
        return self.filter(RUNNING)

    def to_end(self, today: date) -> Self:
        """Those whose last day is over, the oldest first."""
        return self.filter(RUNNING, ends_on__lt=today).order_by("ends_on", "pk")

    def for_desk(self) -> Self:
        """All, the newest first, with how many take part."""
        present = Q(members__left_at=None)
        counted = self.annotate(member_count=Count("members", filter=present, distinct=True))
        return counted.order_by("-made_at", "-pk")


class BetaMemberQuerySet(models.QuerySet["BetaMember"]):
    def visible_to(self, person: Person) -> Self:
        """The only door to them."""
        return _seen_by(self, person)

    def present(self) -> Self:
        return self.filter(left_at=None)

    def for_list(self) -> Self:
        return self.select_related("organisation", "person", "licence", "terms")


class BetaFeedbackQuerySet(models.QuerySet["BetaFeedback"]):
    def visible_to(self, person: Person) -> Self:
        """The only door to it."""
        return _seen_by(self, person)

    def for_list(self) -> Self:
        return self.select_related("organisation", "person", "build", "defect", "programme")
