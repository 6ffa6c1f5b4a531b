"""Orders: what a customer asks for in the portal, at the price and with the VAT of that moment.

What becomes of it afterwards is `order_steps`'.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.actions import order_steps, packs, subscriptions
from entitlements.actions.licences import check_confirmed, lock_held
from entitlements.enums import SUBSCRIBED_LEVELS, Level, OrderKind
from entitlements.errors import LevelNotSold, OrderedAlready, OrderSentBefore
from entitlements.models import Licence, Order
from entitlements.reads.current import current_level
from entitlements.reads.holdings import local_day
from entitlements.rules.terms import paid_term


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
    without a gap, else today, in the organisation's time zone. What costs nothing, since the
    catalogue gives the first year, is delivered at once (OR1). The caller has checked
    `policies.may_order`. Managers and the TAM are notified.

    Safe to repeat with the same `form_key` of the same person: it gives the same order. Errors:
    `PremiumNeeded`, `PackNotSold`, `LevelNotSold`, `LicenceTransferred`, `LicenceNotConfirmed`,
    `OrderedAlready`, `OrderSentBefore`, `BillingMissing`, and what `subscriptions.price_of`
    refuses.
    """
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # a double click waits here
    asked: dict[str, Any] = {
        "licence": licence,
        "kind": OrderKind(kind),
        "quantity": quantity,
        "level": level or "",
    }
    before = _sent_before(by, form_key, asked)
    if before is not None:
        return before
    # One sale a licence at a time: else two people at once both see that no order waits.
    check_confirmed(lock_held(licence))
    priced = _pack(licence, quantity, at) if kind == OrderKind.PACK else _year(licence, level, at)
    order = enter(
        licence,
        by=by,
        at=at,
        purchase_reference=clean(purchase_reference)[:80],
        form_key=form_key,
        **{name: value for name, value in asked.items() if name != "licence"},
        **priced,
    )
    if order.is_free and _is_given(order):
        return order_steps.deliver_free(order, by=by, at=at)
    order_steps.notify_staff(order, "order_placed", at=at)
    return order


def enter(licence: Licence, *, price: Decimal, by: Person, at: datetime, **facts: Any) -> Order:
    """The row of an order, with billing address and VAT as they are now (OR2), and its entry in
    the journal. Error: `BillingMissing` where something has to be invoiced."""
    order = Order(
        number=_next_number(at),
        organisation_id=licence.organisation_id,
        licence=licence,
        price=price,
        currency=licence.currency,
        ordered_at=at,
        ordered_by=by,
        **facts,
    )
    if price:
        order_steps.put_vat(order)
    order.save()
    said: dict[str, Any] = {"licence": licence.key, "what": order.title, "price": order.price}
    record("order.placed", order, at=at, by=by, rule="OR1", **said)
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


def _is_given(order: Order) -> bool:
    """Whether it costs nothing since the catalogue gives a first year, not by a mistake there."""
    return order.kind == OrderKind.SUBSCRIPTION and current_level(order.level).first_year_free


def _next_number(at: datetime) -> str:
    """AO-YYYY-NNNNNN from a sequence: never given twice; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number')")
        return f"AO-{at:%Y}-{cursor.fetchone()[0]:06d}"
