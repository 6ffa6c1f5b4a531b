"""Author cards: made when somebody first writes or follows, named as their organisation chose."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from resources import policies
from resources.enums import CardKind
from resources.models import Author, AuthorCard, ForumChoice
from resources.reads.forum.cards import named_by, named_in, remember
from resources.rules.forum import Shown


@transaction.atomic
def card_for(person: Person, *, at: datetime) -> AuthorCard:
    """The person's own card, locked, with the name that they have now (FO1).

    Error: `NotAllowed`.
    """
    if not policies.may_post(person):
        raise NotAllowed()
    card = _of_customer(person, at) if person.is_customer else _of_staff(person, at)
    remember(person, card)
    return card


def _of_staff(person: Person, at: datetime) -> AuthorCard:
    kind = CardKind.STAFF if policies.may_moderate(person) else CardKind.PARTNER
    name = one_line(person.name)[:80] or "Support"
    card, _ = AuthorCard.objects.select_for_update().get_or_create(
        person=person, defaults={"kind": kind, "name": name, "made_at": at}
    )
    return _renamed(card, Shown(name, ""), kind)


def _of_customer(person: Person, at: datetime) -> AuthorCard:
    organisation = person.organisation
    assert organisation is not None
    shown = named_in(organisation, person)
    mine = Author.objects.filter(organisation=organisation, person=person)
    author = mine.first()
    if author is None:
        card = AuthorCard.objects.create(
            kind=CardKind.CUSTOMER, name=shown.name, company=shown.company, made_at=at
        )
        author, is_new = Author.objects.get_or_create(
            organisation=organisation, person=person, defaults={"card": card}
        )
        if is_new:
            return card
        card.delete()  # somebody was quicker with the same person's first word
    card = AuthorCard.objects.select_for_update().get(pk=author.card_id)
    return _renamed(card, shown, CardKind.CUSTOMER)


def _renamed(card: AuthorCard, shown: Shown, kind: CardKind) -> AuthorCard:
    if (card.name, card.company, card.kind) != (shown.name, shown.company, kind):
        card.name, card.company, card.kind = shown.name, shown.company, kind
        card.save(update_fields=["name", "company", "kind"])
    return card


@transaction.atomic
def choose_names(*, full_name: bool, with_company: bool, by: Person, at: datetime) -> ForumChoice:
    """How the organisation's people are named, on what they wrote before as well.

    Error: `NotAllowed`.
    """
    organisation = by.organisation
    if organisation is None or not policies.may_choose_names(by):
        raise NotAllowed()
    choice, _ = ForumChoice.objects.update_or_create(
        organisation=organisation,
        defaults={"full_name": full_name, "with_company": with_company, "changed_at": at},
    )
    for author in Author.objects.filter(organisation=organisation).select_related("card", "person"):
        if author.person.erased_at is None:
            _renamed(author.card, named_by(choice, author.person, organisation), CardKind.CUSTOMER)
    record(
        "forum.names_chosen",
        organisation,
        at=at,
        by=by,
        full_name=full_name,
        with_company=with_company,
    )
    return choice
