"""Orders: what a customer asks for in the portal, and what becomes of it.

There is no payment gateway. An order keeps the price that it had; staff mark it paid, which makes
the pack or the subscription at that price, or somebody cancels it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.actions import packs, subscriptions
from entitlements.actions.licences import check_confirmed
from entitlements.enums import SUBSCRIBED_LEVELS, Level, OrderKind, OrderState
from entitlements.errors import (
    AlreadySettled,
    LevelNotSold,
    LicenceTransferred,
    OrderedAlready,
    OrderSentBefore,
    WhyCancelledMissing,
)
from entitlements.models import Licence, Order
from entitlements.reads.current import current_level
from entitlements.reads.holdings import local_day
from entitlements.rules.terms import paid_term
from notices.outbox import notify


@transaction.atomic
def place_order(
    licence: Licence,
    *,
    kind: str,
    quantity: int | None = None,
    level: str | None = None,
    by: Person,
    at: datetime,
    purchase_reference: str = "",
    form_key: str = "",
) -> Order:
    """Order a pack of `quantity` Gold incidents, or a year of `level`, at the price of `at`.

    A pack is ordered while Premium runs (rule 4); a year begins where the one that is held ends,
    without a gap, else today, in the organisation's time zone. The caller has checked
    `policies.may_order`. Managers and the TAM are notified.

    Safe to repeat with the same `form_key` of the same person: it gives the same order. Errors:
    `PremiumNeeded`, `PackNotSold`, `LevelNotSold`, `LicenceTransferred`, `LicenceNotConfirmed`,
    `OrderedAlready`, `OrderSentBefore`, and what `subscriptions.price_of` refuses.
    """
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # a double click waits here
    asked = {
        "licence": licence,
        "kind": OrderKind(kind),
        "quantity": quantity,
        "level": level or "",
    }
    before = _sent_before(by, form_key, asked)
    if before is not None:
        return before
    _check_held(licence)
    check_confirmed(licence)
    priced = _pack(licence, quantity, at) if kind == OrderKind.PACK else _year(licence, level, at)
    order = Order.objects.create(
        number=_next_number(at),
        organisation_id=licence.organisation_id,
        currency=licence.currency,
        purchase_reference=clean(purchase_reference)[:80],
        ordered_at=at,
        ordered_by=by,
        form_key=form_key,
        **asked,
        **priced,
    )
    facts: dict[str, Any] = {"licence": licence.key, "what": order.title, "price": order.price}
    record("order.placed", order, at=at, by=by, **facts)
    _notify_staff(order, "order_placed", at=at)
    return order


@transaction.atomic
def mark_paid(order: Order, *, by: Person, at: datetime) -> Order:
    """Deliver what was ordered, at the order's price, once, whatever runs at once.

    A renewal begins on the day that was ordered, also when the payment came late, so that it
    leaves no gap (L6); another subscription does not begin before the payment. The caller has
    checked `policies.may_manage_contracts`. Errors: `AlreadySettled`, and those of
    `packs.buy_pack` and `subscriptions.subscribe`; then the order stays open.
    """
    order = _locked(order)
    _check_held(order.licence)
    if order.kind == OrderKind.PACK:
        assert order.quantity is not None, "order_names_its_thing"
        order.pack = packs.buy_pack(
            order.licence, quantity=order.quantity, at=at, by=by, price=order.price
        )
    else:
        order.subscription = subscriptions.subscribe(
            order.licence,
            level=order.level,
            starts_on=_begins_on(order, at),
            at=at,
            by=by,
            price=order.price,
        )
    _settle(order, OrderState.PAID, by=by, at=at)
    record("order.paid", order, at=at, by=by, price=order.price)
    _notify_orderer(order, "order_paid", at=at)
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: Person, at: datetime, reason: str) -> Order:
    """Close an open order without delivering it; the orderer and the staff are told why.

    The caller has checked `policies.may_cancel_order`. Errors: `AlreadySettled`,
    `WhyCancelledMissing`.
    """
    reason = clean(reason)[:300]
    if not reason:
        raise WhyCancelledMissing()
    order = _locked(order)
    order.reason = reason
    _settle(order, OrderState.CANCELLED, by=by, at=at)
    record("order.cancelled", order, at=at, by=by, reason=reason)
    if by.is_customer:
        _notify_staff(order, "order_cancelled", at=at)
    if by != order.ordered_by:
        _notify_orderer(order, "order_cancelled", at=at)
    return order


def starts_on_of(licence: Licence, *, level: str, at: datetime) -> date:
    """Where a year of `level` that is ordered at `at` begins: without a gap, else today."""
    today = local_day(at, licence.organisation.timezone)
    free_on = subscriptions.renewal_starts_on(licence, level=level)
    return max(free_on, today) if free_on else today


def price_of_year(licence: Licence, *, level: str, starts_on: date) -> Decimal:
    """What a year of `level` from `starts_on` costs by the catalogue of now."""
    term = paid_term(starts_on, licence.organisation.timezone)
    return subscriptions.price_of(
        licence, current_level(level), starts_on=term.starts_on, ends_on=term.ends_on
    )


def check_none_waits(licence: Licence, *, level: str) -> None:
    """`OrderedAlready` while an order of `level` for `licence` waits to be paid."""
    waiting = licence.orders.open().filter(level=level).first()
    if waiting is not None:
        raise OrderedAlready(number=waiting.number, level=Level(level).label)


def _check_held(licence: Licence) -> None:
    if licence.transferred_at is not None:
        gone_on = local_day(licence.transferred_at, licence.organisation.timezone)
        raise LicenceTransferred(key=licence.key, day=gone_on)


def _sent_before(by: Person, form_key: str, asked: dict[str, Any]) -> Order | None:
    before = Order.objects.filter(ordered_by=by, form_key=form_key).first() if form_key else None
    if before is None:
        return None
    if any(getattr(before, name) != value for name, value in asked.items()):
        raise OrderSentBefore(number=before.number)
    return before


def _pack(licence: Licence, quantity: int | None, at: datetime) -> dict[str, Any]:
    packs.check_premium(licence, at=at)
    return {"price": packs.price_of_pack(quantity or 0)}


def _year(licence: Licence, level: str | None, at: datetime) -> dict[str, Any]:
    if level not in SUBSCRIBED_LEVELS:
        choices = ", ".join(one.label for one in SUBSCRIBED_LEVELS)
        raise LevelNotSold(
            level=dict(Level.choices).get(level or "", "This level"), choices=choices
        )
    check_none_waits(licence, level=level)
    starts_on = starts_on_of(licence, level=level, at=at)
    price = price_of_year(licence, level=level, starts_on=starts_on)
    return {"starts_on": starts_on, "price": price}


def _begins_on(order: Order, at: datetime) -> date:
    """The day that was ordered where it continues what is held, else the payment's at least."""
    assert order.starts_on is not None, "order_names_its_thing"
    held_until = subscriptions.renewal_starts_on(order.licence, level=order.level)
    if held_until == order.starts_on:
        return order.starts_on
    return max(order.starts_on, local_day(at, order.licence.organisation.timezone))


