"""What may answer a report while it is written: articles, known defects, own solved incidents.

Behind the walls of whoever writes: only their own organisation's incidents, and what they may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from core.search.alike import alike, words_of
from core.search.results import Hit
from resources.models import Defect
from resources.reads.articles.source import KIND as ARTICLE
from tickets.enums import FINISHED
from tickets.models import Incident
from tickets.reads.search.conditions import KIND as INCIDENT
from tickets.reads.solutions import newest_solution

ARTICLES, DEFECTS, INCIDENTS = 4, 2, 3
SHARED = 2  # words that a defect's title has of the report's
LEAST = 4  # letters of a subject before anything is looked for
LOOKED_AT = 200  # defects that share a word, the latest


@dataclass(frozen=True)
class Solved:
    """An incident of their own with the solution that was registered."""

    incident: Incident
    solution: str


@dataclass(frozen=True)
class Beside:
    """Best first; false where nothing fits."""

    articles: Sequence[Hit] = ()
    defects: Sequence[Defect] = ()
    incidents: Sequence[Solved] = ()

    def __bool__(self) -> bool:
        return bool(self.articles or self.defects or self.incidents)


def answers_beside(subject: str, body: str, person: Person, at: datetime) -> Beside:
    """What fits the report as far as it is written; nothing for a subject of a few letters."""
    if len(subject.strip()) < LEAST:
        return Beside()
    articles = alike(ARTICLE, person, at, title=subject, text=body, most=ARTICLES)
    return Beside(articles, _defects(subject, body, person), _solved(subject, body, person, at))


def _solved(subject: str, body: str, person: Person, at: datetime) -> list[Solved]:
    def with_solution(rows: QuerySet[Any]) -> QuerySet[Any]:
        ended = rows.filter(organisation=person.organisation_id, state__in=FINISHED)
        return ended.filter(solutions__isnull=False).distinct()

    hits = alike(
        INCIDENT,
        person,
        at,
        title=subject,
        text=body,
        most=INCIDENTS,
        narrowed=with_solution,
    )
    rows = Incident.objects.visible_to(person).filter(pk__in=[hit.key for hit in hits])
    known = rows.annotate(**newest_solution()).in_bulk()
    found = [known[hit.key] for hit in hits if hit.key in known]
    return [Solved(one, getattr(one, "solution_text", "") or "") for one in found]


def defects_met_by(person: Person) -> QuerySet[Defect]:
    """Those that an incident of theirs comes from; of the others customers read no word."""
    theirs = Incident.objects.visible_to(person).filter(defect__isnull=False)
    return Defect.objects.filter(pk__in=theirs.order_by().values("defect"))


def _defects(subject: str, body: str, person: Person) -> list[Defect]:
    """Of those that they met before: whose title shares two words, the most first."""
    words = words_of(subject, body)
    if not words:
        return []
    has_any = Q()
    for one in words:
        has_any |= Q(title__icontains=one)
    scored = [
        (sum(one in known.title.casefold() for one in words), known)
        for known in defects_met_by(person).filter(has_any)[:LOOKED_AT]
    ]
    likely = [pair for pair in scored if pair[0] >= SHARED]
    likely.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [one for _, one in likely[:DEFECTS]]
