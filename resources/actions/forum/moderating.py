"""What moderators do with posts: show what waited, take none of it, hide, let stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from resources import policies
from resources.actions.forum.posting import count_again, held_topic
from resources.enums import NewsOfForum, PostState
from resources.errors import PostDecided, ReasonMissing
from resources.models import AuthorCard, ForumNews, Post, PostReport, Topic
from resources.reads.forum.cards import card_of


@transaction.atomic
def show(post: Post, *, by: Person, at: datetime) -> Post:
    """Readers see it from now on. Its author is known: what they write next is shown at once (FO3).

    What waited is news for followers; what was hidden is not. Errors: `NotAllowed`, `PostDecided`.
    """
    topic, post = _held(post, by)
    before = post.state
    if before == PostState.SHOWN:
        raise PostDecided(state=post.get_state_display().lower())
    _put(topic, post, PostState.SHOWN, "")
    if post.is_first:
        topic.last_at = max(topic.last_at, at) if before == PostState.HELD else topic.last_at
    count_again(topic, grew_at=None if before == PostState.HIDDEN else at)
    if before != PostState.HIDDEN:
        AuthorCard.objects.filter(pk=post.card_id, welcomed_at=None).update(welcomed_at=at)
        kind = NewsOfForum.ASKED if post.is_first else NewsOfForum.ANSWERED
        for one, who in ((NewsOfForum.SHOWN, card_of(by)), (kind, post.card)):
            ForumNews.objects.create(kind=one, post=post, by=who, at=at)
    record("forum.shown", topic, at=at, by=by, post=post.pk, before=before)
    return post


@transaction.atomic
def refuse(post: Post, *, reason: str, by: Person, at: datetime) -> Post:
    """What waited is not shown. Its author reads why, keeps the text, and may offer it again.

    Errors: `NotAllowed`, `ReasonMissing`, `PostDecided`.
    """
    reason = _reason(reason)
    topic, post = _held(post, by)
    if post.state != PostState.HELD:
        raise PostDecided(state=post.get_state_display().lower())
    _put(topic, post, PostState.REFUSED, reason)
    ForumNews.objects.create(kind=NewsOfForum.REFUSED, post=post, by=card_of(by), at=at)
    record("forum.refused", topic, at=at, by=by, post=post.pk, reason=reason)
    return post


@transaction.atomic
def hide(post: Post, *, reason: str, by: Person, at: datetime) -> Post:
    """Nobody reads it any more but the team; with the question goes the whole topic.

    Its author is told why; reports of it are settled. Errors: `NotAllowed`, `ReasonMissing`,
    `PostDecided`.
    """
    reason = _reason(reason)
    topic, post = _held(post, by)
    if post.state != PostState.SHOWN:
        raise PostDecided(state=post.get_state_display().lower())
    if topic.accepted_id == post.pk:
        topic.accepted = None
        topic.save(update_fields=["accepted"])
    _put(topic, post, PostState.HIDDEN, reason)
    count_again(topic)
    PostReport.objects.still_open().filter(post=post).update(settled_at=at)
    ForumNews.objects.create(kind=NewsOfForum.REFUSED, post=post, by=card_of(by), at=at)
    record("forum.hidden", topic, at=at, by=by, post=post.pk, reason=reason)
    return post


@transaction.atomic
def let_stay(post: Post, *, by: Person, at: datetime) -> int:
    """What readers reported may stay; how many reports that settles. Error: `NotAllowed`."""
    if not policies.may_moderate(by):
        raise NotAllowed()
    count = PostReport.objects.still_open().filter(post=post).update(settled_at=at)
    if count:
        record("forum.reports_settled", post.topic, at=at, by=by, post=post.pk)
    return count


def _held(post: Post, by: Person) -> tuple[Topic, Post]:
    """Two moderators at once: the second is told what the first decided."""
    if not policies.may_moderate(by):
        raise NotAllowed()
    topic = held_topic(post.topic)
    locked = Post.objects.select_for_update(of=("self",)).select_related("card").get(pk=post.pk)
    return topic, locked


def _put(topic: Topic, post: Post, state: PostState, reason: str) -> None:
    """The question takes its topic along."""
    post.state, post.reason = state, reason
    post.save(update_fields=["state", "reason"])
    if post.is_first:
        topic.state = state
        topic.save(update_fields=["state"])


def _reason(said: str) -> str:
    reason = one_line(said)[:300]
    if not reason:
        raise ReasonMissing()
    return reason
