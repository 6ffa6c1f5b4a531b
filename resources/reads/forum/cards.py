"""Whose card is the reader's, and whom a card means: for whom the wall lets through."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Organisation, Person
from core.text import one_line
from resources.models import Author, AuthorCard, ForumChoice
from resources.rules.forum import Shown, shown_of

_KNOWN = "_card_of_forum"


def card_of(person: Person | None) -> AuthorCard | None:
    """The reader's own card; None for who never wrote nor followed. Asked once a request."""
    if person is None or person.pk is None:
        return None
    if _KNOWN not in person.__dict__:
        person.__dict__[_KNOWN] = _looked_up(person)
    found: AuthorCard | None = person.__dict__[_KNOWN]
    return found


def remember(person: Person, card: AuthorCard) -> None:
    """It was made or changed in this request."""
    person.__dict__[_KNOWN] = card


def people_of(cards: Iterable[AuthorCard]) -> list[Person]:
    """Whose these are, as far as this transaction may know; not of who left their organisation.

    Within `rls.everything()` that is everybody, elsewhere only the people behind the own wall.
    """
    found = list(cards)
    ours = Person.objects.filter(pk__in=[one.person_id for one in found if one.person_id])
    authors = Author.objects.filter(card__in=found).select_related("person__organisation")
    theirs = [one.person for one in authors if one.person.organisation_id == one.organisation_id]
    return [*ours, *theirs]


def named_in(organisation: Organisation, person: Person) -> Shown:
    """What a card says of one of the organisation's people (FO1)."""
    choice = ForumChoice.objects.filter(organisation=organisation).first()
    return named_by(choice, person, organisation)


def named_by(choice: ForumChoice | None, person: Person, organisation: Organisation) -> Shown:
    """The same, with what the organisation chose known already."""
    return shown_of(
        one_line(person.name),
        one_line(organisation.name),
        full_name=choice is not None and choice.full_name,
        with_company=choice is not None and choice.with_company,
    )


def will_be_named(person: Person, card: AuthorCard | None) -> str:
    """As whom readers see what this person writes next; said before they send it."""
    if person.organisation is None:
        return person.name
    if card is not None:
        return f"{card.name}, {card.company}" if card.company else card.name
    shown = named_in(person.organisation, person)
    return f"{shown.name}, {shown.company}" if shown.company else shown.name


def _looked_up(person: Person) -> AuthorCard | None:
    if person.organisation_id is None:
        return AuthorCard.objects.filter(person=person).first()
    mine = Author.objects.filter(person=person, organisation=person.organisation_id)
    author = mine.select_related("card").first()
    return author.card if author is not None else None
