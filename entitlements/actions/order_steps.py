"""What becomes of an order (OR1): confirmed, invoiced, paid, delivered; or cancelled.

There is no payment gateway. Each step is one action, by one person, once, whatever runs at once;
a step that is not the next one is refused in words. Callers have checked the policy they name.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.actions import changes, packs, subscriptions
from entitlements.enums import OrderKind, OrderState
from entitlements.errors import (
    AlreadySettled,
    BillingMissing,
    LicenceTransferred,
    OrderStays,
    OrderStepTooEarly,
    OrderUnderWay,
    WhyCancelledMissing,
)
from entitlements.models import Billing, Licence, Order
from entitlements.reads.current import selling_terms
from entitlements.reads.holdings import local_day
from entitlements.rules.vat import amounts_of
from notices.outbox import notify

_STEPS = (
    OrderState.OPEN,
    OrderState.CONFIRMED,
    OrderState.INVOICED,
    OrderState.PAID,
    OrderState.DELIVERED,
)
_NEEDED = {
    OrderState.CONFIRMED: "confirm it",
    OrderState.INVOICED: "put it on the invoice lines",
    OrderState.PAID: "note its payment",
}


@transaction.atomic
def confirm_order(order: Order, *, by: Person, at: datetime) -> Order:
    """We take the order; the orderer is told, and finds the pro-forma invoice.

    One of before the desk kept billing addresses gets the present one. The caller has checked
    `policies.may_confirm_order`. Errors: `AlreadySettled`, `OrderUnderWay`, `LicenceTransferred`,
    `BillingMissing`.
    """
    order = _locked(order, OrderState.CONFIRMED)
    check_held(order.licence)
    if order.price and not order.vat_rule:
        put_vat(order)
    order.confirmed_at, order.confirmed_by = at, by
    _move(order, OrderState.CONFIRMED)
    record("order.confirmed", order, at=at, by=by, rule="OR1", price=order.price)
    if order.is_free:
        return _deliver(order, by=by, at=at)
    notify_orderer(order, "order_confirmed", at=at)
    return order


@transaction.atomic
def invoice_order(order: Order, *, by: Person, at: datetime, invoice_number: str = "") -> Order:
    """It is a line of this month's export for the bookkeeping (OR3), which sends the invoice.

    The caller has checked `policies.may_settle_orders`. Errors: `AlreadySettled`, `OrderUnderWay`,
    `OrderStepTooEarly`.
    """
    order = _locked(order, OrderState.INVOICED)
    order.invoiced_at, order.invoiced_by = at, by
    order.invoice_number = clean(invoice_number)[:40]
    _move(order, OrderState.INVOICED)
    said = {"total": order.total, "invoice": order.invoice_number}
    record("order.invoiced", order, at=at, by=by, rule="OR3", **said)
    return order


@transaction.atomic
def mark_paid(order: Order, *, by: Person, at: datetime) -> Order:
    """The money is there, which is a fact whether it can be delivered or not.

    What was delivered before, as an accepted renewal is, is at its end with this. The
    caller has checked `policies.may_settle_orders`. Errors: `AlreadySettled`, `OrderUnderWay`,
    `OrderStepTooEarly`.
    """
    order = _locked(order, OrderState.PAID)
    order.paid_at, order.paid_by = at, by
    _move(order, OrderState.PAID)
    record("order.paid", order, at=at, by=by, rule="OR1", price=order.total)
    if order.subscription_id is not None:
        _finish(order, OrderState.DELIVERED, by=by, at=at)
    return order


@transaction.atomic
def deliver_order(order: Order, *, by: Person, at: datetime) -> Order:
    """Make the pack or the subscription, at the order's price, once, whatever runs at once.

    A renewal begins on the day that was ordered, also when the payment came late, so that it
    leaves no gap (L6); another subscription does not begin before it is delivered. The caller has
    checked `policies.may_settle_orders`. Errors: `AlreadySettled`, `OrderStepTooEarly`, and those
    of `packs.buy_pack` and `subscriptions.subscribe`; then the order stays paid.
    """
    return _deliver(_locked(order, OrderState.DELIVERED), by=by, at=at)


def deliver_free(order: Order, *, by: Person, at: datetime) -> Order:
    """An order that nobody has to pay, in the transaction that placed it."""
    order.confirmed_at = at
    return _deliver(order, by=by, at=at)


def deliver_on_account(order: Order, *, by: Person, at: datetime) -> Order:
    """What an accepted renewal sells, before it is paid, in the transaction that entered
    it: confirmed, since the proposal was ours. Errors: those of `subscriptions.subscribe`."""
    order.confirmed_at, order.confirmed_by = at, None
    _hand_over(order, by=by, at=at)
    _move(order, OrderState.CONFIRMED)
    if order.is_free:
        _finish(order, OrderState.DELIVERED, by=by, at=at)
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: Person, at: datetime, reason: str) -> Order:
    """Close an order without delivering it; the orderer and the staff are told why.

    Once it was invoiced that is a manager's, and the export of this month has its credit line
    (OR3). A renewal that was delivered before its payment goes with it while it has not begun;
    what has begun is ended first, and then stays as the period that was had. The caller has
    checked `policies.may_cancel_order`. Errors: `AlreadySettled`, `WhyCancelledMissing`,
    `OrderStays`, those of `changes.cancel`.
    """
    reason = clean(reason)[:300]
    if not reason:
        raise WhyCancelledMissing()
    order = _locked(order)
    today = local_day(at, order.organisation.timezone)
    _check_cancellable(order, by=by, today=today)
    order.reason = reason
    if (
        order.subscription is not None
        and order.subscription.void_at is None
        and order.subscription.starts_on > today
    ):
        changes.cancel(order.subscription, at=at, by=by, reason=reason)
    _finish(order, OrderState.CANCELLED, by=by, at=at, tell=False)
    record("order.cancelled", order, at=at, by=by, rule="OR1", reason=reason)
    if by.is_customer:
        notify_staff(order, "order_cancelled", at=at)
    if by != order.ordered_by:
        notify_orderer(order, "order_cancelled", at=at)
    return order


def put_vat(order: Order) -> None:
    """The billing address and the VAT of now onto an order that is not saved yet (OR2)."""
    billing = Billing.objects.filter(organisation=order.organisation_id).first()
    if billing is None:
        raise BillingMissing()
    found = amounts_of(order.price, billing.buyer, selling_terms().terms.seller)
    order.billing = billing.address.as_json()
    order.vat_rule, order.vat_percent, order.vat = found.rule, found.percent, found.vat


def check_held(licence: Licence) -> None:
    if licence.transferred_at is not None:
        gone_on = local_day(licence.transferred_at, licence.organisation.timezone)
        raise LicenceTransferred(key=licence.key, day=gone_on)


def _deliver(order: Order, *, by: Person, at: datetime) -> Order:
    _hand_over(order, by=by, at=at)
    return _finish(order, OrderState.DELIVERED, by=by, at=at)


def _hand_over(order: Order, *, by: Person, at: datetime) -> None:
    """The pack or the subscription, on the order's row; its licence is still theirs."""
    check_held(order.licence)
    if order.kind == OrderKind.PACK:
        assert order.quantity is not None, "order_names_its_thing"
        order.pack = packs.buy_pack(
            order.licence, quantity=order.quantity, at=at, by=by, price=order.price
        )
        return
    order.subscription = subscriptions.subscribe(
        order.licence,
        level=order.level,
        starts_on=_begins_on(order, at),
        at=at,
        by=by,
        price=order.price,
    )


