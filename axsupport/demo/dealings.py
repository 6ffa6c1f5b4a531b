"""What the demo's customers order, sign and hand on in the half year, by real actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Person
from axsupport.demo.setting import Customer, admin_of
from entitlements.actions.claims import confirm, register_own
from entitlements.actions.licences import register_licence
from entitlements.actions.order_steps import cancel_order
from entitlements.actions.orders import place_order
from entitlements.actions.technical_contracts import sign
from entitlements.actions.transfers import transfer
from entitlements.enums import Edition, OrderKind
from entitlements.reads.holdings import local_day

Plan = Callable[[datetime, Callable[[datetime], None]], None]


def plan_dealings(
    plan: Plan, ends: datetime, customers: list[Customer], everybody: list[Customer], by: Person
) -> None:
    """Put on the time line what `customers` do; `everybody` is whom they may deal with."""
    theirs = {one.company.slug: one for one in customers}
    known = {one.company.slug: one for one in everybody}

    def at(days: float) -> datetime:
        return ends - timedelta(days=days)

    if northwind := theirs.get("northwind"):
        plan(at(150), lambda at: _sign(northwind, by, at))
    if fabrikam := theirs.get("fabrikam"):
        plan(at(20), lambda at: _change_mind(fabrikam, by, at))
        plan(at(6), lambda at: _register(fabrikam, "AXG-E-3020-0099", at, confirmed_by=by))
    if wingtip := theirs.get("wingtip"):
        plan(at(0.4), lambda at: _register(wingtip, "AXG-O-7007-3140", at, Edition.OFFICE))
    if tailspin := theirs.get("tailspin"):
        plan(at(170), lambda at: _hand_on(tailspin, known["wingtip"], by, at))


def _sign(customer: Customer, by: Person, at: datetime) -> None:
    first = local_day(at, customer.organisation.timezone)
    sign(
        customer.organisation,
        reference="TC-2026-014",
        subject="Two visits to the data centre in Cluj, and help at its yearly failover",
        starts_on=first,
        ends_on=first + timedelta(days=365),
        days=6,
        at=at,
        by=by,
    )


def _change_mind(customer: Customer, by: Person, at: datetime) -> None:
    order = place_order(
        customer.licences[0],
        kind=OrderKind.SUBSCRIPTION,
        level="premium",
        by=admin_of(customer),
        at=at,
    )
    reason = "You wrote that you decide on it next year."
    cancel_order(order, by=by, at=at + timedelta(days=3), reason=reason)


def _register(
    customer: Customer,
    key: str,
    at: datetime,
    edition: Edition = Edition.EVALUATION,
    *,
    confirmed_by: Person | None = None,
) -> None:
    """A customer's own registration; without somebody who confirmed it, it waits for that."""
    claim = register_own(
        customer.organisation, key=key, edition=edition, at=at, by=admin_of(customer)
    )
    if confirmed_by is not None:
        confirm(claim, at=at + timedelta(minutes=20), by=confirmed_by)


def _hand_on(giver: Customer, taker: Customer, by: Person, at: datetime) -> None:
    licence = register_licence(
        giver.organisation,
        key="AXG-O-7007-3132",
        edition=Edition.OFFICE,
        registered_on=local_day(at, giver.organisation.timezone),
        price=Decimal(1100),
        at=at,
        by=by,
    )
    later = at + timedelta(days=110)
    reason = "The analysts became a company of their own, and took their mail server along."
    transfer(licence, to=taker.organisation, at=later, by=by, reason=reason)
