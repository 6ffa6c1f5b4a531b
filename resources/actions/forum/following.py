"""Who hears of answers by mail: of a topic, or of each new topic of a board."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from resources.actions.forum.cards import card_for
from resources.models import AuthorCard, Board, Following, Topic


@transaction.atomic
def follow(what: Topic | Board, *, wanted: bool, by: Person, at: datetime) -> None:
    """From now on, or no more. Safe to repeat. The caller read what is followed.

    Error: `NotAllowed`.
    """
    card = card_for(by, at=at)
    of_it = {"topic": what} if isinstance(what, Topic) else {"board": what}
    if wanted:
        Following.objects.get_or_create(card=card, **of_it, defaults={"since": at})
    else:
        Following.objects.filter(card=card, **of_it).delete()


def follow_topic(topic: Topic, card: AuthorCard, *, at: datetime) -> None:
    """Who writes on a topic hears how it goes on."""
    Following.objects.get_or_create(card=card, topic=topic, defaults={"since": at})
