"""Where invoices of the demo go, how far orders came, and who renews; by real actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from accounts.models import Person
from axsupport.demo.dealings import Plan
from axsupport.demo.setting import Customer, admin_of
from entitlements.actions.billing import set_billing
from entitlements.actions.order_steps import (
    confirm_order,
    deliver_order,
    invoice_order,
    mark_paid,
)
from entitlements.actions.orders import place_order
from entitlements.actions.renewals import (
    accept_proposal,
    change_proposal,
    decline_proposal,
    propose,
    send_proposal,
)
from entitlements.enums import OrderKind
from entitlements.models import Order, RenewalProposal
from entitlements.models.billing import Address

_ADDRESSES = {
    "northwind": ("Northwind Traders SRL", "Bd. Unirii 27", "030823", "București", "RO18547290"),
    "aegean-post": ("Ταχυδρομική Αιγαίου Α.Ε.", "Ερμού 12", "105 63", "Αθήνα", "EL094259216"),
    "fabrikam": ("Fabrikam Manufacturing Ltd", "4 Canal Street", "M1 3HE", "Manchester", ""),
    "balkan-hosting": ("Балкан Хостинг ООД", "бул. Витоша 89", "1463", "София", "BG121759222"),
    "adatum": ("Adatum Telecom LLC", "Sheikh Zayed Road 210", "", "Dubai", ""),
    "contoso": ("Contoso Pohjola Oy", "Torikatu 18", "90100", "Oulu", "FI20774740"),
    "schoenblick": ("Hotelgruppe Schönblick GmbH", "Ring 4", "1010", "Wien", "ATU13585627"),
}


# Who ordered so many Gold incidents how long ago, and how far that came.
_ORDERS = (
    ("aegean-post", 34, 5, ("confirmed", "invoiced", "paid", "delivered")),
    ("adatum", 12, 25, ("confirmed", "invoiced", "paid")),
    ("aegean-post", 9, 10, ("confirmed", "invoiced")),
    ("balkan-hosting", 3, 5, ("confirmed",)),
    ("northwind", 1.2, 10, ()),
)


def plan_selling(plan: Plan, ends: datetime, customers: list[Customer], by: Person) -> None:
    """Put on the time line what `customers` order, and what `by` does about it."""
    theirs = {one.company.slug: one for one in customers}
    for slug in theirs.keys() & _ADDRESSES.keys():
        plan(ends - timedelta(days=168), partial(_give_address, theirs[slug]))
    for slug, ago, quantity, states in _ORDERS:
        if slug in theirs:
            then = ends - timedelta(days=ago)
            plan(then, partial(_order_pack, theirs[slug], quantity, states, by))
    for slug, ago, answers in _RENEWALS:
        if slug in theirs:
            then = ends - timedelta(days=ago)
            plan(then, partial(_renew, theirs[slug], answers, by))


def _order_pack(
    customer: Customer, quantity: int, states: Sequence[str], by: Person, at: datetime
) -> None:
    order = place_order(
        customer.licences[0],
        kind=OrderKind.PACK,
        quantity=quantity,
        by=admin_of(customer),
        at=at,
        purchase_reference=f"PO {at:%Y-%m}/17",
    )
    bring_on(order, states, by, at + timedelta(hours=3))


def _give_address(customer: Customer, at: datetime) -> None:
    name, street, postal_code, city, vat_number = _ADDRESSES[customer.company.slug]
    given = Address(name, street, postal_code, city, customer.company.country, vat_number, "")
    set_billing(customer.organisation, given, by=admin_of(customer), at=at)


def bring_on(order: Order, states: Sequence[str], by: Person, at: datetime) -> Order:
    """Take the order through `states`, a day each; the first is taken at `at`."""
    for number, state in enumerate(states):
        then = at + timedelta(hours=20 * number)
        if state == "confirmed":
            order = confirm_order(order, by=by, at=then)
        elif state == "invoiced":
            invoice = f"AXI-{then:%Y}-{order.pk:05d}"
            order = invoice_order(order, by=by, at=then, invoice_number=invoice)
        elif state == "paid":
            order = mark_paid(order, by=by, at=then)
        else:
            order = deliver_order(order, by=by, at=then)
    return order


# Whose renewal was drafted how long ago, and then: sent, accepted or declined, so many days later.
_RENEWALS = (
    ("lapsed", 134, (("sent", 3), ("declined", 40))),
    ("northwind", 55, (("sent", 4),)),
    ("schoenblick", 25, (("sent", 2), ("accepted", 9))),
    ("contoso", 5, ()),
)
_NOTE = "It was a good year with you. The price is that of the catalogue; the licence did not grow."
_NO = "The branch closes in autumn, and its mail moves to headquarters."


def _renew(
    customer: Customer, answers: Sequence[tuple[str, int]], manager: Person, at: datetime
) -> None:
    ending = customer.licences[0].subscriptions.standing().order_by("-ends_on")[0]
    propose(ending.pk, at=at)
    proposal = RenewalProposal.objects.get(subscription=ending)
    tam = customer.organisation.tam or manager
    for step, later in answers:
        then = at + timedelta(days=later)
        if step == "sent":
            change_proposal(proposal, price=proposal.price, note=_NOTE, by=tam, at=then)
            proposal = send_proposal(proposal, by=tam, at=then)
        elif step == "accepted":
            accept_proposal(proposal, by=admin_of(customer), at=then)
        else:
            decline_proposal(proposal, reason=_NO, by=admin_of(customer), at=then)
