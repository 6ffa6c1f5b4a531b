"""Who may do what in the office. Desk and actions ask."""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import Person


def may_bring_in(person: Person) -> bool:
    """Tables and old incidents: the managers, who may write all that is in them."""
    return person.is_active and person.role == Role.MANAGER
