"""Pages of manuals as search knows them: of published versions, each labelled with its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from resources.enums import Audience, ManualState
from resources.models import ManualPage
from resources.reads.readers import reader_of

KIND = "document"


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed; of a manual for staff alone, customers find no word."""
    rows = ManualPage.objects.filter(pk__in=keys, version__state=ManualState.LIVE)
    for one in rows.select_related("version__manual"):
        version = one.version
        manual = version.manual
        assert version.published_at is not None
        head = " \n ".join(filter(None, (str(version), manual.summary, *manual.edition_names)))
        texts = Texts(title=one.title, head=head, body=one.text[:100_000])
        is_internal = manual.audience == Audience.STAFF
        yield Document(
            pk=one.pk,
            at=version.published_at,
            of_customers=Texts() if is_internal else texts,
            of_staff=texts if is_internal else None,
        )


def visible(person: Person, at: datetime) -> QuerySet[ManualPage]:
    found = ManualPage.objects.visible_to(reader_of(person, at))
    return found.filter(version__state=ManualState.LIVE)


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=f"{one.title} ({one.version})" if one.path else str(one.version),
            url=one.get_absolute_url() if one.path else one.version.get_absolute_url(),
            facts={"kind": KIND},
        )
        for one in rows.select_related("version__manual")
    }


SOURCE = Source(
    kind=KIND,
    label="Documentation",
    documents=documents,
    every=lambda: ManualPage.objects.filter(version__state=ManualState.LIVE),
    visible=visible,
    shown=shown,
    newest=("-version__place", "-pk"),
)
