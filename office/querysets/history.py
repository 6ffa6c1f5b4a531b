"""Who sees the incidents of the desk before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.querysets import owned_by_visible

if TYPE_CHECKING:
    from accounts.models import Person
    from office.models import OldFile, OldIncident  # noqa: F401 -- quoted below


class OldIncidentQuerySet(models.QuerySet["OldIncident"]):
    def visible_to(self, person: Person) -> Self:
        """Of the organisations that they see; a contact who sees their own alone, those (F4)."""
        rows = owned_by_visible(self, person)
        if person.is_customer and not person.sees_all:
            return rows.filter(reporter=person)
        return rows


class OldFileQuerySet(models.QuerySet["OldFile"]):
    def visible_to(self, person: Person) -> Self:
        """As their incident; what hangs on an internal message is for staff alone."""
        rows = owned_by_visible(self, person)
        if not person.is_customer:
            return rows
        rows = rows.filter(message__is_internal=False)
        return rows if person.sees_all else rows.filter(message__incident__reporter=person)
