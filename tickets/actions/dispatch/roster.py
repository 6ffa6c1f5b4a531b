"""Everybody to whom dispatch may give incidents, as they stand at one moment (rule 6).

Read once for many decisions: what an engineer is given is counted here at once, so that the next
decision sees it. The numbers come from the rows themselves, not from a counter that could be off.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Max,
    OuterRef,
    QuerySet,
)

from accounts.enums import Role
from accounts.models import Assignment, Person
from entitlements.enums import Supplier
from rota.reads.duty import is_on_duty
from tickets.actions.dispatch.engineers import DISPATCHED
from tickets.models import Dispatch, DispatchRulesVersion, EngineerProfile, Incident
from tickets.reads.engineers import engineer, needs_level_2
from tickets.rules.dispatch.choosing import (
    Candidate,
    Considered,
    Reason,
    Standing,
    Wanted,
    candidate,
    decide,
)
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules

_LOCK = "tickets.dispatch"
_PATIENCE = 2.0  # seconds that a sweep waits for a decision of somebody else
_STEP = 0.05


@dataclass(frozen=True)
class Decision:
    """Who gets it, if anybody; the rules that said so, and the id of their version."""

    considered: list[Considered]
    chosen: Person | None
    rules: DispatchRules = AS_DELIVERED
    version: int | None = None


@dataclass
class _Load:
    """What an engineer owns that is unfinished: how many of each priority."""

    of_priority: Counter[int] = field(default_factory=Counter)
    last_given_at: datetime | None = None

    def add(self, priority: int, number: int, received_at: datetime) -> None:
        self.of_priority[priority] += number
        self.last_given_at = max(self.last_given_at or received_at, received_at)

    @property
    def number(self) -> int:
        return self.of_priority.total()

    def as_urgent_as(self, priority: int) -> int:
        return sum(many for one, many in self.of_priority.items() if one <= priority)


def decide_alone() -> None:
    """One who decides at a time, until the transaction ends: call it before a `Roster` is read.

    The next one sees what this one gave to whom, so that many at once neither fill an engineer
    beyond their room nor give all to one. Waits as long as the database lets it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])


def may_decide_alone() -> bool:
    """The same for a sweep, which comes again: False where somebody else decides for long."""
    ends = time.monotonic() + _PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
            if cursor.fetchone()[0]:
                return True
            if time.monotonic() > ends:
                return False
            time.sleep(_STEP)


class Roster:
    """Reads in four queries, in a transaction that sees everything and decides alone."""

    def __init__(self, incidents: Collection[Incident], *, at: datetime) -> None:
        counting = DispatchRulesVersion.objects.counting(at).first()
        self.version = counting.pk if counting else None
        self.rules = counting.rules if counting else AS_DELIVERED
        self._people: dict[int, Any] = {one.pk: one for one in _people(at)}
        self._loads: dict[int, _Load] = {}
        for owner, priority, number, last in _owned():
            self._load(owner).add(priority, number, last)
        had_it = Dispatch.objects.filter(incident__in=[one.pk for one in incidents])
        self._had_it = set(had_it.order_by().values_list("incident", "to"))

    @property
    def has_room(self) -> bool:
        """Whether anybody at all could be given something, whatever it is."""
        return any(
            one.at_work and self._load(pk).number < (_capacity(one) or self.rules.capacity)
            for pk, one in self._people.items()
        )

    def times_given(self, incident: Incident) -> int:
        """To how many different people it was given before."""
        return sum(pk == incident.pk for pk, _to in self._had_it)

    def decide(self, incident: Incident) -> Decision:
        """Who should get it, of everybody who works at TS1 for the vendor or for its partner."""
        supplied_by = incident.decision.level.supplied_by if incident.decision.level else []
        wanted = Wanted(needs_level_2(supplied_by), incident.language, incident.service.key)
        team = [one for one in self._people.values() if _is_asked(one, incident, supplied_by)]
        if not team:
            return Decision([], None)
        considered = decide(
            wanted, [self._candidate(one, incident, wanted) for one in team], self.rules
        )
        first = considered[0]
        chosen = self._people[first.person] if first.reason == Reason.CHOSEN else None
        return Decision(considered, chosen, self.rules, self.version)

    def give(self, incident: Incident, to: Person) -> None:
        """Count it as theirs from now on."""
        self._load(to.pk).add(incident.priority, 1, incident.received_at)
        self._had_it.add((incident.pk, to.pk))

    def _load(self, person: int) -> _Load:
        return self._loads.setdefault(person, _Load())

    def _candidate(self, person: Any, incident: Incident, wanted: Wanted) -> Candidate:
        load = self._load(person.pk)
        serves = not person.assigned_to or incident.organisation_id in person.assigned_to
        had_it = (incident.pk, person.pk) in self._had_it or person.pk == incident.owner_id
        standing = Standing(
            serves=serves,
            on_duty=person.at_work,
            did_not_take=had_it,
            load=load.number,
            urgent=load.as_urgent_as(incident.priority),
            last_given_at=load.last_given_at,
        )
        return candidate(engineer(person, person.knows), wanted, standing, self.rules.capacity)


def _is_asked(person: Person, incident: Incident, supplied_by: Collection[str]) -> bool:
    """A partner's engineer for that partner's customers, where partners supply the level."""
    if person.role == Role.TS1:
        return True
    partner = incident.organisation.partner_id
    return bool(partner) and person.partner_id == partner and Supplier.PARTNER in supplied_by


def _capacity(person: Person) -> int | None:
    profile = getattr(person, "engineer_profile", None)
    return profile.capacity if profile else None


def _people(at: datetime) -> QuerySet[Person]:
    """Each with what of them only the database knows."""
    assigned = Assignment.objects.filter(person=OuterRef("pk"))
    profiles = EngineerProfile.objects.filter(person=OuterRef("pk"), services__isnull=False)
    people: QuerySet[Person] = (
        Person.objects.active()
        .filter(role__in=DISPATCHED)
        .select_related("partner", "engineer_profile")
        .annotate(
            assigned_to=ArraySubquery(assigned.values("organisation_id")),
            at_work=ExpressionWrapper(is_on_duty(at), output_field=BooleanField()),
            knows=ArraySubquery(profiles.values("services__key")),
        )
        .order_by("pk")
    )
    return people


def _owned() -> Iterable[tuple[int, int, int, datetime]]:
    """Owner, priority, how many, the latest one's report: one pass over what is unfinished."""
    owned = Incident.objects.unfinished().filter(owner__isnull=False).order_by()
    counted = owned.values("owner", "priority").annotate(many=Count("pk"), last=Max("received_at"))
    return counted.values_list("owner", "priority", "many", "last")
