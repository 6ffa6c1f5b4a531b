"""Who sees what is written about customers, and which next steps are due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from office.models import AccountNote  # noqa: F401 -- quoted below

M = TypeVar("M", bound=models.Model)

STEP_OPEN = Q(next_on__isnull=False, done_at=None)
# What the sweep of reminders still has to look at.
TO_REMIND = Q(remind_at__isnull=False, reminded_at=None, done_at=None)
READERS = (Role.TAM, Role.MANAGER)


class OwnedQuerySet(models.QuerySet[M]):
    def visible_to(self, person: Person) -> Self:
        """Account managers of their customers, managers of all; nobody else, and no customer."""
        if person.role not in READERS:
            return self.none()
        found: Any = owned_by_visible(self, person)
        return found  # type: ignore[no-any-return]


class AccountNoteQuerySet(OwnedQuerySet["AccountNote"]):
    def to_remind(self, at: datetime) -> Self:
        return self.filter(TO_REMIND, remind_at__lte=at)
