"""The lines that the bookkeeping gets of a month (OR3): each invoice, and each one taken back.

The lines and sums of a month that is over never change: what is cancelled later is a line of its
own, with the sums below zero, in the month of the cancellation. `state`, `paid_on` and the name of
the organisation are those of the day on which the file is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Person
from core.countries import countries
from entitlements.enums import OrderState
from entitlements.models import Order
from entitlements.reads.current import selling_terms
from entitlements.rules.terms import midnight

# Their order stays: what reads the file counts on it. New ones come at the end.
COLUMNS = (
    "kind",
    "day",
    "order",
    "invoice",
    "organisation",
    "bill_to",
    "street",
    "postal_code",
    "city",
    "country",
    "vat_number",
    "purchase_reference",
    "licence",
    "what",
    "net",
    "vat_rule",
    "vat_percent",
    "vat",
    "total",
    "currency",
    "state",
    "paid_on",
)


@dataclass(frozen=True)
class Month:
    """A month by the clock of the seller's country, from its first moment to the next one's."""

    first_on: date
    zone: str

    @property
    def next_on(self) -> date:
        year, month = divmod(self.first_on.year * 12 + self.first_on.month, 12)
        return date(year, month + 1, 1)

    @property
    def key(self) -> str:
        return f"{self.first_on:%Y-%m}"

    @property
    def span(self) -> tuple[datetime, datetime]:
        return midnight(self.first_on, self.zone), midnight(self.next_on, self.zone)


def seller_zone() -> str:
    """The IANA zone of the vendor's country (its capital's)."""
    return countries()[selling_terms().country].zones[0]


def month_of(key: str, *, at: datetime) -> Month | None:
    """ "2026-03"; without one the month before the one of `at`. None for what is no month."""
    zone = seller_zone()
    if not key:
        today = at.astimezone(ZoneInfo(zone)).date()
        year, month = divmod(today.year * 12 + today.month - 2, 12)
        return Month(date(year, month + 1, 1), zone)
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError:
        return None
    return Month(first, zone) if 2000 <= first.year <= 2999 else None


def lines_of(person: Person, month: Month) -> Iterator[tuple[Any, ...]]:
    """In the order of their moments, invoices before what was taken back; as `COLUMNS`."""
    start, end = month.span
    zone = ZoneInfo(month.zone)
    found = Order.objects.visible_to(person).filter(invoiced_at__isnull=False)
    invoiced = found.filter(invoiced_at__gte=start, invoiced_at__lt=end)
    for order in _read(invoiced.order_by("invoiced_at", "pk")):
        assert order.invoiced_at is not None
        yield _line("invoice", order, order.invoiced_at.astimezone(zone).date(), 1, zone)
    taken_back = found.filter(
        Q(state=OrderState.CANCELLED), settled_at__gte=start, settled_at__lt=end
    )
    for order in _read(taken_back.order_by("settled_at", "pk")):
        assert order.settled_at is not None
        yield _line("credit", order, order.settled_at.astimezone(zone).date(), -1, zone)


def _read(orders: QuerySet[Order]) -> Iterator[Order]:
    return orders.select_related("organisation", "licence").iterator(chunk_size=500)


def _line(kind: str, order: Order, on: date, sign: int, zone: ZoneInfo) -> tuple[Any, ...]:
    to = order.billing
    paid_on = order.paid_at.astimezone(zone).date() if order.paid_at else ""
    return (
        kind,
        on,
        order.number,
        order.invoice_number,
        order.organisation.name,
        *(to.get(name, "") for name in ("name", "street", "postal_code", "city")),
        to.get("country", "") or order.organisation.country,
        to.get("vat_number", ""),
        order.purchase_reference,
        order.licence.key,
        order.title,
        _signed(order.price, sign),
        order.vat_rule,
        order.vat_percent,
        _signed(order.vat, sign),
        _signed(order.total, sign),
        order.currency,
        order.state,
        paid_on,
    )


def _signed(amount: Decimal, sign: int) -> Decimal:
    return amount * sign
