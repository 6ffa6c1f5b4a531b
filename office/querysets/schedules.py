"""Who sees what goes out by itself, and what is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from office.models import PictureSchedule, ReportSchedule  # noqa: F401 -- quoted below

TO_SEND = Q(stopped_at=None)  # what the sweep has to look at
WAITS = Q(waits_for__isnull=False, stopped_at=None)
OF_FIGURES = (Role.MANAGER, Role.TAM, Role.PARTNER)
OF_REPORTS = (Role.MANAGER, Role.TAM)


class PictureScheduleQuerySet(models.QuerySet["PictureSchedule"]):
    def visible_to(self, person: Person) -> Self:
        """Managers see all, others of those who see figures what is theirs or comes to them."""
        if person.role == Role.MANAGER:
            return self
        mine = Q(by=person) | Q(readers__contains=[person.pk])
        return self.filter(mine) if person.role in OF_FIGURES else self.none()

    def to_send(self, at: datetime) -> Self:
        return self.filter(TO_SEND, next_at__lte=at)


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def visible_to(self, person: Person) -> Self:
        """Account managers see those of their customers, managers all."""
        if person.role not in OF_REPORTS:
            return self.none()
        found: Any = owned_by_visible(self, person)
        return found  # type: ignore[no-any-return]

    def to_send(self, at: datetime) -> Self:
        return self.filter(TO_SEND, next_at__lte=at)

    def issued_by_now(self, reports: models.QuerySet[Any]) -> Self:
        """Those that wait for a human, and whose month or a later one is among the issued
        `reports` now."""
        of_month = reports.filter(
            organisation=OuterRef("organisation"), month__gte=OuterRef("waits_for")
        )
        return self.filter(WAITS).filter(Exists(of_month))
