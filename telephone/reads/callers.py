"""Who is calling? Found by the number that the telephone shows, or by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Func, Q, TextField, Value

from accounts.enums import CUSTOMER_ROLES
from accounts.models import Organisation, Person
from accounts.querysets import PersonQuerySet
from core.text import clean
from telephone.models import PhoneNumber
from telephone.rules.phone import e164_of, shown
from tickets.querysets import IncidentQuerySet

MOST = 12
FEWEST_DIGITS = 5  # of a number's end: fewer fit everybody


@dataclass(frozen=True)
class Caller:
    """A contact who may be calling; `how` says what fits, for the eye."""

    person: Person
    how: str


def callers(words: str, asker: Person) -> list[Caller]:
    """The contacts whom `asker` may see and `words` fit, at most a dozen, in two queries.

    Digits are a number, whole or its end, as people typed it into their profile or as calls taught
    us; of an organisation's exchange everybody of it fits. Anything else is part of a name, of an
    address, or of an organisation's name.
    """
    words = " ".join(clean(words).split())[:80]
    digits = "".join(one for one in words if one.isdigit())
    if digits and not any(one.isalpha() for one in words):
        return _by_number(words, digits, asker)
    return _by_name(words, asker) if len(words) > 1 else []


def typed_number(words: str, organisation: Organisation) -> str:
    """What was searched for as E.164, if it is a number; "" else."""
    if any(one.isalpha() for one in words):
        return ""
    return e164_of(words, organisation.country)


def numbers_of(person: Person, known: Sequence[PhoneNumber] | None = None) -> list[str]:
    """The numbers by which we know one contact alone, E.164, the profile's first.

    Who has read the `learned_numbers` gives them.
    """
    known = learned_numbers(person) if known is None else known
    learned = [one.number for one in known if one.person_id == person.pk]
    own = e164_of(person.phone, _home(person)) if person.phone else ""
    return list(dict.fromkeys(one for one in (own, *learned) if one))


def learned_numbers(person: Person) -> list[PhoneNumber]:
    """What calls taught us: the contact's own numbers, and those of the exchange."""
    theirs = PhoneNumber.objects.filter(organisation=person.organisation)
    return list(theirs.filter(Q(person=person) | Q(person=None)).order_by("person", "number"))


def _home(person: Person) -> str:
    assert person.organisation is not None, "only a customer's people have numbers here"
    return person.organisation.country


def open_incidents(incidents: IncidentQuerySet, organisation: Organisation) -> IncidentQuerySet:
    """What a call may be about: whatever is not closed, the latest report first."""
    found = incidents.filter(organisation=organisation, closed_at=None)
    return found.for_list().newest_first()


def _by_number(words: str, digits: str, asker: Person) -> list[Caller]:
    end = digits.removeprefix("00") if words.startswith("00") else digits.lstrip("0")
    if len(end) < FEWEST_DIGITS:
        return []
    known = PhoneNumber.objects.visible_to(asker).filter(number__endswith=end)
    pairs = list(known.values_list("organisation_id", "person_id", "number")[: 5 * MOST])
    numbers = {person: number for _, person, number in pairs if person is not None}
    exchanges = {organisation: number for organisation, person, number in pairs if person is None}
    profile = Func(
        F("phone"),
        Value("[^0-9]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
    found = _contacts(asker).annotate(digits=profile)
    fitting = Q(pk__in=numbers) | Q(organisation__in=exchanges) | Q(digits__endswith=end)
    people = found.filter(fitting).order_by("name")[:MOST]
    told = [Caller(one, _how(one, numbers, exchanges, end)) for one in people]
    return sorted(told, key=lambda one: one.how.startswith("Number of"))  # persons first


def _how(person: Person, numbers: dict[int, str], exchanges: dict[int, str], end: str) -> str:
    if person.pk in numbers:
        return shown(numbers[person.pk])
    digits = "".join(one for one in person.phone if one.isdigit())
    if digits.endswith(end):
        return person.phone
    assert person.organisation_id is not None
    return f"Number of {person.organisation}: {shown(exchanges[person.organisation_id])}"


def _by_name(words: str, asker: Person) -> list[Caller]:
    fitting = Q()
    for word in words.split():
        fitting &= (
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    people = _contacts(asker).filter(fitting).order_by("name")[:MOST]
    return [Caller(one, one.phone) for one in people]


def _contacts(asker: Person) -> PersonQuerySet:
    found: PersonQuerySet = Person.objects.visible_to(asker).active()
    return found.filter(role__in=CUSTOMER_ROLES).select_related("organisation")
