"""Addresses that take no mail: corrected, or said to work again."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import policies
from accounts.errors import AddressTaken, AddressWorks, NotYourPeople
from accounts.models import Person
from core.journal import record
from core.text import clean
from notices.addresses import clear, spell_of
from notices.enums import Cleared
from notices.models import BouncingAddress


@transaction.atomic
def works_again(spell: BouncingAddress, *, by: Person, at: datetime) -> None:
    """Send to the address again. Safe to repeat. Error: `NotYourPeople`."""
    if not policies.may_mend_address(by, spell.organisation):
        raise NotYourPeople()
    clear(spell.address, how=Cleared.SAID, at=at, by=by)


@transaction.atomic
def correct_address(person: Person, *, email: str, by: Person, at: datetime) -> None:
    """Give `person` the address that they have now, in place of one that takes no mail.

    They sign in with it from now on, and what was held back goes there. Only of an address that
    comes back: another would be a way into somebody's account. Safe to repeat.
    Errors: `NotYourPeople`, `AddressWorks`, `AddressTaken`.
    """
    if not policies.may_mend_address(by, person.organisation):
        raise NotYourPeople()
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    email, before = clean(email), person.email
    if email.lower() == before.lower():
        return
    if spell_of(before) is None:
        raise AddressWorks(email=before)
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email=email)
    person.email = email
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()  # a key for the old one opens nothing
    record("person.address", person, at=at, by=by, before=before, after=email)
    clear(before, how=Cleared.CORRECTED, at=at, by=by)
