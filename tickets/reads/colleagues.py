"""How each colleague stands to whom an incident could be given: duty, room, load, absence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from core import rls
from rota.models import Absence
from rota.reads.duty import is_on_duty
from tickets.models import DispatchRulesVersion, Incident
from tickets.reads.engineers import engineer
from tickets.rules.dispatch.settings import AS_DELIVERED

_LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Colleague:
    """One of them, now. `load` are unfinished incidents, theirs or worked on by them."""

    person: Person
    on_duty: bool
    away_until: datetime | None
    load: int
    capacity: int
    speaks: str = ""  # the customer's language, where that is not English

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity

    @property
    def is_free(self) -> bool:
        return self.on_duty and self.away_until is None and self.has_room

    def words(self, zone: tzinfo) -> str:
        """What stands beside the name; the moment is on the reader's clock."""
        if self.away_until is not None:
            first = f"away until {self.away_until.astimezone(zone):%-d %B, %H:%M}"
        else:
            first = "on duty" if self.on_duty else "not on duty"
        room = f"{self.load} of {self.capacity}" + ("" if self.has_room else ", no room")
        return ", ".join(part for part in (first, room, self.speaks) if part)


def colleagues_of(people: Any, incident: Incident, at: datetime) -> list[Colleague]:
    """Of these people, who could take it now first, by load; then the others, by name.

    `people` is a queryset of those who may have it. Their loads are counted over all customers,
    like dispatch counts them: a number, and nothing of whose. In two statements.
    """
    away = Absence.objects.filter(person=OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)
    asked = people.select_related("partner", "engineer_profile").annotate(
        at_work=ExpressionWrapper(is_on_duty(at), output_field=BooleanField()),
        away_until=Subquery(away.order_by("-ends_at").values("ends_at")[:1]),
        load=_count("owner") + _count("worker", ~Q(owner=F("worker")) | Q(owner=None)),
    )
    rules = DispatchRulesVersion.objects.counting(at).first()
    room = rules.rules.capacity if rules else AS_DELIVERED.capacity
    with rls.everything():
        found = [_colleague(one, incident, room) for one in asked]
    return sorted(found, key=_place)


def _count(field: str, *conditions: Q) -> Coalesce:
    """How many unfinished incidents name a person there."""
    those = Incident.objects.unfinished().filter(*conditions, **{field: OuterRef("pk")}).order_by()
    counted = those.values(field).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def _place(one: Colleague) -> tuple[bool, int, str]:
    return (not one.is_free, one.load if one.is_free else 0, one.person.name)


def _colleague(person: Any, incident: Incident, room: int) -> Colleague:
    known = engineer(person, ())
    speaks = incident.language in (known.language, *known.languages)
    is_foreign = incident.language != "en"
    return Colleague(
        person,
        on_duty=person.at_work,
        away_until=person.away_until,
        load=person.load,
        capacity=known.capacity or room,
        speaks=f"speaks {_named(incident.language)}" if speaks and is_foreign else "",
    )


def _named(language: str) -> str:
    return str(_LANGUAGES.get(language, language))


def in_groups(found: Sequence[Colleague], zone: tzinfo) -> list[tuple[str, list[tuple[int, str]]]]:
    """As the choices of a list: who could take it, and who only "even if"."""

    def choices(*, free: bool) -> list[tuple[int, str]]:
        those = (one for one in found if one.is_free == free)
        return [
            (one.person.pk, f"{one.person.name}, {_role(one.person)}: {one.words(zone)}")
            for one in those
        ]

    groups = (("Could take it now", choices(free=True)), ("Not now", choices(free=False)))
    return [group for group in groups if group[1]]


def _role(person: Person) -> str:
    return str(person.get_role_display())
