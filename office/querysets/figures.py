"""Who sees which of the managers' figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.enums import Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from office.models import DayFigure  # noqa: F401 -- quoted below

READERS = (Role.MANAGER, Role.TAM, Role.PARTNER)


class DayFigureQuerySet(models.QuerySet["DayFigure"]):
    def visible_to(self, person: Person) -> Self:
        """Managers all, account managers and partners those of their customers; nobody else."""
        return owned_by_visible(self, person) if person.role in READERS else self.none()
