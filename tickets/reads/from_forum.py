"""What a topic of the forum says, for the report that it becomes."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from accounts.models import Person
from resources.enums import PostState
from resources.models import Topic
from resources.reads.forum.cards import card_of


def topic_asked(person: Person, said: str) -> Topic | None:
    """The topic of that number, if this person asked it and no incident of theirs came of it."""
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        return None
    card = card_of(person)
    if card is None:
        return None
    mine = Topic.objects.filter(pk=said, asked_by=card, incidents=None, merged_into=None)
    return mine.exclude(state=PostState.HIDDEN).select_related("board").first()


def words_of(topic: Topic) -> dict[str, Any]:
    """Subject and text of the report, with the way back to what others answered."""
    question = topic.posts.filter(is_first=True).first()
    asked = question.body if question is not None else ""
    link = f"{settings.SITE_URL}{topic.get_absolute_url()}"
    return {"subject": topic.title, "body": f"{asked}\n\nAsked in the forum before: {link}"}
