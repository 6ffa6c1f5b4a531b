"""What stands beside an article: its headings, what is like it, where its text goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.db.models import QuerySet

from accounts.models import Person
from core.search.alike import alike
from core.search.results import Found, Hit, find
from core.search.words import parse
from resources.models import Article, ArticleVersion
from resources.reads.articles.source import KIND
from resources.reads.readers import nobody

SUGGESTED = 8  # while somebody types
RELATED = 4
FEWEST_HEADINGS = 3  # a shorter text needs no list of them
_HEADING = re.compile(r'<h([23]) id="(s-[\w-]+)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Place:
    """A heading of the page: `level` 2 or 3, `anchor` what a link names."""

    level: int
    anchor: str
    text: str


def places_of(version: ArticleVersion) -> list[Place]:
    """The headings, for the list at its side; none of a short text."""
    found = [
        Place(int(level), anchor, unescape(_TAG.sub("", text)))
        for level, anchor, text in _HEADING.findall(version.html)
    ]
    return found if len(found) >= FEWEST_HEADINGS else []


def searched(
    text: str, person: Person | None, at: datetime, *, page: int = 1, is_typing: bool = False
) -> Found:
    """The articles with all of these words, best first; a page of them, or what is suggested."""
    parsed = parse(text, {})
    reader = person or nobody()
    if is_typing:
        return find(parsed, reader, at, size=SUGGESTED, is_typing=True, kinds=(KIND,))
    return find(parsed, reader, at, page=page, kinds=(KIND,))


def related(article: Article, person: Person | None, at: datetime) -> Sequence[Hit]:
    """Other articles that are about the same."""
    if article.live is None:
        return []

    def others(rows: QuerySet[Article]) -> QuerySet[Article]:
        return rows.exclude(pk=article.pk)

    live = article.live
    return alike(
        KIND,
        person or nobody(),
        at,
        title=live.title,
        text=live.summary,
        most=RELATED,
        narrowed=others,
    )
