"""Licences, subscriptions and packs as they are brought in, by the actions that sell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Person
from entitlements.actions.changes import take_back
from entitlements.actions.licences import (
    PRODUCT,
    as_printed,
    register_licence,
    set_price,
    take_back_licence,
)
from entitlements.actions.packs import adjust, buy_pack, take_back_pack
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import SUBSCRIBED_LEVELS, Edition, Level
from entitlements.errors import LevelNotSold
from entitlements.models import IncidentPack, Licence, Subscription
from entitlements.reads.holdings import local_day
from office.actions.imports import finding
from office.actions.imports.lines import Brought, Cells
from office.enums import Outcome
from office.errors import (
    CellUnreadable,
    ChangedSince,
    DayToCome,
    DiffersFromHere,
    MoreLeftThanBought,
)
from office.models import Reference

PACKS = "packs"


class Licences:
    def key(self, cells: Cells) -> str:
        return as_printed(cells.text("key"))

    def bring(self, cells: Cells, *, by: Person, at: datetime) -> Brought:
        """A key that counts elsewhere is answered as one that does not exist (K1)."""
        key, price = as_printed(cells.text("key")), cells.amount("price")
        organisation = finding.organisation_of(cells.text("organisation"))
        edition, registered_on = _edition(cells), cells.day("registered_on")
        assert registered_on is not None, "it is needed"
        if registered_on > local_day(at, organisation.timezone):
            raise DayToCome(field=cells.label("registered_on"), day=registered_on)
        held = Licence.objects.counting().filter(organisation=organisation, key=key).first()
        if held is None:
            made = register_licence(
                organisation,
                key=key,
                edition=edition,
                registered_on=registered_on,
                product=cells.text("product") or PRODUCT,
                price=price or Decimal(0),
                currency=(cells.text("currency") or "EUR").upper(),
                at=at,
                by=by,
            )
            return Brought(Outcome.NEW, made, f"{key}, {organisation.name}")
        if held.edition != edition:
            here = held.get_edition_display()
            raise DiffersFromHere(what=key, here=here, given=Edition(edition).label)
        if price is None or price == held.price:
            return Brought(Outcome.SAME, held, f"{key} is here already")
        before = held.price
        set_price(held, price=price, at=at, by=by)
        said = f"{key}: price {price} instead of {before}"
        return Brought(Outcome.CHANGED, held, said, {"price": str(before)}, {"price": str(price)})

    def take_back(self, pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
        """Errors: `ChangedSince`, `LicenceInUse`, `LicenceTransferred`."""
        held = Licence.objects.select_related("organisation").filter(pk=pk).first()
        if held is None:
            return
        if not change:
            take_back_licence(held, by=by, at=at)
            return
        if held.price != Decimal(change["after"]["price"]):
            raise ChangedSince()
        set_price(held, price=Decimal(change["before"]["price"]), at=at, by=by)


class Subscriptions:
    def key(self, cells: Cells) -> str:
        return f"{as_printed(cells.text('licence'))} {_level(cells)} {cells.day('starts_on')}"

    def bring(self, cells: Cells, *, by: Person, at: datetime) -> Brought:
        licence, level = finding.licence_of(cells.text("licence")), _level(cells)
        starts_on, last_on = cells.day("starts_on"), cells.day("last_on")
        assert starts_on is not None, "it is needed"
        ends_on = last_on + timedelta(days=1) if last_on else None
        held = licence.subscriptions.standing().filter(level=level, starts_on=starts_on).first()
        said = f"{Level(level).label} from {starts_on}, {licence.key}"
        if held is not None:
            if ends_on and held.ends_on != ends_on:
                here = f"{held.ends_on - timedelta(days=1)} as its last day"
                raise DiffersFromHere(what=said, here=here, given=last_on)
            return Brought(Outcome.SAME, held, f"{said}, is here already")
        made = subscribe(
            licence,
            level=level,
            starts_on=starts_on,
            ends_on=ends_on,
            price=cells.amount("price"),
            at=at,
            by=by,
        )
        return Brought(Outcome.NEW, made, said)

    def take_back(self, pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
        """Errors: `SubscriptionInUse`, `SubscriptionVoid`."""
        held = Subscription.objects.select_related("licence").filter(pk=pk).first()
        if held is not None:
            take_back(held, by=by, at=at)


class Packs:
    def key(self, cells: Cells) -> str:
        same = f"{as_printed(cells.text('licence'))} {cells.whole('quantity')}"
        return cells.text("reference") or f"{same} {cells.day('purchased_on')}"

    def bring(self, cells: Cells, *, by: Person, at: datetime) -> Brought:
        licence = finding.licence_of(cells.text("licence"))
        quantity, left = cells.whole("quantity") or 0, cells.whole("left")
        purchased_on = cells.day("purchased_on")
        assert purchased_on is not None, "it is needed"
        zone = licence.organisation.timezone
        if purchased_on > local_day(at, zone):
            raise DayToCome(field=cells.label("purchased_on"), day=purchased_on)
        if left is not None and left > quantity:
            raise MoreLeftThanBought(left=left, quantity=quantity)
        reference = cells.text("reference")
        held = _pack(reference, licence, quantity, purchased_on)
        said = f"{quantity} Gold incidents, {licence.key}"
        if held is not None:
            finding.refer(PACKS, reference, held)
            return Brought(Outcome.SAME, held, f"{said}, are here already")
        made = buy_pack(
            licence,
            quantity=quantity,
            price=cells.amount("price"),
            purchased_at=min(at, _noon(purchased_on, zone)),
            at=at,
            by=by,
        )
        if left is not None and left < quantity:
            reason = "Spent before it was brought in here"
            adjust(made, quantity=left - quantity, reason=reason, by=by, at=at)
        finding.refer(PACKS, reference, made)
        return Brought(Outcome.NEW, made, said)

    def take_back(self, pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
        """The pack stays in the ledger with nothing in it (L1). Error: `PackInUse`."""
        held = IncidentPack.objects.filter(pk=pk).first()
        if held is not None:
            take_back_pack(held, by=by, at=at)


def _edition(cells: Cells) -> str:
    given = cells.text("edition").casefold()
    for one in Edition:
        if given in (one.value, one.label.casefold(), one.label.casefold().split()[0]):
            return one.value
    why = f"“{given}” is no edition. Write one of: {', '.join(Edition.values)}."
    raise CellUnreadable(field=cells.label("edition"), why=why)


def _level(cells: Cells) -> str:
    given = cells.text("level").casefold()
    for one in SUBSCRIBED_LEVELS:
        if given in (one.value, one.label.casefold()):
            return one.value
    choices = ", ".join(one.label for one in SUBSCRIBED_LEVELS)
    raise LevelNotSold(level=cells.text("level"), choices=choices)


def _noon(day: date, zone: str) -> datetime:
    """A day without an hour: noon, so that it is that day wherever somebody reads it."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))


def _pack(reference: str, licence: Licence, quantity: int, day: date) -> IncidentPack | None:
    """The pack that the line means, where it is here already."""
    known: Reference | None = finding.referred(PACKS, reference)
    if known is not None:
        return IncidentPack.objects.filter(pk=known.key).first()
    zone = licence.organisation.timezone
    alike = licence.incident_packs.filter(quantity=quantity)
    same_day = (one for one in alike if local_day(one.purchased_at, zone) == day)
    return None if reference else next(same_day, None)
