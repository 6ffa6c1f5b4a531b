"""Incidents as search knows them: what is indexed of one, who sees it, how a hit is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from core.search.words import Chosen
from tickets.enums import PUBLIC_KINDS
from tickets.models import Attachment, Incident, Message, Solution
from tickets.reads.search.conditions import KIND, field_conditions, numbered
from tickets.reads.search.texts import text_of
from tickets.rules.search.fields import number_of

FILES = 20  # of an incident that are looked into, the latest


@dataclass
class _Said:
    """What is said on an incident, public or not, in the order of time."""

    body: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed of these incidents. Notes and their files are for staff alone."""
    public: defaultdict[int, _Said] = defaultdict(_Said)
    whole: defaultdict[int, _Said] = defaultdict(_Said)
    latest: dict[int, datetime] = {}
    with_notes: set[int] = set()
    for incident, is_public, at, body, quoted in _said(keys):
        latest[incident] = max(at, latest.get(incident, at))
        for said in (whole, public) if is_public else (whole,):
            said[incident].body.append(body)
            said[incident].quoted.append(quoted)
        if not is_public:
            with_notes.add(incident)
    rows = Incident.objects.filter(pk__in=keys).select_related(
        "organisation", "reporter", "licence", "defect"
    )
    for one in rows:
        theirs = _texts(one, public[one.pk])
        yield Document(
            pk=one.pk,
            at=latest.get(one.pk, one.received_at),
            organisation=one.organisation_id,
            language=one.language,
            of_customers=theirs,
            of_staff=_texts(one, whole[one.pk]) if one.pk in with_notes else None,
        )


def _said(keys: Sequence[int]) -> Iterable[tuple[int, bool, datetime, str, str]]:
    """Incident, whether customers read it, when, text and quoted text, of all that is said.

    What was split out is said on the incident that it became (G2).
    """
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    attached: defaultdict[int, int] = defaultdict(int)
    here = Q(incident__in=keys, split_to=None) | Q(split_to__in=keys)
    rows = Attachment.objects.filter(message__in=Message.objects.filter(here))
    for file in rows.order_by("-pk"):
        files[file.message_id].append(file)
    messages = Message.objects.filter(here).order_by("sent_at", "pk")
    for one in messages.only("incident_id", "split_to_id", "kind", "sent_at", "body", "quoted"):
        where = one.split_to_id or one.incident_id
        parts = [one.body]
        for file in files[one.pk]:
            attached[where] += 1
            looked_into = attached[where] <= FILES
            parts.append(f"{file.name}\n{text_of(file) if looked_into else ''}".strip())
        is_public = one.kind in PUBLIC_KINDS
        yield where, is_public, one.sent_at, "\n\n".join(parts), one.quoted
    for solution in Solution.objects.filter(incident__in=keys).select_related("cause"):
        text = f"{solution.text}\n{solution.cause or ''}".strip()
        yield solution.incident_id, True, solution.at, text, ""


def _texts(one: Incident, said: _Said) -> Texts:
    named = [
        one.number,
        str(int(one.number.rpartition("-")[2])) if number_of(one.number) else "",
        one.organisation.name,
        one.reporter.name,
        one.reporter.email,
        one.licence.key if one.licence else "",
        one.defect.number if one.defect else "",
        one.version,
    ]
    return Texts(
        title=one.subject,
        head=" \n ".join(part for part in named if part),
        body="\n\n".join(part for part in said.body if part),
        quoted="\n".join(part for part in said.quoted if part),
    )


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    page = "tickets:detail" if person.is_customer else "admin:incident"
    return {
        one.pk: Shown(
            title=one.subject,
            number=one.number,
            url=reverse(page, args=[one.number]),
            facts={"incident": one},
        )
        for one in rows.select_related("organisation", "owner", "decision__level")
    }


def narrowed(chosen: Sequence[Chosen], person: Person, at: datetime) -> Q:
    return field_conditions(tuple(chosen), person, at)


def _numbered(word: str, at: datetime) -> Q | None:
    number = number_of(word)
    return numbered(number, at) if number else None


SOURCE = Source(
    kind=KIND,
    label="Incidents",
    documents=documents,
    every=lambda: Incident.objects.all(),
    visible=lambda person, at: Incident.objects.visible_to(person),
    shown=shown,
    conditions=narrowed,
    numbered=_numbered,
    # Some see less than the wall lets through: TS2 and TS3 what was escalated to them, customers
    # neither the private ones nor, where they see their own alone, those of colleagues (F4).
    wall_is_enough=lambda person: person.role not in (Role.TS2, Role.TS3, *CUSTOMER_ROLES),
    newest=("-received_at", "-pk"),
)
