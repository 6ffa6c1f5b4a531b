"""What dispatch knows of an engineer, and what a support level asks of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from accounts.enums import Role
from accounts.models import Person
from entitlements.enums import Supplier
from tickets.rules.dispatch.choosing import Engineer


def needs_level_2(supplied_by: Collection[str]) -> bool:
    """Whether level 2 CSEs alone supply a support level."""
    return Supplier.CSE2 in supplied_by and Supplier.CSE1 not in supplied_by


def engineer(person: Person, knows: Iterable[str]) -> Engineer:
    """What dispatch knows of a person who comes with partner and profile; `knows` are services."""
    profile = getattr(person, "engineer_profile", None)
    languages = set(profile.languages) if profile else set()
    if person.partner:
        languages.add(person.partner.language)
    return Engineer(
        person=person.pk,
        name=str(person),
        language=person.language,
        languages=frozenset(languages),
        services=frozenset(knows),
        is_partner=person.role == Role.PARTNER,
        is_level_2=bool(profile and profile.is_level_2),
        capacity=profile.capacity if profile else None,
    )
