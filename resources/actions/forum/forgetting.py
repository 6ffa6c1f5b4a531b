"""What the forum says of an organisation's people goes with the organisation (F2)."""

from __future__ import annotations

from accounts.actions.blotting import blot
from accounts.actions.erasing import words_of
from accounts.models import Organisation
from core.personal import held_in
from resources.models import Author, AuthorCard, Following, Post, PostReport, PostVersion, Topic
from resources.rules.forum import FORMER


def forget_authors(organisation: Organisation) -> None:
    """Their cards name nobody, they follow nothing, and their names go out of what was written on
    topics on which they wrote. What they asked and answered stays, as where a person is erased.

    Call it while `Author` still says whose the cards are.
    """
    cards = AuthorCard.objects.filter(author__organisation=organisation)
    for author in Author.objects.filter(organisation=organisation).select_related("person", "card"):
        _blot_near(author)
    Following.objects.filter(card__in=cards).delete()
    cards.update(name=FORMER, company="")


def _blot_near(author: Author) -> None:
    words, card = words_of(author.person), author.card
    theirs = Post.objects.filter(card=card).values("topic")
    for label, rows in (
        ("resources.Topic", Topic.objects.filter(asked_by=card)),
        ("resources.Post", Post.objects.filter(topic__in=theirs)),
        ("resources.PostVersion", PostVersion.objects.filter(post__card=card)),
        ("resources.PostReport", PostReport.objects.filter(card=card)),
    ):
        table = held_in(label)
        blot(table, rows, words.pattern)
        blot(table, rows, words.parts, flags="g")
