"""What waits for the moderators."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from resources.models import Board, Post, PostReport
from resources.querysets.forum import HELD_POSTS


def held_posts() -> QuerySet[Post]:
    """First posts that nobody reads yet, the oldest first."""
    return Post.objects.held().select_related("topic__board", "card")


def reported_posts() -> QuerySet[Post]:
    """Posts that a reader reported and no moderator decided, with those reports."""
    open_ones = PostReport.objects.still_open().filter(post=OuterRef("pk"))
    found = Post.objects.exclude(HELD_POSTS).filter(Exists(open_ones))
    return found.select_related("topic__board", "card").order_by("said_at", "pk")


def to_moderate() -> QuerySet[Post]:
    """All that a moderator has to look at: for the number in the rail."""
    open_ones = PostReport.objects.still_open().filter(post=OuterRef("pk"))
    return Post.objects.filter(HELD_POSTS | Exists(open_ones))


def boards() -> QuerySet[Board]:
    return Board.objects.all()
