"""What is open now, how old it is and where it stands: from the incidents themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from office.reads.figures.asked import NOBODY, NOTHING, Asked
from office.rules.picture import Backlog, Cell, Row
from tickets.models import Incident
from tickets.querysets import past_due

AGES = (
    ("Less than a day", 0, 1),
    ("1 to 3 days", 1, 3),
    ("3 to 7 days", 3, 7),
    ("7 to 14 days", 7, 14),
    ("More than 14 days", 14, None),
)
TIERS = (1, 2, 3)
HEADS = ("Age", "All", "TS1", "TS2", "TS3")
LABELS = {
    "open": "Open now",
    "open-late": "Open now, with a late answer",
    "open-nobody": "Open now, with nobody",
    **{f"open-{n}": f"Open now, {label.lower()}" for n, (label, *_) in enumerate(AGES)},
}


def open_ones(asked: Asked, person: Person, figure: str, *, at: datetime) -> QuerySet[Incident]:
    """What a number of the backlog counts, the newest first; `figure` is one of `LABELS`."""
    return _open(asked, person).filter(_parts(at)[figure]).order_by("-received_at", "-pk")


def backlog_of(asked: Asked, person: Person, *, at: datetime) -> Backlog:
    """In one statement; narrowed as the figures are, but for the days."""
    parts = _parts(at)
    wanted = {
        _name(key, tier): Count("pk", filter=_of(q, tier))
        for key, q in parts.items()
        for tier in (0, *TIERS)
    }
    found = _open(asked, person).aggregate(**wanted)

    def cell(key: str, tier: int = 0) -> Cell:
        narrowed = asked.but(tier=tier) if tier else asked
        return Cell(found[_name(key, tier)], key, narrowed.query)

    ages = [
        Row(label, [cell(f"open-{n}", tier) for tier in (0, *TIERS)])
        for n, (label, *_) in enumerate(AGES)
    ]
    return Backlog(cell("open"), cell("open-late"), cell("open-nobody"), HEADS, ages)


def _open(asked: Asked, person: Person) -> QuerySet[Incident]:
    rows = Incident.objects.visible_to(person).unfinished().order_by()
    given: dict[str, Any] = {
        "decision__level__level": asked.level,
        "tier": asked.tier,
        "service__key": asked.service,
        "organisation__slug": asked.customer,
        "owner": asked.engineer,
    }
    for key, value in given.items():
        if value in (NOTHING, NOBODY):
            rows = rows.filter(**{f"{key}__isnull": True})
        elif value:
            rows = rows.filter(**{key: value})
    return rows


def _parts(at: datetime) -> dict[str, Q]:
    """The condition of each number."""
    parts = {"open": Q(), "open-late": past_due(at), "open-nobody": Q(owner=None)}
    for n, (_, youngest, oldest) in enumerate(AGES):
        age = Q(received_at__lte=at - timedelta(days=youngest)) if youngest else Q()
        if oldest is not None:
            age &= Q(received_at__gt=at - timedelta(days=oldest))
        parts[f"open-{n}"] = age
    return parts


def _of(part: Q, tier: int) -> Q:
    return part & Q(tier=tier) if tier else part & Q(pk__isnull=False)


def _name(key: str, tier: int) -> str:
    return f"{key.replace('-', '_')}_of_{tier}"
