from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Exists, Func, OuterRef, Q

from accounts.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from core import registries

if TYPE_CHECKING:
    from accounts.models import ApiToken, Organisation, Person  # noqa: F401 -- quoted below

QS = TypeVar("QS", bound=models.QuerySet[Any])

CLOSED = Q(closed_at__isnull=False)
ERASURE_OWED = Q(done_at=None)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: Person) -> Self:
        """The organisations whose incidents and contracts `person` may see at all.

        The one answer to "whose customer is this?"; `accounts.tenancy` turns it into the
        database's own wall, and every other `visible_to` builds on it. TS2 and TS3 see those of
        whom something is, or was, at their level.
        """
        if person.role in CUSTOMER_ROLES:
            return self.filter(pk=person.organisation_id)
        if person.role == Role.PARTNER:
            return self.filter(partner=person.partner_id)
        if person.role == Role.TAM:
            return self.filter(tam=person)
        if person.role == Role.TS1 and not person.serves_everybody:
            return self.filter(served_by=person)
        if person.role in (Role.TS2, Role.TS3):
            return self.filter(_any_of([one.reached(person) for one in registries.work.values()]))
        return self


class IsOneOf(Func):
    """`organisation_id = ANY(ARRAY(SELECT ...))`: the array is asked for once a query."""

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
    return rows.filter(IsOneOf("organisation", ArraySubquery(seen.order_by().values("pk"))))


def _any_of(found: Sequence[models.QuerySet[Any, Any]]) -> Q:
    """Whose id is among any of the results; nobody's where there are none."""
    nobody = Q(pk__in=())
    return reduce(or_, (Q(pk__in=one) for one in found), nobody)


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, person: Person) -> Self:
        """Colleagues for a customer; for staff also the people of the organisations they see.

        A local partner's people see of the vendor only those who work for their customers, and
        nobody of another partner.
        """
        if person.role in CUSTOMER_ROLES:
            return self.filter(organisation=person.organisation_id)
        if person.role == Role.MANAGER:
            return self
        organisations: Any = self.model._meta.get_field("organisation").related_model
        theirs = organisations.objects.visible_to(person)
        if person.role == Role.PARTNER:
            at_work = _any_of([one.staff(theirs) for one in registries.work.values()])
            vendor = Q(role__in=VENDOR_ROLES) & (at_work | Q(manages__in=theirs))
            ours = Q(organisation__in=theirs) | Q(partner=person.partner_id)
            return self.filter(
                pk__in=self.model._default_manager.filter(ours | vendor).values("pk")
            )
        return self.filter(Q(organisation__isnull=True) | Q(organisation__in=theirs))

    def with_assignments(self) -> Self:
        """Adds `is_assigned`, so that `Person.serves_everybody` asks nothing."""
        assignments: Any = self.model._meta.get_field("assignments").related_model
        theirs = assignments.objects.filter(person=OuterRef("pk"))
        return self.annotate(is_assigned=Exists(theirs))

    def serving(self, organisation: Organisation) -> Self:
        """The vendor's people to whom it is visible by whom they serve, in one query.

        `OrganisationQuerySet.visible_to`, read from the other side; TS2 and TS3 serve nobody.
        """
        everybody = Q(role=Role.MANAGER) | Q(role=Role.TS1, is_assigned=False)
        theirs = Q(role=Role.TS1, serves=organisation) | Q(role=Role.TAM, pk=organisation.tam_id)
        found = self.with_assignments().filter(everybody | theirs)
        return self.filter(pk__in=found.values("pk"))

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
