"""Who may do what in the office. Pages ask here, and the actions do again."""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import Organisation, Person
from office.models import PictureSchedule, ReportSchedule


def may_see_customers(person: Person) -> bool:
    """The list of customers with their health: account managers and managers."""
    return person.role in (Role.TAM, Role.MANAGER)


def may_keep(person: Person, organisation: Organisation) -> bool:
    """Write notes about a customer and plan its reviews: its account manager, or a manager."""
    if not may_see_customers(person):
        return False
    return Organisation.objects.visible_to(person).filter(pk=organisation.pk).exists()


def may_set_health(person: Person) -> bool:
    """Change what the health score is made with."""
    return person.is_manager


def may_see_figures(person: Person) -> bool:
    """The manager's picture: managers, account managers and partners of what they see."""
    return person.role in (Role.MANAGER, Role.TAM, Role.PARTNER)


def may_change(person: Person, one: PictureSchedule | ReportSchedule) -> bool:
    """What goes out by itself: a picture its owner or a manager, a report who has the customer."""
    if isinstance(one, ReportSchedule):
        return may_keep(person, one.organisation)
    return person.is_manager or (may_see_figures(person) and one.by_id == person.pk)


def may_read_reports(person: Person, organisation: Organisation) -> bool:
    """The issued reports of a customer: who of its people sees all, its manager, the managers."""
    if person.is_customer:
        return person.organisation_id == organisation.pk and person.sees_all
    return may_keep(person, organisation)


def may_bring_in(person: Person) -> bool:
    """Tables and old incidents: the managers, who may write all that is in them."""
    return person.is_active and person.role == Role.MANAGER


def may_take_out(person: Person) -> bool:
    """Whole tables of what they see: account managers and managers."""
    return person.is_active and person.role in (Role.TAM, Role.MANAGER)
