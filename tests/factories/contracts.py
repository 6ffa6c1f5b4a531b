"""What was promised and sold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from entitlements.enums import Account, Channel, Edition, EntryKind, Level, OrderKind, RenewalState
from entitlements.models import (
    Billing,
    CalendarVersion,
    CoverageDecision,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Order,
    RenewalProposal,
    Service,
    Subscription,
    TechnicalContract,
)
from tests.factories.base import NINE, days, hours, numbers
from tests.factories.people import make_contact, make_organisation

# What each level answers within (the catalogue).
_HOURS = {Level.GOLIVE: 3, Level.GOLD: 3, Level.PREMIUM: 6, Level.FIRST: 24, Level.BASIC: 24}
_NO_PHONE = (Level.FIRST, Level.BASIC)


def make_service(key: str = "troubleshooting", **fields: Any) -> Service:
    """The service of that key, made if the catalogue does not have it yet."""
    return Service.objects.get_or_create(key=key, defaults={"name": key.title()} | fields)[0]


def make_calendar(**fields: Any) -> CalendarVersion:
    """Monday to Friday 08:00 to 17:00 in Berlin."""
    defaults = {
        "calendar": f"calendar-{next(numbers)}",
        "version": 1,
        "name": "Working hours",
        "timezone": "Europe/Berlin",
        "hours": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "made_at": NINE,
    }
    return CalendarVersion.objects.create(**defaults | fields)


def make_round_the_clock() -> CalendarVersion:
    every_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found = CalendarVersion.objects.filter(calendar="factory-always").first()
    return found or make_calendar(
        calendar="factory-always",
        name="Round the clock",
        hours={day: [["00:00", "24:00"]] for day in every_day},
    )


def make_level(level: str = Level.PREMIUM, **fields: Any) -> LevelVersion:
    """The newest version of the level; one that differs, or the first one, is made."""
    newest = LevelVersion.objects.filter(level=level).order_by("-version").first()
    if newest is not None and not fields:
        return newest
    channels = [
        one for one in Channel.values if level not in _NO_PHONE or one in ("portal", "email")
    ]
    defaults = {
        "version": newest.version + 1 if newest else 1,
        "response_time": hours(_HOURS.get(Level(level), 3)),
        "calendar": fields.pop("calendar", None) or make_round_the_clock(),
        "channels": channels,
        "services": ["installation", "migration", "configuration", "troubleshooting"],
        "round_the_clock": level not in _NO_PHONE,
        "made_at": NINE,
    }
    return LevelVersion.objects.create(level=level, **defaults | fields)


def make_licence(organisation: Organisation | None = None, **fields: Any) -> Licence:
    """Registered three years ago, so that Basic is over; 1,000 EUR."""
    defaults = {
        "key": f"AXI-{next(numbers):06d}",
        "edition": Edition.BUSINESS,
        "registered_on": date(2023, 3, 1),
        "price": Decimal(1000),
        "made_at": NINE,
    }
    return Licence.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_claim(organisation: Organisation | None = None, **fields: Any) -> Licence:
    """A licence that a contact registered at nine, and nobody confirmed yet."""
    organisation = organisation or make_organisation()
    by = fields.pop("claimed_by", None) or make_contact(organisation)
    return make_licence(organisation, **{"claimed_at": NINE, "claimed_by": by} | fields)


def make_subscription(licence: Licence | None = None, **fields: Any) -> Subscription:
    """Premium for a year, since two months."""
    licence = licence or make_licence()
    defaults = {
        "level": Level.PREMIUM,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 1, 1),
        "price": Decimal(350),
        "bought_at": NINE - days(60),
    }
    return Subscription.objects.create(
        licence=licence, organisation=licence.organisation, **defaults | fields
    )


def make_project(organisation: Organisation | None = None, **fields: Any) -> GoLiveProject:
    defaults = {
        "name": f"Project {next(numbers)}",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 5, 1),
        "made_at": NINE,
    }
    return GoLiveProject.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_pack(licence: Licence | None = None, **fields: Any) -> IncidentPack:
    """Five Gold incidents bought a month ago, with the ledger entry of the purchase."""
    licence = licence or make_licence()
    quantity = fields.pop("quantity", 5)
    defaults = {"available": quantity, "purchased_at": NINE - days(30), "price": Decimal(500)}
    pack = IncidentPack.objects.create(
        licence=licence,
        organisation=licence.organisation,
        quantity=quantity,
        **defaults | fields,
    )
    make_ledger_entry(pack, quantity=quantity, balance=quantity, at=pack.purchased_at)
    return pack


def make_ledger_entry(pack: IncidentPack | None = None, **fields: Any) -> LedgerEntry:
    pack = pack or make_pack()
    defaults = {
        "kind": EntryKind.PURCHASE,
        "debit": Account.ISSUED,
        "credit": Account.AVAILABLE,
        "quantity": 1,
        "balance": 1,
        "at": NINE,
    }
    return LedgerEntry.objects.create(
        pack=pack, organisation_id=pack.organisation_id, **defaults | fields
    )


def make_decision(organisation: Organisation | None = None, **fields: Any) -> CoverageDecision:
    """Covered by Premium; `level=None` makes it "not covered"."""
    if "level" not in fields:
        fields["level"] = make_level()
    defaults = {"service": "troubleshooting", "channel": Channel.PORTAL, "at": NINE}
    return CoverageDecision.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_technical_contract(
    organisation: Organisation | None = None, **fields: Any
) -> TechnicalContract:
    """On-site support for a year that began in January."""
    defaults = {
        "reference": f"TC-{next(numbers)}",
        "subject": "Visits to the data centre",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 1, 1),
        "made_at": NINE,
    }
    return TechnicalContract.objects.create(
        organisation=organisation or make_organisation(), **defaults | fields
    )


def make_renewal(subscription: Subscription | None = None, **fields: Any) -> RenewalProposal:
    """Sent at nine: Premium of 2027 after the one of 2026, 350 EUR."""
    ending = subscription or make_subscription()
    defaults = {
        "number": f"AR-2026-{next(numbers):06d}",
        "level": ending.level,
        "starts_on": ending.ends_on,
        "ends_on": ending.ends_on + days(365),
        "price": Decimal(350),
        "state": RenewalState.SENT,
        "made_at": NINE,
        "sent_at": NINE,
    }
    return RenewalProposal.objects.create(
        subscription=ending,
        licence=ending.licence,
        organisation=ending.organisation,
        **defaults | fields,
    )


def make_billing(organisation: Organisation | None = None, **fields: Any) -> Billing:
    """A company in Romania, the seller's country as delivered: VAT of 21 %."""
    organisation = organisation or make_organisation()
    defaults = {
        "name": f"{organisation.name} SRL",
        "street": "Str. Lungă 5",
        "postal_code": "010101",
        "city": "București",
        "country": "RO",
        "changed_at": NINE,
        "changed_by": fields.pop("changed_by", None) or make_contact(organisation),
    }
    return Billing.objects.create(organisation=organisation, **defaults | fields)


def make_order(licence: Licence | None = None, **fields: Any) -> Order:
    """An open order of a pack of five, by a contact of the licence's organisation."""
    licence = licence or make_licence()
    defaults = {
        "number": f"AO-2026-{next(numbers):06d}",
        "kind": OrderKind.PACK,
        "quantity": 5,
        "price": Decimal(500),
        "ordered_at": NINE,
        "ordered_by": fields.pop("ordered_by", None) or make_contact(licence.organisation),
    }
    return Order.objects.create(
        licence=licence, organisation=licence.organisation, **defaults | fields
    )
