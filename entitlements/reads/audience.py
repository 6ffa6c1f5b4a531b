"""Whom contracts concern."""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import Organisation, Person


def contacts_of(organisation: Organisation) -> list[Person]:
    """The active admin contacts; all active contacts where there is none."""
    people = list(Person.objects.active().filter(organisation=organisation).order_by("pk"))
    return [one for one in people if one.role == Role.ADMIN_CONTACT] or people
