"""Who may read and keep what. Views, API and the desk ask here, and the actions do again."""

from __future__ import annotations

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Person


def may_see_defects(person: Person) -> bool:
    """The list of known defects is the vendor's own."""
    return person.role in VENDOR_ROLES and person.is_staff


def may_keep_defects(person: Person) -> bool:
    """Record defects and say that they are fixed: those who test and develop, and managers."""
    return person.role in (Role.TS2, Role.TS3, Role.MANAGER)
