from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.enums import CUSTOMER_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import Organisation, Person  # noqa: F401 -- quoted below


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: Person) -> Self:
        """The organisations whose incidents and contracts `person` may see at all.

        The one answer to "whose customer is this?"; `accounts.tenancy` turns it into the
        database's own wall, and every other `visible_to` builds on it.
        """
        if person.role in CUSTOMER_ROLES:
            return self.filter(pk=person.organisation_id)
        if person.role == Role.PARTNER:
            return self.filter(partner=person.partner_id)
        if person.role == Role.TAM:
            return self.filter(tam=person)
        if person.role == Role.TS1 and not person.serves_everybody:
            return self.filter(served_by=person)
        return self


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, person: Person) -> Self:
        """Colleagues for a customer; for staff also the people of the organisations they see."""
        if person.role in CUSTOMER_ROLES:
            return self.filter(organisation=person.organisation_id)
        if person.role == Role.MANAGER:
            return self
        organisations: Any = self.model._meta.get_field("organisation").related_model
        theirs = organisations.objects.visible_to(person)
        return self.filter(Q(organisation__isnull=True) | Q(organisation__in=theirs))

    def leads(self) -> Self:
        """Who is told of warnings and breaches, besides owner and TAM."""
        return self.active().filter(is_lead=True)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Finds people by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)
