"""Who may change whose duty. Views ask before they call an action; actions ask again."""

from __future__ import annotations

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Person


def may_plan(person: Person) -> bool:
    """Set patterns, and hand shifts over."""
    return person.is_active and person.role == Role.MANAGER


def may_report_absence(person: Person, of: Person) -> bool:
    """A manager anybody's, an engineer their own."""
    return may_plan(person) or (person.pk == of.pk and person.role in ENGINEER_ROLES)


def may_see_reason(person: Person, of: Person) -> bool:
    """Why somebody is away is between them and the managers."""
    return may_plan(person) or person.pk == of.pk


def has_duty(person: Person) -> bool:
    return person.is_active and person.role in ENGINEER_ROLES


def are_of_one_team(one: Person, other: Person) -> bool:
    """Who does the same work, and so may stand in for each other."""
    same = (one.role, one.partner_id) == (other.role, other.partner_id)
    return same and has_duty(one) and has_duty(other)
