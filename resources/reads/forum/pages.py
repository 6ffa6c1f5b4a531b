"""What the pages of the forum show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Person
from core.search.results import Found, find
from core.search.words import parse
from resources.enums import PostState
from resources.models import AuthorCard, Board, Following, Post, Topic
from resources.querysets.forum import PostQuerySet, TopicQuerySet
from resources.reads.forum.source import KIND
from resources.reads.readers import nobody
from resources.rules.readers import Reader

POSTS = 25  # of a topic on one page
TABS = (
    ("", "All"),
    ("unanswered", "Unanswered"),
    ("unsolved", "Unsolved"),
    ("mine", "Mine"),
    ("followed", "Followed"),
)
OF_READERS = ("mine", "followed")  # tabs of those who are signed in


@dataclass(frozen=True)
class Who:
    """Whoever looks at the forum: as much as its pages ask of them."""

    person: Person | None
    reader: Reader
    card: AuthorCard | None

    @property
    def topics(self) -> TopicQuerySet:
        """Those that they may read."""
        return Topic.objects.visible_to(self.reader, self.card)

    @property
    def posts(self) -> PostQuerySet:
        return Post.objects.visible_to(self.reader, self.card)


def boards_of(reader: Reader) -> QuerySet[Board]:
    """The boards with their numbers of topics, and when somebody last wrote."""
    listed = Q(topics__state=PostState.SHOWN, topics__merged_into=None)
    return Board.objects.visible_to(reader).annotate(
        count=Count("topics", filter=listed), newest_at=Max("topics__last_at", filter=listed)
    )


def topics_of(who: Who, tab: str, board: Board | None = None) -> QuerySet[Topic]:
    """The topics of one tab, of one board or of all, what was said last first."""
    rows = who.topics
    if board is not None:
        rows = rows.filter(board=board)
    rows = rows.filter(_of_reader(tab, who.card)) if tab in OF_READERS else rows.listed()
    if tab == "unanswered":
        rows = rows.filter(answers=0)
    elif tab == "unsolved":
        rows = rows.filter(accepted=None)
    return rows.for_list()


def _of_reader(tab: str, card: AuthorCard | None) -> Q:
    if card is None:
        return Q(pk__in=())
    if tab == "mine":
        return Q(asked_by=card)
    return Q(pk__in=Following.objects.filter(card=card, topic__isnull=False).values("topic"))


def page_of(post: Post, who: Who) -> int:
    """On which page of its topic this reader finds the post, from 1."""
    if post.is_first:
        return 1
    before = Q(is_first=True) | Q(said_at__lt=post.said_at)
    before |= Q(said_at=post.said_at, pk__lt=post.pk)
    return who.posts.filter(before, topic=post.topic_id).count() // POSTS + 1


def follows(card: AuthorCard | None, what: Topic | Board) -> bool:
    if card is None:
        return False
    mine = Following.objects.filter(card=card)
    found = mine.filter(topic=what) if isinstance(what, Topic) else mine.filter(board=what)
    return found.exists()


def searched(text: str, person: Person | None, at: datetime, *, page: int = 1) -> Found:
    """The topics with all of these words, best first."""
    return find(parse(text, {}), person or nobody(), at, page=page, kinds=(KIND,))
