"""Who sees known defects."""

from __future__ import annotations

from accounts.enums import VENDOR_ROLES
from accounts.models import Person


def sees_defects(person: Person) -> bool:
    """The list of known defects is the vendor's own."""
    return person.role in VENDOR_ROLES and person.is_staff