def _locked(order: Order) -> Order:
    """The order as it is now, locked to the end of the transaction; only an open one."""
    found = Order.objects.select_for_update(of=("self",)).select_related(
        "licence__organisation", "organisation__tam", "ordered_by"
    )
    order = found.get(pk=order.pk)
    if order.state != OrderState.OPEN:
        raise AlreadySettled(number=order.number, state=order.get_state_display().lower())
    return order


def _settle(order: Order, state: OrderState, *, by: Person, at: datetime) -> None:
    order.state, order.settled_by, order.settled_at = state, by, at
    order.save(
        update_fields=["state", "settled_by", "settled_at", "reason", "pack", "subscription"]
    )


def _next_number(at: datetime) -> str:
    """AO-YYYY-NNNNNN from a sequence: never given twice; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number')")
        return f"AO-{at:%Y}-{cursor.fetchone()[0]:06d}"


def _notify_staff(order: Order, template: str, *, at: datetime) -> None:
    """The managers, who settle orders, and the organisation's TAM."""
    people = list(Person.objects.active().filter(role=Role.MANAGER))
    tam = order.organisation.tam
    _notify([*people, *([tam] if tam else [])], order, template, at)


def _notify_orderer(order: Order, template: str, *, at: datetime) -> None:
    url = f"{settings.SITE_URL}/orders/{order.number}/"
    _notify([order.ordered_by], order, template, at, url=url)


def _notify(people: list[Person], order: Order, template: str, at: datetime, **facts: Any) -> None:
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
        price=f"{order.price} {order.currency}",
        reference=order.purchase_reference,
        person=order.ordered_by.name,
        reason=order.reason,
        **facts,
    )
