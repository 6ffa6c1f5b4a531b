"""Side conversations as search knows them: customers find no word of one (X4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from tickets.models import Aside

KIND = "aside"


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed of each: all that was said in it."""
    rows = Aside.objects.filter(pk__in=keys).select_related("incident")
    for one in rows.prefetch_related("messages__author"):
        said = list(one.messages.all())
        writers = dict.fromkeys(each.author.name for each in said)
        yield Document(
            pk=one.pk,
            at=said[-1].sent_at if said else one.opened_at,
            organisation=one.organisation_id,
            of_customers=Texts(),
            of_staff=Texts(
                head=" \n ".join([one.incident.number, *writers]),
                body="\n\n".join(each.body for each in said),
                quoted="\n".join(each.quoted for each in said if each.quoted),
            ),
        )


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=one.topic,
            number=one.incident.number,
            url=f"{reverse('admin:incident_aside', args=[one.incident.number])}#aside-{one.pk}",
            facts={"kind": KIND},
        )
        for one in rows.select_related("incident")
    }


SOURCE = Source(
    kind=KIND,
    label="Side conversations",
    documents=documents,
    every=lambda: Aside.objects.all(),
    visible=lambda person, at: Aside.objects.visible_to(person),
    shown=shown,
    newest=("-opened_at", "-pk"),
)
