"""Who may do what with contracts and the catalogue. Views, API and admin ask before they act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import CUSTOMER_ROLES, Role
from accounts.models import Organisation

if TYPE_CHECKING:
    from accounts.models import Person


_CONTRACT_READERS = (Role.TS1, Role.TAM, Role.MANAGER)


def may_edit_catalogue(person: Person) -> bool:
    """Calendars, services, levels: the manager (docs/rules.md, "People")."""
    return person.is_active and person.role == Role.MANAGER


def may_manage_contracts(person: Person) -> bool:
    """Register licences, sell subscriptions and packs, open projects, correct a ledger."""
    return person.is_active and person.role == Role.MANAGER


def may_register_for(person: Person, organisation: Organisation) -> bool:
    """A customer registers a licence of their own organisation; `register_own` says how."""
    return (
        person.is_active
        and person.role in CUSTOMER_ROLES
        and person.organisation_id == organisation.pk
    )


def may_see_claims(person: Person) -> bool:
    """The list of registrations that wait: whoever may decide on some of them."""
    return person.is_active and person.role in (Role.TAM, Role.MANAGER)


def may_confirm(person: Person, organisation: Organisation) -> bool:
    """Confirm or decline what an organisation registered (K1): the manager, and its own TAM."""
    theirs = Organisation.objects.visible_to(person).filter(pk=organisation.pk)
    return may_see_claims(person) and theirs.exists()


def may_refund(person: Person, organisation: Organisation) -> bool:
    """Give a Gold incident back with a reason (rule 4): staff who serve the organisation."""
    return (
        person.is_active
        and person.role not in CUSTOMER_ROLES
        and Organisation.objects.visible_to(person).filter(pk=organisation.pk).exists()
    )


def may_order(person: Person, organisation: Organisation) -> bool:
    """Spending the organisation's money is its admin contact's; other contacts see the orders."""
    admin = person.role == Role.ADMIN_CONTACT
    return person.is_active and admin and person.organisation_id == organisation.pk


def may_cancel_order(person: Person, organisation: Organisation) -> bool:
    """Whoever may order, and the manager."""
    return may_order(person, organisation) or may_manage_contracts(person)


def may_see_orders(person: Person) -> bool:
    """The vendor's page of orders: managers, and account managers with their own customers'."""
    return person.is_active and may_see_prices(person)


def may_confirm_order(person: Person, organisation: Organisation) -> bool:
    """Take an order: the manager, and the organisation's own account manager."""
    theirs = Organisation.objects.visible_to(person).filter(pk=organisation.pk)
    return may_see_orders(person) and theirs.exists()


def may_send_renewal(person: Person, organisation: Organisation) -> bool:
    """Review, price, send and withdraw a proposal: as who takes their orders."""
    return may_confirm_order(person, organisation)


def may_answer_renewal(person: Person, organisation: Organisation) -> bool:
    """Accept or decline: who may order for the organisation."""
    return may_order(person, organisation)


def may_settle_orders(person: Person) -> bool:
    """Invoice lines, payments, deliveries, VAT and terms of payment: the managers'."""
    return may_manage_contracts(person)


def may_set_billing(person: Person, organisation: Organisation) -> bool:
    """Their admin contact, and of the vendor who may take their orders."""
    return may_order(person, organisation) or may_confirm_order(person, organisation)


def may_set_gold_default(person: Person, organisation: Organisation) -> bool:
    """The organisation's own admin contact, and the manager for them."""
    if person.role == Role.ADMIN_CONTACT:
        return person.is_active and person.organisation_id == organisation.pk
    return may_manage_contracts(person)


def may_see_contracts(person: Person, organisation: Organisation) -> bool:
    """The contracts' time line: the vendor's TS1, account managers and managers who serve it.

    A local partner gives TS1; what its customers bought of the vendor is not its business. TS2 and
    TS3 see incidents that come up to them, with their coverage (docs/rules.md, "People").
    """
    theirs = Organisation.objects.visible_to(person).filter(pk=organisation.pk)
    return person.is_active and person.role in _CONTRACT_READERS and theirs.exists()


def may_see_prices(person: Person) -> bool:
    """What was paid: those who answer for the account (docs/rules.md, "People")."""
    return person.role in (Role.TAM, Role.MANAGER)
