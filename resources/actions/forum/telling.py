"""Who is told of what happened in the forum. No customer reaches the others: a sweep does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from core.text import one_line
from notices.outbox import notify
from resources.enums import Audience, NewsOfForum, PostState
from resources.models import AuthorCard, Board, ForumNews
from resources.querysets.forum import TO_TELL
from resources.reads.forum.cards import people_of
from resources.reads.readers import kind_of_reader, reader_of
from resources.rules.boards import may_read

TEMPLATES = {
    NewsOfForum.ASKED: "forum_asked",
    NewsOfForum.ANSWERED: "forum_answered",
    NewsOfForum.ACCEPTED: "forum_accepted",
    NewsOfForum.SHOWN: "forum_shown",
    NewsOfForum.REFUSED: "forum_refused",
}


@transaction.atomic
def tell(news_id: int, *, at: datetime) -> int:
    """Owe the mails of one piece of news; how many that are. Once, however often it is called.

    Whoever may not read the board any more hears nothing, nor does whoever did it.
    """
    if not ForumNews.objects.filter(TO_TELL, pk=news_id).update(told_at=at):
        return 0
    news = ForumNews.objects.select_related("post__topic__board", "post__card", "by").get(
        pk=news_id
    )
    post = news.post
    is_shown = post.state == post.topic.state == PostState.SHOWN
    if is_shown == (news.kind == NewsOfForum.REFUSED):
        return 0  # a moderator decided otherwise in the meantime
    cards = [one for one in _cards(news) if one.pk != news.by_id]
    people = _readers(people_of(cards), post.topic.board, at)
    notify(
        people,
        TEMPLATES[NewsOfForum(news.kind)],
        key=f"forum:{news.pk}",
        at=at,
        about=post,
        subject=post.topic.title,
        reason=one_line(post.reason),
        url=f"{settings.SITE_URL}{post.get_absolute_url()}",
    )
    return len(people)


def _cards(news: ForumNews) -> Iterable[AuthorCard]:
    topic, kind = news.post.topic, news.kind
    if kind == NewsOfForum.ACCEPTED:
        return AuthorCard.objects.filter(pk__in=[news.post.card_id, topic.asked_by_id])
    if kind in (NewsOfForum.SHOWN, NewsOfForum.REFUSED):
        return [news.post.card]
    return AuthorCard.objects.followers_of(topic, with_board=kind == NewsOfForum.ASKED)


def _readers(people: Iterable[Person], board: Board, at: datetime) -> list[Person]:
    """Those who read the board now: a level may have ended since somebody followed."""
    by_level, readers = board.audience == Audience.LEVELS, (board.audience, board.levels)
    return [
        one
        for one in people
        if one.is_active
        and may_read(reader_of(one, at) if by_level else kind_of_reader(one), readers)
    ]
