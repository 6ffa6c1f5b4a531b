"""A reader tells the moderators of a post that does not belong in the forum."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import record
from core.text import one_line
from resources.actions.forum.cards import card_for
from resources.errors import ReasonMissing, TooManyReports
from resources.models import Post, PostReport

MOST_OPEN = 20  # of one reader


@transaction.atomic
def report(post: Post, *, why: str, by: Person, at: datetime) -> PostReport:
    """Moderators look at it; a second report of the same reader changes nothing.

    Errors: `NotAllowed`, `ReasonMissing`, `TooManyReports`.
    """
    why = one_line(why)[:500]
    if not why:
        raise ReasonMissing()
    card = card_for(by, at=at)
    mine = PostReport.objects.still_open().filter(card=card)
    before = mine.filter(post=post).first()
    if before is not None:
        return before
    if mine.count() >= MOST_OPEN:
        raise TooManyReports(most=MOST_OPEN)
    made = PostReport.objects.create(post=post, card=card, why=why, at=at)
    record("forum.reported", post.topic, at=at, by=by, post=post.pk)
    return made
