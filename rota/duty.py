"""Who is on duty."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import Role
from accounts.models import Person
from rota.models import Absence, Pattern, Shift

CALLED = (Role.TS1, Role.TS2, Role.TS3)  # the vendor's engineers


def on_duty(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """Those of the people whom fresh work may be given to at `at`, without a query of its own.

    Whose first weekly pattern has begun is on duty while a shift covers `at`, anybody else by the
    switch alone. Who is absent, or whose switch is off, never is.
    """
    of_them = {"person": OuterRef("pk")}
    away = Absence.objects.filter(**of_them, starts_at__lte=at, ends_at__gt=at)
    planned = Pattern.objects.filter(**of_them, starts_at__lte=at)
    shift = Shift.objects.filter(**of_them, starts_at__lte=at, ends_at__gt=at)
    ready = people.filter(~Exists(away), is_active=True, is_on_duty=True)
    return ready.filter(~Exists(planned) | Exists(shift))


def on_call(at: datetime) -> QuerySet[Person]:
    """The vendor's engineers who are on duty and have a telephone number, leads first."""
    engineers = Person.objects.filter(role__in=CALLED).exclude(phone="")
    return on_duty(engineers, at=at).order_by("-is_lead", "name", "pk")


def next_shift(person: Person, at: datetime) -> Shift | None:
    """The first shift that begins after `at` and does not begin in an absence."""
    away = Absence.objects.filter(
        person=person, starts_at__lte=OuterRef("starts_at"), ends_at__gt=OuterRef("starts_at")
    )
    coming = Shift.objects.filter(~Exists(away), person=person, starts_at__gt=at)
    return coming.order_by("starts_at").first()


def shift_now(person: Person, at: datetime) -> Shift | None:
    """The shift that covers `at`; an absence does not take it away."""
    return Shift.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at).first()
