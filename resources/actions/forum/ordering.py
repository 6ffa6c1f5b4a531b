"""What moderators do with topics: lock, move, merge."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from resources import policies
from resources.actions.forum.posting import count_again, held_topic
from resources.enums import PostState
from resources.errors import TopicMergedWithItself, WouldPublish
from resources.models import Board, Following, Topic
from resources.rules.boards import has_more_readers


@transaction.atomic
def lock(topic: Topic, *, wanted: bool, by: Person, at: datetime) -> Topic:
    """Nobody but the team answers it any more, or everybody again. Safe to repeat.

    Error: `NotAllowed`.
    """
    topic = _held(topic, by)
    if (topic.locked_at is not None) != wanted:
        topic.locked_at = at if wanted else None
        topic.save(update_fields=["locked_at"])
        record("forum.locked" if wanted else "forum.unlocked", topic, at=at, by=by)
    return topic


@transaction.atomic
def move(topic: Topic, board: Board, *, by: Person, at: datetime) -> Topic:
    """To another board; the address that it had leads there. Never to more readers (FO7).

    Errors: `NotAllowed`, `WouldPublish`.
    """
    topic = _held(topic, by)
    before = topic.board
    if before.pk == board.pk:
        return topic
    _check_readers(board, before)
    topic.board = board
    topic.save(update_fields=["board"])
    record("forum.moved", topic, at=at, by=by, before=before.name, after=board.name)
    return topic


@transaction.atomic
def merge(topic: Topic, into: Topic, *, by: Person, at: datetime) -> Topic:
    """All posts stand in `into` in the order of time; the address of `topic` leads there.

    Followers follow it. Errors: `NotAllowed`, `TopicMergedWithItself`, `WouldPublish`.
    """
    # In the order of their keys, so that two merges never wait for each other.
    first, second = sorted((topic.pk, into.pk))
    held = {pk: _held(Topic(pk=pk), by) for pk in (first, second)}
    topic, into = held[topic.pk], held[into.pk]
    is_whole = topic.state == into.state == PostState.SHOWN
    if topic.pk == into.pk or not is_whole:
        raise TopicMergedWithItself()
    _check_readers(into.board, topic.board)
    topic.accepted, topic.answers, topic.merged_into = None, 0, into
    topic.save(update_fields=["accepted", "answers", "merged_into"])
    topic.posts.update(topic=into, is_first=False)
    Topic.objects.filter(merged_into=topic).update(merged_into=into)
    there = Following.objects.filter(topic=into, card=OuterRef("card"))
    topic.followers.exclude(Exists(there)).update(topic=into)
    topic.followers.all().delete()
    count_again(into, grew_at=topic.last_at)
    record("forum.merged", topic, at=at, by=by, into=into.pk)
    return into


def _held(topic: Topic, by: Person) -> Topic:
    if not policies.may_moderate(by):
        raise NotAllowed()
    return held_topic(topic)


def _check_readers(new: Board, old: Board) -> None:
    if has_more_readers((new.audience, new.levels), (old.audience, old.levels)):
        raise WouldPublish(to=new.name, board=old.name)