def _check_cancellable(order: Order, *, by: Person, today: date) -> None:
    """Not what was paid, nor a period that goes on after today; by customers neither what was
    invoiced nor what has begun."""
    helps = ""
    if order.state == OrderState.PAID:
        helps = "Deliver it, or pay the money back and correct what was delivered."
    elif by.is_customer and order.invoiced_at is not None:
        helps = "Its invoice is on the way: write to us."
    elif (
        (one := order.subscription) is not None
        and one.void_at is None
        and one.starts_on <= today
        and (by.is_customer or today < one.ends_on - timedelta(days=1))
    ):
        helps = "Its period runs: end that subscription first, with its day and reason."
    if helps:
        raise OrderStays(number=order.number, state=_words(order), helps=helps)


def _begins_on(order: Order, at: datetime) -> date:
    """The day that was ordered where it continues what is held, else the delivery's at least."""
    assert order.starts_on is not None, "order_names_its_thing"
    held_until = subscriptions.renewal_starts_on(order.licence, level=order.level)
    if held_until == order.starts_on:
        return order.starts_on
    return max(order.starts_on, local_day(at, order.licence.organisation.timezone))


def _locked(order: Order, wanted: OrderState | None = None) -> Order:
    """The order as it is now, locked to the end of the transaction; only one that is open, and
    of which `wanted` is the next step."""
    found = Order.objects.select_for_update(of=("self",)).select_related(
        "licence__organisation", "organisation__tam", "ordered_by", "subscription"
    )
    order = found.get(pk=order.pk)
    if not order.is_open:
        raise AlreadySettled(number=order.number, state=_words(order))
    if wanted is not None:
        stands = _STEPS.index(OrderState(order.state))
        if stands >= _STEPS.index(wanted):
            raise OrderUnderWay(number=order.number, state=_words(order))
        if stands < _STEPS.index(wanted) - 1:
            needed = _NEEDED[_STEPS[stands + 1]]
            raise OrderStepTooEarly(number=order.number, state=_words(order), needed=needed)
    return order


def _words(order: Order) -> str:
    if order.state == OrderState.INVOICED:
        return "invoiced"
    return str(OrderState(order.state).label).lower()


def _move(order: Order, state: OrderState) -> None:
    order.state = state
    order.save()


def _finish(
    order: Order, state: OrderState, *, by: Person, at: datetime, tell: bool = True
) -> Order:
    order.settled_by, order.settled_at = by, at
    _move(order, state)
    if tell:
        record("order.delivered", order, at=at, by=by, rule="OR1", what=order.title)
        notify_orderer(order, "order_paid", at=at)
    return order


def notify_staff(order: Order, template: str, *, at: datetime) -> None:
    """The managers, who settle orders, and the organisation's TAM."""
    people = list(Person.objects.active().filter(role=Role.MANAGER))
    tam = order.organisation.tam
    url = f"{settings.SITE_URL}/admin/orders/{order.number}/"
    _notify([*people, *([tam] if tam else [])], order, template, at, url=url)


def notify_orderer(order: Order, template: str, *, at: datetime) -> None:
    url = f"{settings.SITE_URL}/orders/{order.number}/"
    _notify([order.ordered_by], order, template, at, url=url)


def _notify(people: list[Person], order: Order, template: str, at: datetime, **facts: Any) -> None:
    vat = f" + {order.vat} VAT" if order.vat else ""
    notify(
        people,
        template,
        key=f"{template}:{order.pk}",
        at=at,
        about=order,
        number=order.number,
        what=order.title,
        licence=order.licence.key,
        organisation=order.organisation.name,
        price=f"{order.price}{vat} {order.currency}",
        reference=order.purchase_reference,
        person=order.ordered_by.name,
        reason=order.reason,
        **facts,
    )
