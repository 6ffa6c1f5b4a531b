"""Topics as search knows them: what is shown of each, to those who read its board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from core.search.sources import Document, Shown, Source, Texts
from resources.enums import Audience, PostState
from resources.models import Post, Topic
from resources.reads.readers import reader_of

KIND = "topic"
MOST_INDEXED = 200_000  # characters of a topic; what a long quarrel says last is rarely looked for


def documents(keys: Sequence[int]) -> Iterable[Document]:
    """What is indexed: no word of a post that waits or was hidden, for staff neither.

    Of a board of our own people, customers find nothing.
    """
    rows = Topic.objects.listed().filter(pk__in=keys).select_related("board")
    said = _said([one.pk for one in rows])
    for one in rows:
        texts = Texts(title=one.title, head=one.board.name, body=said[one.pk][:MOST_INDEXED])
        is_internal = one.board.audience == Audience.STAFF
        yield Document(
            pk=one.pk,
            at=one.last_at,
            of_customers=Texts() if is_internal else texts,
            of_staff=texts if is_internal else None,
        )


def _said(topics: Sequence[int]) -> Mapping[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    posts = Post.objects.filter(topic__in=topics, state=PostState.SHOWN)
    for topic, body in posts.order_by("-is_first", "said_at", "pk").values_list("topic", "body"):
        found[topic].append(body)
    return defaultdict(str, {key: "\n\n".join(bodies) for key, bodies in found.items()})


def visible(person: Person, at: datetime) -> QuerySet[Topic]:
    return Topic.objects.visible_to(reader_of(person, at)).listed()


def shown(rows: QuerySet[Any], person: Person) -> Mapping[int, Shown]:
    return {
        one.pk: Shown(
            title=one.title, url=one.get_absolute_url(), facts={"topic": one, "kind": KIND}
        )
        for one in rows.select_related("board")
    }


SOURCE = Source(
    kind=KIND,
    label="Forum",
    documents=documents,
    every=lambda: Topic.objects.listed(),
    visible=visible,
    shown=shown,
    newest=("-last_at", "-pk"),
)
