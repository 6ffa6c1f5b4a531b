"""How a mail about the forum reads, and where an answer to it goes (FO5).

The words are looked up as it is sent, so that what was hidden or edited since is not mailed, and
the outbox keeps no text twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings

from accounts.models import Person
from core.markdown import render
from notices.models import Notice
from notices.rules.threads import Ours
from resources.enums import Audience, PostState
from resources.models import Post
from resources.reads.forum.cards import card_of, will_be_named
from resources.reads.readers import kind_of_reader, reader_of
from resources.rules.boards import may_read

ANSWERABLE = frozenset({"forum_asked", "forum_answered", "forum_accepted"})
KINDS = (*sorted(ANSWERABLE), "forum_shown", "forum_refused")


def headers_of(notices: Collection[Notice]) -> dict[int, dict[str, str]]:
    """All mails of a topic in one thread; an answer comes to an address signed for its reader."""
    topics = dict(
        Post.objects.filter(pk__in=[_key(one.subject) for one in notices]).values_list(
            "pk", "topic_id"
        )
    )
    found = {}
    for one in notices:
        topic = topics.get(_key(one.subject))
        if topic is not None and one.to_id is not None:
            found[one.pk] = _headers(one, topic)
    return found


def _headers(notice: Notice, topic: int) -> dict[str, str]:
    root = f"<forum.{topic}@{settings.MAIL_DOMAIN}>"
    headers = {"References": root, "In-Reply-To": root}
    headers["List-Id"] = f"Forum <forum.{settings.MAIL_DOMAIN}>"
    if notice.template in ANSWERABLE and notice.to_id is not None:
        ours = Ours(
            secret=settings.SECRET_KEY,
            domain=settings.MAIL_DOMAIN,
            local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
        )
        headers["Reply-To"] = ours.for_forum(notice.to_id, topic)
    return headers


def facts_of(notice: Notice) -> Mapping[str, Any]:
    """What the post says now, by whom, and as whom the reader would answer."""
    posts = Post.objects.select_related("card", "topic__board")
    post = posts.filter(pk=_key(notice.subject)).first()
    if post is None or notice.to is None:
        return {}
    author = post.card.name
    return {
        "subject": post.topic.title,
        "body": post.body,
        "body_html": render(post.body),
        "author": f"{author}, of our team" if post.card.is_staff else author,
        "board": post.topic.board.name,
        "readers": post.topic.board.readers,
        "named": will_be_named(notice.to, card_of(notice.to)),
        "is_yours": card_of(notice.to) == post.card,
    }


def readable(person: Person, keys: Collection[int]) -> Collection[int]:
    """Of these posts those that the person may still read, as the mail leaves."""
    posts = Post.objects.filter(pk__in=keys).select_related("topic__board")
    mine = card_of(person)
    return [one.pk for one in posts if _is_read(person, one, one.card_id == getattr(mine, "pk", 0))]


def _is_read(person: Person, post: Post, is_mine: bool) -> bool:
    board = post.topic.board
    by_level = board.audience == Audience.LEVELS
    # A mail is sent at any moment: the levels are those of the one that it tells of.
    reader = reader_of(person, post.said_at) if by_level else kind_of_reader(person)
    if not may_read(reader, (board.audience, board.levels)):
        return False
    return is_mine or post.state == post.topic.state == PostState.SHOWN


def _key(subject: str) -> int:
    pk = subject.partition(":")[2]
    return int(pk) if pk.isdigit() else 0
