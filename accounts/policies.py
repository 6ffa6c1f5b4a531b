"""Who may change what about people. Callers ask before they call an action; actions ask again."""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import Organisation, Person


def may_manage_people_of(person: Person, organisation: Organisation | None) -> bool:
    """Invite, change roles, close accounts: the admin contact at home, a manager everywhere."""
    if person.role == Role.ADMIN_CONTACT:
        return organisation is not None and person.organisation_id == organisation.pk
    return person.role == Role.MANAGER


def may_manage_vendor(person: Person) -> bool:
    """Staff, partners, organisations and who serves them."""
    return person.role == Role.MANAGER
