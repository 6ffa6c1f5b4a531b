"""What the composer of an incident offers to insert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Person
from resources.models import Article, Defect
from resources.policies import may_see_defects
from resources.reads.readers import reader_of
from tickets.models import Incident

OFFERED = 8
ARTICLES = 5


@dataclass(frozen=True)
class Row:
    """A line of the picker: `text` is what is inserted."""

    title: str
    text: str
    note: str = ""

    def shown(self) -> dict[str, Any]:
        return {"title": self.title, "text": self.text, "note": self.note}


def defects(person: Person, words: str) -> list[Row]:
    """Known defects by number or words, the newest first; for the vendor's people."""
    if not may_see_defects(person):
        return []
    fits = Q()
    for word in words.split():
        fits &= Q(number__icontains=word) | Q(title__icontains=word)
    found = Defect.objects.filter(fits).order_by("-pk")[:OFFERED]
    return [
        Row(
            one.number,
            one.number,
            f"{one.title}{f' (fixed in {one.fixed_in})' if one.fixed_in else ''}",
        )
        for one in found
    ]


def articles(incident: Incident, words: str, at: datetime) -> list[Row]:
    """Articles that the reporter may read, too: a link that leads nowhere is no help."""
    found = Article.objects.visible_to(reader_of(incident.reporter, at))
    for word in words.split():
        found = found.filter(Q(live__title__icontains=word) | Q(slug__icontains=word))
    return [
        Row(
            one.live.title,
            f"[{_linked(one.live.title)}]({settings.SITE_URL}{one.get_absolute_url()}) ",
            "Article",
        )
        for one in found.select_related("live").order_by("-pk")[:ARTICLES]
        if one.live is not None
    ]


def _linked(title: str) -> str:
    """As the words of a link in Markdown."""
    return title.replace("\\", "").replace("[", "(").replace("]", ")")


def colleagues(incident: Incident, words: str) -> list[Row]:
    """Who may be meant by an `@`: those who can see the incident."""
    found = may_be_mentioned(incident).filter(name__icontains=words).order_by("name")[:OFFERED]
    return [Row(one.name, f"@{one.name} ", one.get_role_display()) for one in found]


def may_be_mentioned(incident: Incident) -> Any:
    """The staff who serve the customer of the incident, and those who lead."""
    organisation = incident.organisation
    serving = Q(assignments=None) | Q(assignments__organisation=organisation)
    able = (Q(role__in=ENGINEER_ROLES) & ~Q(role=Role.PARTNER) & serving) | Q(role=Role.MANAGER)
    if organisation.partner_id is not None:
        able |= Q(role=Role.PARTNER, partner=organisation.partner_id)
    if organisation.tam_id is not None:
        able |= Q(pk=organisation.tam_id)
    return Person.objects.active().filter(able).distinct()
