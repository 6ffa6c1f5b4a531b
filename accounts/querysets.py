from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Func, Q

from accounts.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import ApiToken, Organisation, Person  # noqa: F401 -- quoted below

QS = TypeVar("QS", bound=models.QuerySet[Any])


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


class _IsOneOf(Func):
    """`organisation_id = ANY(ARRAY(SELECT ...))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def owned_by_visible(rows: QS, person: Person) -> QS:
    """The `rows` whose `organisation`, which each has, is one that `person` may see at all.

    Not by `organisation__in`: to join one more table behind the wall costs the planner 8 to 20 ms
    a list. An array is asked for once a query, and for who sees everybody nothing is asked. A
    customer's single organisation is compared, so that an index on it gives the order, too.
    """
    if person.role in CUSTOMER_ROLES:
        return rows.filter(organisation=person.organisation_id)
    organisations: Any = rows.model._meta.get_field("organisation").related_model
    seen = organisations.objects.visible_to(person)
    if not seen.query.where:
        return rows
    return rows.filter(_IsOneOf("organisation", ArraySubquery(seen.order_by().values("pk"))))


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
        """Who is notified of warnings and breaches, besides owner and TAM: the vendor's own people.

        A partner's lead must not hear of what others' customers report.
        """
        return self.active().filter(is_lead=True, role__in=VENDOR_ROLES)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self, at: datetime) -> Self:
        """Those that open something at `at`."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None, person__is_active=True
        )


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Finds people by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email__iexact=username)
