"""What the tests of Gold incidents share: a pack, what was spent of it, its history."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from entitlements.actions import packs
from entitlements.models import IncidentPack, LedgerEntry, Licence
from tests.factories import (
    NINE,
    days,
    make_incident,
    make_licence,
    make_organisation,
    make_subscription,
)
from tickets.models import Incident


def premium_licence(**term: Any) -> Licence:
    licence = make_licence(make_organisation(timezone="Europe/Berlin"))
    make_subscription(licence, **term)
    return licence


def a_pack(quantity: int = 5, licence: Licence | None = None) -> IncidentPack:
    bought_at = NINE - days(1)
    price = Decimal(100)
    licence = licence or premium_licence()
    return packs.buy_pack(licence, quantity=quantity, at=bought_at, by=None, price=price)


def spend_on(pack: IncidentPack, at: datetime = NINE) -> Incident:
    incident = make_incident(organisation=pack.organisation)
    assert packs.spend(pack, at=at)
    packs.record_consume(pack, incident=incident, at=at, by=incident.reporter)
    return incident


def left_in(pack: IncidentPack) -> int:
    return IncidentPack.objects.get(pk=pack.pk).available


def history(pack: IncidentPack) -> list[tuple[str, int, int]]:
    entries = LedgerEntry.objects.filter(pack=pack).order_by("pk")
    return [(one.kind, one.change, one.balance) for one in entries]
