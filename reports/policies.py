"""Who may do what with a service report."""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import Organisation, Person


def may_edit(person: Person, organisation: Organisation) -> bool:
    """Write considerations, and issue: the organisation's TAM, or a manager (rule 11)."""
    if person.role not in (Role.TAM, Role.MANAGER):
        return False
    return Organisation.objects.visible_to(person).filter(pk=organisation.pk).exists()
