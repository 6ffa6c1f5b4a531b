"""Who may change what about people. Callers ask before they call an action; actions ask again."""

from __future__ import annotations

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Organisation, Person


def may_manage_people_of(person: Person, organisation: Organisation | None) -> bool:
    """Invite, change roles, close accounts: the admin contact at home, a manager everywhere."""
    if person.role == Role.ADMIN_CONTACT:
        return organisation is not None and person.organisation_id == organisation.pk
    return person.role == Role.MANAGER


def may_manage_vendor(person: Person) -> bool:
    """Staff, partners, organisations and who serves them."""
    return person.role == Role.MANAGER


def may_mend_address(person: Person, organisation: Organisation | None) -> bool:
    """Put right an address of the organisation, or of the vendor (None), that takes no mail.

    Whether `person` sees the organisation is the caller's to check.
    """
    if organisation is None:
        return person.is_manager
    return may_manage_people_of(person, organisation) or person.role in VENDOR_ROLES


def may_see_addresses(person: Person) -> bool:
    """The staff's page of addresses that take no mail, of the organisations that they see."""
    return person.role in VENDOR_ROLES
