from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Organisation
from accounts.querysets import owned_by_visible
from engagements.enums import PlaceState, SessionState

if TYPE_CHECKING:
    from accounts.models import Person
    from engagements.models.training import (  # noqa: F401 -- quoted below
        Certificate,
        CourseMaterial,
        Registration,
        TrainingSession,
    )

# Sessions whose people have not been reminded; the index of the sweep is built on the same.
TO_REMIND = Q(state=SessionState.PLANNED, reminded_at=None)
WAITING = Q(state=PlaceState.WAITING)
TAKING_PART = Q(state__in=(PlaceState.SEATED, PlaceState.WAITING))


class TrainingSessionQuerySet(models.QuerySet["TrainingSession"]):
    def visible_to(self, person: Person) -> Self:
        """Open sessions, and those that are held for an organisation that `person` may see.

        A local partner's people have no part in trainings, which are the vendor's.
        """
        if person.role == Role.PARTNER:
            return self.none()
        if person.is_customer:
            return self.filter(Q(organisation=None) | Q(organisation=person.organisation_id))
        if person.role == Role.MANAGER:
            return self
        seen = Organisation.objects.visible_to(person)
        if not seen.query.where:
            return self
        return self.filter(Q(organisation=None) | Q(organisation__in=seen.values("pk")))

    def for_list(self) -> Self:
        return self.select_related("course", "organisation", "trainer")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, person: Person) -> Self:
        """Of a customer's people their organisation's; of the vendor's those whom they serve."""
        if person.role == Role.PARTNER:
            return self.none()
        return owned_by_visible(self, person)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, person: Person) -> Self:
        if person.role == Role.PARTNER:
            return self.none()
        return owned_by_visible(self, person)


class CourseMaterialQuerySet(models.QuerySet["CourseMaterial"]):
    def visible_to(self, person: Person) -> Self:
        """The vendor's people see all; a customer's those of courses in which they have a seat."""
        if person.role == Role.PARTNER:
            return self.none()
        if not person.is_customer:
            return self
        return self.filter(
            course__sessions__registrations__organisation=person.organisation_id,
            course__sessions__registrations__state=PlaceState.SEATED,
            course__sessions__state=SessionState.PLANNED,
        ).distinct()
