"""The answer that helped: chosen by whoever asked, or by the team for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from resources import policies
from resources.actions.forum.cards import card_for
from resources.actions.forum.posting import held_topic
from resources.enums import NewsOfForum, PostState
from resources.errors import NotThisAnswer
from resources.models import ForumNews, Post, Topic


@transaction.atomic
def accept(post: Post, *, wanted: bool, by: Person, at: datetime) -> Topic:
    """It is the accepted answer of its topic, or it is none any more. Safe to repeat.

    Another one takes its place. Errors: `NotAllowed`, `NotThisAnswer`.
    """
    card = card_for(by, at=at)  # locked before the topic, as by whoever answers
    topic = held_topic(post.topic)
    if card.pk != topic.asked_by_id and not policies.may_moderate(by):
        raise NotAllowed()
    if not wanted:
        if topic.accepted_id == post.pk:
            topic.accepted = None
            topic.save(update_fields=["accepted"])
            record("forum.unaccepted", topic, at=at, by=by, post=post.pk)
        return topic
    found = topic.posts.filter(pk=post.pk, state=PostState.SHOWN, is_first=False).first()
    if found is None:
        raise NotThisAnswer()
    if topic.accepted_id != found.pk:
        topic.accepted = found
        topic.save(update_fields=["accepted"])
        ForumNews.objects.create(kind=NewsOfForum.ACCEPTED, post=found, by=card, at=at)
        record("forum.accepted", topic, at=at, by=by, post=found.pk)
    return topic
