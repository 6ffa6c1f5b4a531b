"""Incidents of the desk before, as pages and search show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from office.models import OldFile, OldIncident, OldMessage

KIND = "history"


@dataclass(frozen=True)
class Shows:
    """A message with the files that hang on it."""

    message: OldMessage
    files: Sequence[OldFile]

    @property
    def kind(self) -> str:
        return "note" if self.message.is_internal else "report"


def conversation_of(incident: OldIncident, person: Person) -> list[Shows]:
    """In the order of time; internal messages for staff alone. Two queries."""
    messages = incident.messages.order_by("at", "pk")
    if person.is_customer:
        messages = messages.filter(is_internal=False)
    files: dict[int, list[OldFile]] = defaultdict(list)
    for one in OldFile.objects.filter(message__incident=incident).order_by("pk"):
        files[one.message_id].append(one)
    return [Shows(one, files[one.pk]) for one in messages]


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed; internal messages are for staff alone."""
    public: dict[int, list[str]] = defaultdict(list)
    whole: dict[int, list[str]] = defaultdict(list)
    internal: set[int] = set()
    rows = OldMessage.objects.filter(incident__in=keys).order_by("at", "pk")
    for incident, is_internal, body in rows.values_list("incident", "is_internal", "body"):
        whole[incident].append(body)
        if is_internal:
            internal.add(incident)
        else:
            public[incident].append(body)
    for one in OldIncident.objects.filter(pk__in=keys):
        yield Document(
            pk=one.pk,
            at=one.opened_at,
            organisation=one.organisation_id,
            of_customers=_texts(one, public[one.pk]),
            of_staff=_texts(one, whole[one.pk]) if one.pk in internal else None,
        )


def _texts(one: OldIncident, said: Sequence[str]) -> Texts:
    head = " \n ".join(filter(None, [one.reference, one.number, one.reporter_name, *one.tags]))
    return Texts(title=one.subject, head=head, body="\n".join(said))


def visible(person: Person, at: datetime) -> QuerySet[OldIncident]:
    return OldIncident.objects.visible_to(person)


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=one.subject,
            url=one.get_absolute_url(),
            number=one.reference,
            facts={"old": one, "kind": KIND, "organisation": one.organisation},
        )
        for one in rows.select_related("organisation")
    }


def numbered(word: str, at: datetime) -> Q | None:
    """By its number there: whoever has an old mail at hand types it."""
    return Q(number=word) if word.isascii() and word.isalnum() and len(word) <= 60 else None


SOURCE = Source(
    kind=KIND,
    label="Earlier incidents",
    documents=documents,
    every=OldIncident.objects.all,
    visible=visible,
    shown=shown,
    numbered=numbered,
    newest=("-opened_at", "-pk"),
)
