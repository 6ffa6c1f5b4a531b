"""Engagements as search knows them: what is indexed of one, who sees it, how a hit is shown.

One hit is the engagement, whichever of its words were meant: title, conversation, files,
documents, tasks, risks, findings. Notes, internal tasks and risks that are the team's own are
found by the team alone.
"""

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
from core.search.sources import Document as Indexed
from core.search.sources import Shown, Source, Texts
from engagements.enums import Voice
from engagements.models import (
    AuditFinding,
    Document,
    DocumentVersion,
    Engagement,
    FeatureRequest,
    Message,
    MessageFile,
    Risk,
    Task,
)

KIND = "engagement"
Said = tuple[int, bool, str, str]  # engagement, whether customers read it, text, quoted text


@dataclass
class _Words:
    body: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)


def documents(keys: Sequence[int]) -> Iterable[Indexed]:
    """What is indexed of these engagements, in a constant number of queries."""
    public: defaultdict[int, _Words] = defaultdict(_Words)
    whole: defaultdict[int, _Words] = defaultdict(_Words)
    of_the_team: set[int] = set()
    for engagement, is_public, body, quoted in _said(keys):
        for words in (whole, public) if is_public else (whole,):
            words[engagement].body.append(body)
            words[engagement].quoted.append(quoted)
        if not is_public:
            of_the_team.add(engagement)
    latest = _latest(keys)
    rows = Engagement.objects.filter(pk__in=keys).select_related("organisation", "requested_by")
    for one in rows:
        yield Indexed(
            pk=one.pk,
            at=latest.get(one.pk, one.requested_at),
            organisation=one.organisation_id,
            of_customers=_texts(one, public[one.pk]),
            of_staff=_texts(one, whole[one.pk]) if one.pk in of_the_team else None,
        )


def _latest(keys: Sequence[int]) -> dict[int, datetime]:
    """When somebody last wrote something that customers read."""
    said = Message.objects.filter(engagement__in=keys).exclude(voice=Voice.NOTE)
    return dict(said.order_by("sent_at", "pk").values_list("engagement", "sent_at"))


def _said(keys: Sequence[int]) -> Iterable[Said]:
    of = Q(engagement__in=keys)
    written = Message.objects.filter(of).order_by("sent_at", "pk")
    for one, voice, body, quoted in written.values_list("engagement", "voice", "body", "quoted"):
        yield one, voice != Voice.NOTE, body, quoted
    files = MessageFile.objects.filter(of).values_list("engagement", "message__voice", "name")
    for one, voice, name in files:
        yield one, voice != Voice.NOTE, name, ""
    for one, title in Document.objects.filter(of).values_list("engagement", "title"):
        yield one, True, title, ""
    versions = DocumentVersion.objects.filter(of)
    for one, *words in versions.values_list("engagement", "name", "note", "remarks"):
        yield one, True, "\n".join(filter(None, words)), ""
    yield from _planned(of)
    for one, *words in FeatureRequest.objects.filter(of).values_list("engagement", "goal", "today"):
        yield one, True, "\n".join(words), ""
    findings = AuditFinding.objects.filter(of)
    for one, *words in findings.values_list("engagement", "title", "recommendation"):
        yield one, True, "\n".join(words), ""


def _planned(of: Q) -> Iterable[Said]:
    for one, title, internal in Task.objects.filter(of).values_list(
        "engagement", "title", "is_internal"
    ):
        yield one, not internal, title, ""
    for one, what, answer, is_shown in Risk.objects.filter(of).values_list(
        "engagement", "what", "answer", "is_shown"
    ):
        yield one, is_shown, f"{what}\n{answer}", ""


def _texts(one: Engagement, words: _Words) -> Texts:
    head = [one.number, str(int(one.number.rpartition("-")[2])), one.organisation.name]
    head += [one.kind_of.label, one.requested_by.name, one.requested_by.email]
    return Texts(
        title=one.title,
        head=" \n ".join(head),
        body="\n\n".join(part for part in [one.summary, *words.body] if part),
        quoted="\n".join(part for part in words.quoted if part),
    )


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    page = "engagements:detail" if person.is_customer else "admin:engagement"
    return {
        one.pk: Shown(
            title=one.title,
            number=one.number,
            url=reverse(page, args=[one.number]),
            facts={"engagement": one, "organisation": one.organisation},
        )
        for one in rows.select_related("organisation")
    }


def numbered(word: str, at: datetime) -> Q | None:
    """ENG-2026-000031, as it is told on the telephone or stands in a mail."""
    given = word.upper()
    is_one = given.startswith("ENG-") and given[4:].replace("-", "").isdigit()
    return Q(number=given) if is_one and given.isascii() and len(given) <= 20 else None


SOURCE = Source(
    kind=KIND,
    label="Engagements",
    documents=documents,
    every=Engagement.objects.all,
    visible=lambda person, at: Engagement.objects.visible_to(person),
    shown=shown,
    numbered=numbered,
    # TS2 and TS3 see those in whose team they are, partners none, and some customers their own.
    wall_is_enough=lambda person: (
        person.role not in (Role.TS2, Role.TS3, Role.PARTNER, *CUSTOMER_ROLES)
    ),
    newest=("-requested_at", "-pk"),
)
