"""What came to the desk in some days, and how its engineers stood then: for replays of dispatch.

Told as it was: when each incident came, how urgent it was then, when an engineer first did
anything on it and when it was finished; who had what when the days began; shifts and absences. Of
today is what a person's record says: role, customers, services, languages, level 2, room, and the
switch of duty.
The number of queries does not depend on the number of incidents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Assignment, Person
from core.models import JournalEntry
from entitlements.enums import Supplier
from entitlements.models import CalendarVersion
from entitlements.reads.current import working_calendar
from rota.reads.duty import spans_on_duty
from tickets.errors import TooManyToReplay
from tickets.models import Dispatch, EngineerProfile, Incident, ResponseTarget
from tickets.reads.engineers import engineer, needs_level_2
from tickets.rules.dispatch.choosing import Wanted
from tickets.rules.dispatch.replay import Arrival, Held, History, Past

MOST = 3000  # incidents: some seconds for fifty engineers
_GIVEN = {"incident.dispatched": "to", "incident.assigned": "after"}


def history(start: datetime, end: datetime, *, reader: Person) -> History:
    """What happened in [start, end), as far as the reader may see it. Error: `TooManyToReplay`."""
    seen = Incident.objects.visible_to(reader)
    came = seen.filter(
        received_at__gte=start, received_at__lt=end, decision__level__isnull=False
    ).order_by("received_at", "pk")
    number = came.count()
    if number > MOST:
        raise TooManyToReplay(number=f"{number:,}", most=f"{MOST:,}")
    return History(start, end, _people(start, end), _held(seen, start), _arrivals(came))


def _arrivals(came: QuerySet[Incident]) -> list[Arrival]:
    rows = list(
        came.values(
            "pk",
            "number",
            "subject",
            "organisation",
            "language",
            "priority",
            "received_at",
            "service__key",
            "organisation__partner",
            "decision__level__supplied_by",
            finished=Coalesce("solved_at", "closed_at"),
        )
    )
    pks = [one["pk"] for one in rows]
    targets = _first_targets(pks)
    taken, priorities, owners = _taken(pks), _first_priorities(pks), _first_owners(pks)
    calendars = CalendarVersion.objects.in_bulk({one.calendar_id for one in targets.values()})
    return [
        Arrival(
            incident=pk,
            number=one["number"],
            subject=one["subject"],
            organisation=one["organisation"],
            partner=one["organisation__partner"] if Supplier.PARTNER in supplied_by else None,
            wanted=Wanted(needs_level_2(supplied_by), one["language"], one["service__key"]),
            priority=priorities.get(pk, one["priority"]),
            received_at=one["received_at"],
            taken_at=min(filter(None, (taken.get(pk), one["finished"])), default=None),
            finished_at=one["finished"],
            target=targets[pk].target,
            due_at=targets[pk].first_due_at or targets[pk].due_at,
            calendar=working_calendar(calendars[targets[pk].calendar_id]),
            first_owner=owners.get(pk),
        )
        for one in rows
        if (pk := one["pk"]) in targets
        for supplied_by in [one["decision__level__supplied_by"]]
    ]


def _first_targets(pks: Sequence[int]) -> dict[int, ResponseTarget]:
    found = ResponseTarget.objects.filter(incident__in=pks).order_by("incident_id", "cycle")
    return {one.incident_id: one for one in found.distinct("incident_id")}


def _first_owners(pks: Sequence[int]) -> dict[int, int]:
    """Whom dispatch gave each incident first."""
    first = Dispatch.objects.filter(incident__in=pks).order_by("incident_id", "at", "pk")
    return dict(first.distinct("incident_id").values_list("incident_id", "to_id"))


def _taken(pks: Sequence[int]) -> dict[int, datetime]:
    """When an engineer first did anything on each incident that the journal knows."""
    acts = JournalEntry.objects.filter(subject__in=_labels(pks), by__role__in=ENGINEER_ROLES)
    acts = acts.exclude(kind="incident.filed").order_by()  # for a customer who called
    found = acts.values("subject").annotate(first=Min("at")).values_list("subject", "first")
    return {_pk(subject): at for subject, at in found}


def _first_priorities(pks: Sequence[int]) -> dict[int, int]:
    """Of the incidents whose priority changed: the one that they came with."""
    changes = JournalEntry.objects.filter(subject__in=_labels(pks), kind="incident.priority")
    first = changes.order_by("subject", "at", "pk").distinct("subject")
    return {_pk(one.subject): int(one.facts["before"]) for one in first}


def _held(seen: QuerySet[Incident], start: datetime) -> list[Held]:
    """What was unfinished when the days began, with who had it then."""
    unfinished = Q(solved_at=None, closed_at=None) | Q(solved_at__gte=start)
    unfinished |= Q(solved_at=None, closed_at__gte=start)
    open_then = seen.filter(unfinished, received_at__lt=start, owner__isnull=False).order_by()
    finished = Coalesce("solved_at", "closed_at")
    rows = list(open_then.values_list("pk", "owner", "priority", "received_at", finished))
    owners = _owners_at(start, [pk for pk, *_ in rows])
    return [
        Held(pk, owners.get(pk, owner), priority, received_at, finished_at)
        for pk, owner, priority, received_at, finished_at in rows
    ]


def _owners_at(at: datetime, pks: Sequence[int]) -> dict[int, int]:
    """Who had each incident at `at`, where the journal tells."""
    given = JournalEntry.objects.filter(subject__in=_labels(pks), kind__in=_GIVEN, at__lt=at)
    last = given.order_by("subject", "-at", "-pk").distinct("subject")
    return {
        _pk(one.subject): int(owner) for one in last if (owner := one.facts.get(_GIVEN[one.kind]))
    }


def _people(start: datetime, end: datetime) -> list[Past]:
    """Whom dispatch asks today, each with when they were on duty."""
    assigned = Assignment.objects.filter(person=OuterRef("pk"))
    knows = EngineerProfile.objects.filter(person=OuterRef("pk"), services__isnull=False)
    asked: Iterable[Any] = (
        Person.objects.active()
        .filter(role__in=(Role.TS1, Role.PARTNER))
        .select_related("partner", "engineer_profile")
        .annotate(
            assigned_to=ArraySubquery(assigned.values("organisation_id")),
            knows=ArraySubquery(knows.values("services__key")),
        )
        .order_by("pk")
    )
    people = list(asked)
    spans = spans_on_duty(people, start, end)
    return [
        Past(
            engineer(one, one.knows),
            one.partner_id,
            frozenset(one.assigned_to),
            tuple(spans[one.pk]),
        )
        for one in people
    ]


_LABEL = Incident._meta.label_lower


def _labels(pks: Iterable[int]) -> list[str]:
    return [f"{_LABEL}:{pk}" for pk in pks]


def _pk(subject: str) -> int:
    return int(subject.rpartition(":")[2])
