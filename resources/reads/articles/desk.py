"""What the team sees of its articles: where each stands, and what readers miss."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from resources.enums import OPEN_STATES, Answered, VersionState
from resources.models import (
    Article,
    ArticleUse,
    ArticleVersion,
    ArticleVote,
    Deflection,
    MissedSearch,
)

TABS = (
    ("", "All"),
    ("drafts", "Being written"),
    ("review", "To review"),
    ("check", "To check"),
    ("unhelpful", "Did not help"),
    ("withdrawn", "Withdrawn"),
)


def articles_for_desk(tab: str, words: str, today: date) -> QuerySet[Article]:
    """The articles of one tab, with the numbers of a row; two statements a page, however long."""
    found = Article.objects.for_desk().annotate(
        helped=_count(ArticleVote.objects.filter(helped=True), "article"),
        missed=_count(ArticleVote.objects.filter(helped=False), "article"),
        open_votes=_count(ArticleVote.objects.filter(helped=False, settled_at=None), "article"),
        used=_count(ArticleUse.objects.all(), "article"),
        spared=_count(Deflection.objects.filter(kind=Answered.ARTICLE), "subject_id"),
        next_title=Subquery(_next().values("title")[:1]),
        next_state=Subquery(_next().values("state")[:1]),
    )
    if words:
        title = ArticleVersion.objects.filter(article=OuterRef("pk"), title__icontains=words)
        found = found.filter(Exists(title.filter(state__in=[VersionState.LIVE, *OPEN_STATES])))
    rows: QuerySet[Article] = _narrowed(found, tab, today).order_by("-changed_at", "-pk")
    return rows


def _narrowed(found: Any, tab: str, today: date) -> Any:  # with what was annotated
    if tab == "drafts":
        return found.filter(next_state__isnull=False)
    if tab == "review":
        return found.filter(next_state=VersionState.REVIEW)
    if tab == "check":
        return found.filter(live__isnull=False, checked_until__lt=today)
    if tab == "unhelpful":
        return found.filter(open_votes__gt=0)
    if tab == "withdrawn":
        return found.filter(withdrawn_at__isnull=False)
    return found


def _next() -> QuerySet[ArticleVersion]:
    return ArticleVersion.objects.filter(article=OuterRef("pk"), state__in=OPEN_STATES)


def _count(
    rows: QuerySet[ArticleVote] | QuerySet[ArticleUse] | QuerySet[Deflection], by: str
) -> Coalesce:
    """How many of the rows are about an article."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    counted = mine.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def missed_searches() -> QuerySet[MissedSearch]:
    """Words that found no article, the most frequent first."""
    return MissedSearch.objects.filter(settled_at=None).order_by("-times", "-last_at")


def in_review() -> QuerySet[ArticleVersion]:
    """Versions that wait for somebody else's eyes."""
    return ArticleVersion.objects.filter(Q(state=VersionState.REVIEW))
