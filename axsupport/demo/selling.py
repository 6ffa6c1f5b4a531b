"""Where the demo's customers want their invoices, and how far their orders came; real actions."""

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
from entitlements.enums import OrderKind
from entitlements.models import Order
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
