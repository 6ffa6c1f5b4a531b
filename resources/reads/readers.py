"""Who reads the online resources, as they are signed in now."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Person
from entitlements.levels import Level
from entitlements.reads.coverage_summary import summary_of
from resources.rules.readers import STRANGER, Reader

_KNOWN = "_reader_of_online_resources"


def nobody() -> Person:
    """Whoever has not signed in, for what takes a person: of no organisation, never saved."""
    return Person(role=Role.CONTACT, name="", email="", timezone="UTC")


def reader_of(person: Person | None, at: datetime) -> Reader:
    """As much of them as decides what they see at `at`; asked once a request.

    A local partner's engineers read what customers of any level do, and not what the vendor's own
    people write for each other.
    """
    if person is None or person.pk is None:
        return STRANGER
    if person.role in VENDOR_ROLES:
        return Reader(is_staff=True)
    if person.role == Role.PARTNER:
        return Reader(is_registered=True, levels=frozenset(Level.values))
    known: tuple[datetime, Reader] | None = person.__dict__.get(_KNOWN)
    if known is not None and known[0] == at:
        return known[1]
    reader = Reader(is_registered=True, levels=_levels(person, at))
    person.__dict__[_KNOWN] = (at, reader)
    return reader


def kind_of_reader(person: Person) -> Reader:
    """The same without levels, for what is not by level: asks nothing."""
    if person.role in VENDOR_ROLES:
        return Reader(is_staff=True)
    return Reader(is_registered=True)


def _levels(person: Person, at: datetime) -> frozenset[str]:
    """The levels that any licence of theirs has at `at`."""
    if person.organisation is None:
        return frozenset()
    cards = summary_of(person.organisation, at=at)
    return frozenset(level.level for card in cards for level in card.levels)
