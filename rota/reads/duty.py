"""Who is on duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from accounts.models import Person
from rota.models import Absence, Pattern, Shift
from rota.rules.cover import Span, without


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


def spans_on_duty(
    people: Iterable[Person], start: datetime, end: datetime
) -> dict[int, list[Span]]:
    """When each was on duty in [start, end), by id: `is_on_duty` for all its moments at once.

    In three queries. The switch is today's: nobody kept what it was.
    """
    everybody = list(people)
    pks = [one.pk for one in everybody]
    shifts, away = _spans(Shift, pks, start, end), _spans(Absence, pks, start, end)
    patterns = Pattern.objects.filter(person__in=pks).order_by().values("person")
    planned = dict(patterns.annotate(first=Min("starts_at")).values_list("person", "first"))
    found: dict[int, list[Span]] = {}
    for one in everybody:
        begins = planned.get(one.pk, end)  # of the first pattern: before it the switch alone counts
        ready = [(start, min(begins, end))] if begins > start else []
        ready += [piece for span in shifts.get(one.pk, []) for piece in without(span, ready)]
        free = [piece for span in ready for piece in without(span, away.get(one.pk, []))]
        found[one.pk] = free if one.is_on_duty else []
    return found


def _spans(
    model: type[Shift] | type[Absence], pks: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[Span]]:
    """By person, cut to [start, end)."""
    rows = model.objects.filter(person__in=pks, starts_at__lt=end, ends_at__gt=start)
    found: dict[int, list[Span]] = {}
    for person, begins, ends in rows.order_by("starts_at").values_list(
        "person", "starts_at", "ends_at"
    ):
        found.setdefault(person, []).append((max(begins, start), min(ends, end)))
    return found
