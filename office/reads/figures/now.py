"""What is open now, how old it is and where it stands: from the incidents themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from accounts.models import Person
from office.reads.figures.asked import Asked
from tickets.models import Incident
from tickets.querysets import past_due

AGES = (
    ("Less than a day", 0, 1),
    ("1 to 3 days", 1, 3),
    ("3 to 7 days", 3, 7),
    ("7 to 14 days", 7, 14),
    ("More than 14 days", 14, None),
)


@dataclass(frozen=True)
class Backlog:
    """Open incidents by age, each age with how many are of which tier."""

    total: int
    late: int
    unassigned: int
    ages: list[tuple[str, int, list[int]]]  # label, all, by tier


def backlog_of(asked: Asked, person: Person, *, at: datetime) -> Backlog:
    """In one statement; narrowed as the figures are, but for the days."""
    rows = Incident.objects.visible_to(person).unfinished().order_by()
    given = {
        "decision__level__level": asked.level,
        "tier": asked.tier,
        "service__key": asked.service,
        "organisation__slug": asked.customer,
        "owner": asked.engineer if asked.engineer > 0 else 0,
    }
    rows = rows.filter(**{key: value for key, value in given.items() if value})
    if asked.engineer == -1:
        rows = rows.filter(owner=None)
    wanted: dict[str, Count] = {
        "total": Count("pk"),
        "late": Count("pk", filter=past_due(at)),
        "unassigned": Count("pk", filter=Q(owner=None)),
    }
    for place, (_, youngest, oldest) in enumerate(AGES):
        age = Q(received_at__lte=at - timedelta(days=youngest)) if youngest else Q()
        if oldest is not None:
            age &= Q(received_at__gt=at - timedelta(days=oldest))
        wanted[f"age{place}"] = Count("pk", filter=age)
        for tier in (1, 2, 3):
            wanted[f"age{place}_{tier}"] = Count("pk", filter=age & Q(tier=tier))
    found = rows.aggregate(**wanted)
    ages = [
        (label, found[f"age{place}"], [found[f"age{place}_{tier}"] for tier in (1, 2, 3)])
        for place, (label, _, _) in enumerate(AGES)
    ]
    return Backlog(found["total"], found["late"], found["unassigned"], ages)
