"""Feeds of the boards that everybody may read: never more, since whoever has the address reads."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from core.reading import one_or_404
from resources.models import Board, Post, Topic
from resources.rules.readers import STRANGER

MOST = 30
LONGEST = 400  # characters of a question


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The newest topics of all public boards."""
    return _feed("Forum", reverse("resources:forum"), None)


@require_safe
def board(request: HttpRequest, board: str) -> HttpResponse:
    """Those of one board that everybody may read; else 404, as if it were not there."""
    found = one_or_404(Board.objects.visible_to(STRANGER), slug=board)
    return _feed(found.name, found.get_absolute_url(), found)


def _feed(title: str, address: str, board: Board | None) -> HttpResponse:
    rows = Topic.objects.visible_to(STRANGER).listed().select_related("board", "asked_by")
    if board is not None:
        rows = rows.filter(board=board)
    topics = list(rows.order_by(F("asked_at").desc(), "-pk")[:MOST])
    questions = Post.objects.visible_to(STRANGER).filter(topic__in=topics, is_first=True)
    said = dict(questions.values_list("topic", "body"))
    made = Atom1Feed(
        title=f"{settings.VENDOR['name']}: {title}",
        link=f"{settings.SITE_URL}{address}",
        description="",
        language="en",
    )
    for one in topics:
        url = f"{settings.SITE_URL}{one.get_absolute_url()}"
        made.add_item(
            title=one.title,
            link=url,
            description=Truncator(said.get(one.pk, "")).chars(LONGEST),
            author_name=one.asked_by.name,
            unique_id=f"{settings.SITE_URL}{reverse('resources:forum')}#topic-{one.pk}",
            pubdate=one.asked_at,
            updateddate=one.last_at,
            categories=[one.board.name],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")
