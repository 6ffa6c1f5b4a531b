"""Addresses: corrected where they take no mail, changed by those whom they belong to."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction

from accounts import policies
from accounts.actions.telling import notify_of_change
from accounts.errors import AddressLinkOver, AddressTaken, AddressWorks, NotYourPeople, SameAddress
from accounts.models import Person
from core.journal import record
from core.text import clean
from notices.bounces.addresses import clear, period_of
from notices.enums import Cleared
from notices.models import BouncingAddress
from notices.outbox import notify_address

SALT = "accounts.address"
LINK_WORKS = timedelta(days=1)


@transaction.atomic
def works_again(period: BouncingAddress, *, by: Person, at: datetime) -> None:
    """Send to the address again. Safe to repeat. Error: `NotYourPeople`."""
    if not policies.may_mend_address(by, period.organisation):
        raise NotYourPeople()
    clear(period.address, how=Cleared.SAID, at=at, by=by)


@transaction.atomic
def correct_address(person: Person, *, email: str, by: Person, at: datetime) -> None:
    """Give `person` the address that they have now, in place of one that takes no mail.

    They sign in with it from now on, and what was held back goes there. Only of an address that
    comes back: another would be a way into somebody's account. Safe to repeat.
    Errors: `NotYourPeople`, `AddressWorks`, `AddressTaken`.
    """
    if not policies.may_mend_address(by, person.organisation):
        raise NotYourPeople()
    person = _locked(person)
    email = clean(email)
    if email.lower() == person.email.lower():
        return
    if period_of(person.email) is None:
        raise AddressWorks(email=person.email)
    _set(person, email, by=by, at=at)


@transaction.atomic
def ask_for_address(person: Person, *, email: str, at: datetime) -> None:
    """Mail a link to the address that `person` wants to have; nothing changes before it is used.

    The caller has asked for the password again. Errors: `SameAddress`, `AddressTaken`.
    """
    email = clean(email)
    if email.lower() == person.email.lower():
        raise SameAddress()
    _check_free(email)
    token = signing.dumps([person.pk, person.email, email, at.timestamp()], salt=SALT)
    notify_address(
        email,
        "address_change",
        key=f"address:{person.pk}:{at.timestamp()}",
        at=at,
        about=person,
        name=person.name,
        new_address=email,
        expires_at=(at + LINK_WORKS).isoformat(),
        confirm_url=f"{settings.SITE_URL}/profile/address/{token}/",
    )


def address_of_link(person: Person, token: str, *, at: datetime) -> str:
    """The address that a link of `ask_for_address` gives to its person. Else `AddressLinkOver`."""
    try:
        pk, before, email, asked = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise AddressLinkOver() from None
    is_late = at.timestamp() - asked > LINK_WORKS.total_seconds()
    if pk != person.pk or before != person.email or is_late:
        raise AddressLinkOver()
    return str(email)


@transaction.atomic
def take_address(person: Person, token: str, *, at: datetime) -> str:
    """The person has the address of the link from now on; the old and the new one are mailed.

    Works once. Errors: `AddressLinkOver`, `AddressTaken`.
    """
    person = _locked(person)
    email = address_of_link(person, token, at=at)
    before = person.email
    _set(person, email, by=person, at=at)
    words = f"Your address changed from {before} to {email}"
    key = f"address:{person.pk}:{at.timestamp()}:done"
    notify_of_change(person, words, key=key, at=at)
    notify_of_change(person, words, key=key, at=at, address=before)
    return email


def _set(person: Person, email: str, *, by: Person, at: datetime) -> None:
    _check_free(email)
    person.email, before = email, person.email
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()  # a key for the old one opens nothing
    record("person.address", person, at=at, by=by, before=before, after=email)
    clear(before, how=Cleared.CORRECTED, at=at, by=by)


def _check_free(email: str) -> None:
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email=email)


def _locked(person: Person) -> Person:
    found: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return found
