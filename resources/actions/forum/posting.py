"""Asking, answering, editing. Each takes what its caller read: it came out of `visible_to`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from resources import policies
from resources.actions.forum.cards import card_for
from resources.actions.forum.following import follow_topic
from resources.actions.forum.words import checked_title, checked_words
from resources.enums import CardKind, NewsOfForum, PostState
from resources.errors import PostDecided, TooManyHeld, TooManyPosts, TopicLocked, TopicNotOpen
from resources.models import AuthorCard, Board, ForumNews, Post, PostVersion, Topic
from resources.reads.forum.cards import card_of
from resources.rules.forum import MOST_HELD, POSTS_AN_HOUR

MAY_EDIT = (PostState.SHOWN, PostState.HELD, PostState.REFUSED)


@transaction.atomic
def ask(board: Board, *, title: str, body: str, by: Person, at: datetime, nonce: str = "") -> Topic:
    """A new topic, which its asker follows. Who never was shown waits for a moderator (FO3).

    With a `nonce` a second call gives the first one's topic. Errors: `NotAllowed`,
    `TooManyPosts`, `TooManyHeld` and those of `words`.
    """
    title = checked_title(title)
    body, html = checked_words(body)
    card = card_for(by, at=at)
    before = _sent_before(card, nonce)
    if before is not None:
        return before.topic
    _check_pace(card, at)
    state = state_of_new(card)
    topic = Topic.objects.create(
        board=board, title=title, asked_by=card, asked_at=at, last_at=at, state=state
    )
    post = Post.objects.create(
        topic=topic,
        card=card,
        is_first=True,
        body=body,
        html=html,
        said_at=at,
        state=state,
        nonce=nonce,
    )
    follow_topic(topic, card, at=at)
    _tell(NewsOfForum.ASKED, post, card, at)
    record("forum.asked", topic, at=at, by=by, post=post.pk, state=state)
    return topic


@transaction.atomic
def answer(
    topic: Topic,
    *,
    body: str,
    by: Person,
    at: datetime,
    nonce: str = "",
    by_mail: bool = False,
    hold: bool = False,
) -> Post:
    """An answer, whose author follows the topic from then on. One to a merged topic goes on.

    `hold` has a moderator look at it first, as at a mail that proves no sender (FO5). Errors:
    `NotAllowed`, `TopicLocked`, `TopicNotOpen`, `TooManyPosts`, `TooManyHeld`, those of `words`.
    """
    body, html = checked_words(body)
    card = card_for(by, at=at)
    before = _sent_before(card, nonce)
    if before is not None:
        return before
    topic = held_topic(topic)
    if topic.locked_at is not None and not policies.may_moderate(by):
        raise TopicLocked()
    if topic.state != PostState.SHOWN:
        raise TopicNotOpen()
    _check_pace(card, at)
    state = PostState.HELD if hold else state_of_new(card)
    post = Post.objects.create(
        topic=topic,
        card=card,
        body=body,
        html=html,
        said_at=at,
        state=state,
        by_mail=by_mail,
        nonce=nonce,
    )
    if not topic.posts.filter(card=card).exclude(pk=post.pk).exists():
        follow_topic(topic, card, at=at)
    if state == PostState.SHOWN:
        count_again(topic, grew_at=at)
        _tell(NewsOfForum.ANSWERED, post, card, at)
    record("forum.answered", topic, at=at, by=by, post=post.pk, state=state)
    return post


@transaction.atomic
def edit(post: Post, *, body: str, by: Person, at: datetime, title: str = "") -> Post:
    """Its author's other words; what it said before is kept for them and the moderators.

    What was not taken waits for a moderator again, as one of the three that may (FO3). Nobody
    changes what somebody else wrote (FO6). Errors: `NotAllowed`, `TopicLocked`, `PostDecided`,
    `TooManyHeld`, those of `words`.
    """
    body, html = checked_words(body)
    mine = card_of(by)
    if mine is None or post.card_id != mine.pk:
        raise NotAllowed()
    mine = card_for(by, at=at)  # locked before the topic, as by whoever answers
    topic = held_topic(post.topic)
    post = Post.objects.select_for_update().get(pk=post.pk)
    if topic.locked_at is not None and not policies.may_moderate(by):
        raise TopicLocked()
    if post.state not in MAY_EDIT:
        raise PostDecided(state=post.get_state_display().lower())
    if post.is_first and title:
        _retitle(topic, checked_title(title))
    if body != post.body:
        number = post.versions.count() + 1
        PostVersion.objects.create(post=post, number=number, body=post.body, until=at)
        post.body, post.html, post.edited_at = body, html, at
        record("forum.edited", topic, at=at, by=by, post=post.pk)
    if post.state == PostState.REFUSED:
        _check_waiting(mine)
        _offer_again(post)
    post.save(update_fields=["body", "html", "edited_at", "state", "reason"])
    return post


def _retitle(topic: Topic, title: str) -> None:
    if title != topic.title:
        topic.title = title
        topic.save(update_fields=["title"])


def _offer_again(post: Post) -> None:
    """What was not taken waits for a moderator once more."""
    post.state, post.reason = PostState.HELD, ""
    if post.is_first:
        Topic.objects.filter(pk=post.topic_id).update(state=PostState.HELD)


def held_topic(topic: Topic) -> Topic:
    """The topic, locked for what follows; the one into which it was merged, if it was."""
    found = Topic.objects.select_for_update(of=("self",)).select_related("board").get(pk=topic.pk)
    return found if found.merged_into is None else held_topic(found.merged_into)


def state_of_new(card: AuthorCard) -> PostState:
    """FO3: of a customer the first post waits until a moderator showed one of theirs."""
    is_known = card.kind != CardKind.CUSTOMER or card.welcomed_at is not None
    return PostState.SHOWN if is_known else PostState.HELD


def count_again(topic: Topic, *, grew_at: datetime | None = None) -> None:
    """`answers` as they are shown now. Call it with the topic locked."""
    topic.answers = topic.posts.filter(state=PostState.SHOWN, is_first=False).count()
    if grew_at is not None:
        topic.last_at = max(topic.last_at, grew_at)
    topic.save(update_fields=["answers", "last_at"])


def _sent_before(card: AuthorCard, nonce: str) -> Post | None:
    if not nonce:
        return None
    return Post.objects.filter(card=card, nonce=nonce).select_related("topic__board").first()


def _check_pace(card: AuthorCard, at: datetime) -> None:
    """The card is locked, so that many at once count each other. Staff write as they must."""
    if card.is_staff:
        return
    lately = Post.objects.filter(card=card, said_at__gt=at - timedelta(hours=1))
    if lately.count() >= POSTS_AN_HOUR:
        raise TooManyPosts(most=POSTS_AN_HOUR)
    _check_waiting(card)


def _check_waiting(card: AuthorCard) -> None:
    """FO3: few posts of one author wait at a time."""
    if Post.objects.held().filter(card=card).count() >= MOST_HELD:
        raise TooManyHeld(most=MOST_HELD)


def _tell(kind: NewsOfForum, post: Post, card: AuthorCard, at: datetime) -> None:
    if post.state == PostState.SHOWN:
        ForumNews.objects.create(kind=kind, post=post, by=card, at=at)
