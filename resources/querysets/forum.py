"""Who reads what of the forum, and what its moderators and its sweep still have to look at.

Boards, topics and posts have no organisation, and so no row-level security: customers of every
organisation read the same rows. What ties a post to a person stands behind the wall
(docs/decisions/forum-behind-cards.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from resources.enums import PostState
from resources.querysets.articles import read_by

if TYPE_CHECKING:
    from resources.models import (  # noqa: F401 -- quoted below
        AuthorCard,
        Board,
        ForumNews,
        Post,
        PostReport,
        Topic,
    )
    from resources.rules.readers import Reader

# What moderators have to look at; the indexes of their list are built on the same.
HELD_POSTS = Q(state=PostState.HELD)
OPEN_REPORTS = Q(settled_at=None)
# What nobody was told of yet; the index of the sweep is built on the same.
TO_TELL = Q(told_at=None)
# Topics that readers find in lists: neither held nor hidden, nor gone into another one.
LISTED = Q(state=PostState.SHOWN, merged_into=None)


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, reader: Reader) -> Self:
        """The boards that `reader` may read: with each of them its topics."""
        return self.filter(read_by(reader))


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, reader: Reader, card: AuthorCard | None = None) -> Self:
        """Topics of boards that `reader` may read; one that is held for its asker and staff alone.

        `card` is the reader's own. Merged ones are not here: `leads_to` finds where they went.
        """
        found = self.filter(read_by(reader, "board__"), merged_into=None)
        if reader.is_staff:
            return found
        seen = Q(state=PostState.SHOWN)
        if card is not None:
            seen |= Q(state__in=[PostState.HELD, PostState.REFUSED], asked_by=card)
        return found.filter(seen)

    def listed(self) -> Self:
        """Without what waits or is hidden, for staff, too: lists, feeds, counts."""
        return self.filter(LISTED)

    def for_list(self) -> Self:
        """With what a row of a list shows, what was said last first."""
        return self.select_related("board", "asked_by").order_by("-last_at", "-pk")


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, reader: Reader, card: AuthorCard | None = None) -> Self:
        """Posts of topics that `reader` may read; one that is held for its author and staff alone.

        What a moderator hid nobody reads but staff; what was not taken, its author, so that the
        text is not lost.
        """
        found = self.filter(read_by(reader, "topic__board__"))
        if reader.is_staff:
            return found
        shown = Q(state=PostState.SHOWN, topic__state=PostState.SHOWN)
        if card is not None:
            shown |= Q(state__in=[PostState.HELD, PostState.REFUSED], card=card)
            shown |= Q(state=PostState.SHOWN, topic__asked_by=card, topic__state=PostState.HELD)
        return found.filter(shown)

    def in_order(self) -> Self:
        """The question, then the answers as they came, with their authors' cards."""
        return self.select_related("card").order_by("-is_first", "said_at", "pk")

    def held(self) -> Self:
        """Those that wait for a moderator, the oldest first."""
        return self.filter(HELD_POSTS).order_by("said_at", "pk")


class PostReportQuerySet(models.QuerySet["PostReport"]):
    def still_open(self) -> Self:
        """What readers reported and no moderator decided, the oldest first."""
        return self.filter(OPEN_REPORTS).order_by("at", "pk")


class ForumNewsQuerySet(models.QuerySet["ForumNews"]):
    def to_tell(self, at: datetime) -> Self:
        """What nobody was told of yet, the oldest first."""
        return self.filter(TO_TELL, at__lte=at).order_by("at", "pk")


class AuthorCardQuerySet(models.QuerySet["AuthorCard"]):
    def followers_of(self, topic: Topic, *, with_board: bool) -> Self:
        """The cards that follow the topic; of a new one those that follow its board."""
        following = self.model._meta.get_field("follows").related_model
        assert following is not None
        rows = following._default_manager.filter(card=OuterRef("pk"))
        of_topic = Q(topic=topic.pk)
        of_it = of_topic | Q(board=topic.board_id) if with_board else of_topic
        return self.filter(Exists(rows.filter(of_it))).order_by(F("pk"))
