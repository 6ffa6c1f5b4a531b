"""Releases as search knows them: published ones, for whoever is signed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from resources.models import Release
from resources.reads.readers import kind_of_reader

KIND = "release"


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed: version, edition and notes."""
    rows = Release.objects.published().filter(pk__in=keys)
    for one in rows.prefetch_related("fixes__defect"):
        assert one.published_at is not None
        fixes = [f"{fix.defect.number} {fix.words}" for fix in one.fixes.all()]
        head = [one.version, one.get_edition_display(), one.summary, *fixes]
        texts = Texts(title=str(one), head=" \n ".join(filter(None, head)), body=one.notes)
        yield Document(pk=one.pk, at=one.published_at, of_customers=texts)


def visible(person: Person, at: datetime) -> QuerySet[Release]:
    return Release.objects.visible_to(kind_of_reader(person)).published()


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    """Staff are led to where they keep it."""
    return {
        one.pk: Shown(
            title=str(one),
            url=reverse("admin:release", args=[one.pk])
            if person.is_staff
            else one.get_absolute_url(),
            facts={"kind": KIND},
        )
        for one in rows
    }


SOURCE = Source(
    kind=KIND,
    label="Releases",
    documents=documents,
    every=lambda: Release.objects.published(),
    visible=visible,
    shown=shown,
    newest=("-published_at", "-pk"),
)
