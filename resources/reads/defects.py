"""Known defects as search knows them: of the vendor's own people, whatever is written of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from resources.models import Defect
from resources.querysets.defects import sees_defects

KIND = "defect"


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed; customers find no word of it."""
    for one in Defect.objects.filter(pk__in=keys):
        yield Document(
            pk=one.pk,
            at=one.fixed_at or one.recorded_at,
            of_customers=Texts(),
            of_staff=Texts(
                title=one.title,
                head=" \n ".join(filter(None, (one.number, one.affected, one.fixed_in))),
                body=f"{one.description}\n\n{one.workaround}".strip(),
            ),
        )


def visible(person: Person, at: datetime) -> QuerySet[Defect]:
    return Defect.objects.all() if sees_defects(person) else Defect.objects.none()


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=one.title,
            number=one.number,
            url=reverse("admin:defect", args=[one.number]),
            facts={"kind": KIND},
        )
        for one in rows
    }


SOURCE = Source(
    kind=KIND,
    label="Known defects",
    documents=documents,
    every=lambda: Defect.objects.all(),
    visible=visible,
    shown=shown,
    newest=("-recorded_at", "-pk"),
)
