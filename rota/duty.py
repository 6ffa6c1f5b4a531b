"""Who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from accounts.models import Person
from rota.models import Absence, Pattern, Shift


@dataclass(frozen=True)
class Duty:
    """How somebody stands with the rota: until when a shift runs, and when the next one begins."""

    is_on: bool
    until_at: datetime | None
    next_at: datetime | None


def duty_of(person: Person, *, at: datetime) -> Duty:
    """In one query."""
    theirs = Shift.objects.filter(person=OuterRef("pk"))
    running = (
        theirs.filter(starts_at__lte=at, ends_at__gt=at).order_by("starts_at").values("ends_at")
    )
    coming = theirs.filter(starts_at__gt=at).order_by("starts_at").values("starts_at")
    on = ExpressionWrapper(is_on_duty(at), output_field=BooleanField())
    found = Person.objects.filter(pk=person.pk).values_list(
        on, Subquery(running[:1]), Subquery(coming[:1])
    )
    return Duty(*found.get())


def is_on_duty(at: datetime) -> Q:
    """Whether fresh work may be given to a person at `at`: a condition on people.

    Whose first weekly pattern has begun is on duty while a shift covers `at`, anybody else by the
    switch alone. Who is absent, or whose switch is off, never is.
    """
    of_them = {"person": OuterRef("pk")}
    away = Absence.objects.filter(**of_them, starts_at__lte=at, ends_at__gt=at)
    planned = Pattern.objects.filter(**of_them, starts_at__lte=at)
    shift = Shift.objects.filter(**of_them, starts_at__lte=at, ends_at__gt=at)
    ready = Q(~Exists(away), is_active=True, is_on_duty=True)
    return ready & (Q(~Exists(planned)) | Q(Exists(shift)))


def on_duty(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """Those of the people who are on duty at `at`, without a query of its own."""
    return people.filter(is_on_duty(at))
