"""Articles as search knows them: published ones alone, each to whom it is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from resources.enums import Audience
from resources.models import Article
from resources.reads.readers import reader_of

KIND = "article"


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed; of an article for staff alone, customers find no word."""
    rows = Article.objects.filter(pk__in=keys, live__isnull=False)
    for one in rows.select_related("live__category"):
        assert one.live is not None
        assert one.changed_at is not None
        live = one.live
        head = [live.summary, live.category.name, *live.edition_names, *live.versions]
        texts = Texts(title=live.title, head=" \n ".join(filter(None, head)), body=live.body)
        is_internal = live.audience == Audience.STAFF
        yield Document(
            pk=one.pk,
            at=one.changed_at,
            of_customers=Texts() if is_internal else texts,
            of_staff=texts if is_internal else None,
        )


def visible(person: Person, at: datetime) -> QuerySet[Article]:
    return Article.objects.visible_to(reader_of(person, at))


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=one.live.title, url=one.get_absolute_url(), facts={"article": one, "kind": KIND}
        )
        for one in rows.select_related("live__category")
    }


SOURCE = Source(
    kind=KIND,
    label="Articles",
    documents=documents,
    every=lambda: Article.objects.filter(live__isnull=False),
    visible=visible,
    shown=shown,
    newest=("-changed_at", "-pk"),
)
