"""What readers say and do: votes, searches that found nothing, reports that were spared."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.search.folding import folded
from core.text import one_line
from resources import policies
from resources.enums import Answered
from resources.models import (
    Article,
    ArticleUse,
    ArticleVote,
    Deflection,
    MissedSearch,
)

SAID_A_DAY = 50  # times a person's word counts: that nothing was found, or that something was
LONGEST_WORDS = 120


@transaction.atomic
def vote(article: Article, *, helped: bool, why: str = "", by: Person, at: datetime) -> ArticleVote:
    """Whether it helped, with a word why; a second vote of the same person takes its place.

    The caller read the article: it came out of `visible_to`. Errors: `NotAllowed`.
    """
    if by.organisation is None or not policies.may_judge(by):
        raise NotAllowed()
    said = {"helped": helped, "why": one_line(why)[:500], "at": at, "settled_at": None}
    found, _ = ArticleVote.objects.update_or_create(
        article=article, person=by, organisation=by.organisation, defaults=said
    )
    return found


@transaction.atomic
def settle_votes(article: Article, *, by: Person, at: datetime) -> int:
    """What readers missed is dealt with: it leaves the team's list. How many votes that were."""
    if not policies.may_write_articles(by):
        raise NotAllowed()
    open_votes = ArticleVote.objects.filter(article=article, helped=False, settled_at=None)
    count = open_votes.update(settled_at=at)
    if count:
        record("article.votes_settled", article, at=at, by=by, count=count)
    return count


@transaction.atomic
def note_missed(words: str, *, by: Person, at: datetime) -> None:
    """Somebody searched for these words and found no article. Who it was is not kept."""
    text = folded(one_line(words))[:LONGEST_WORDS].strip()
    if not text or not policies.may_judge(by):
        return
    found, is_new = MissedSearch.objects.get_or_create(
        words=text, defaults={"first_at": at, "last_at": at}
    )
    if not is_new:
        MissedSearch.objects.filter(pk=found.pk).update(
            times=F("times") + 1, last_at=at, settled_at=None
        )


@transaction.atomic
def settle_missed(missed: MissedSearch, *, by: Person, at: datetime) -> None:
    """There is an article by now, or none is wanted. Safe to repeat."""
    if not policies.may_write_articles(by):
        raise NotAllowed()
    if MissedSearch.objects.filter(pk=missed.pk, settled_at=None).update(settled_at=at):
        record("missed_search.settled", missed, at=at, by=by, searched=missed.words)


@transaction.atomic
def note_use(
    article: Article, *, organisation: int, incident: int, by: Person, at: datetime
) -> None:
    """An answer on that incident named the article: counted once an incident."""
    _, is_new = ArticleUse.objects.get_or_create(
        article=article,
        incident_id=incident,
        defaults={"organisation_id": organisation, "by": by, "at": at},
    )
    if is_new:
        record("article.used", article, at=at, by=by, incident=incident)


@transaction.atomic
def note_answered(kind: Answered, subject: int, *, by: Person, at: datetime) -> Deflection:
    """This answered somebody who was about to report: the report was spared.

    The caller found the subject among what the person may see. Errors: `NotAllowed`.
    """
    if by.organisation is None or not policies.may_judge(by):
        raise NotAllowed()
    return Deflection.objects.create(
        organisation=by.organisation, person=by, kind=kind, subject_id=subject, at=at
    )
