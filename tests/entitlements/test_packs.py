"""Buying, spending, giving back and correcting Gold incidents (L1 to L5)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import JournalEntry
from entitlements.actions import packs
from entitlements.actions.coverage import decide
from entitlements.enums import Account, EntryKind, RefundReason
from entitlements.errors import (
    AlreadyRefunded,
    NegativePrice,
    NothingSpent,
    NothingToAdjust,
    PackNotSold,
    PackTooSmall,
    PremiumNeeded,
    ReasonMissing,
)
from entitlements.models import IncidentPack, LedgerEntry
from entitlements.reads.current import working_calendar
from tests.entitlements.gold import a_pack, history, left_in, premium_licence, spend_on
from tests.factories import NINE, days, make_engineer, make_incident, make_manager

pytestmark = pytest.mark.django_db


def test_buying_adds_incidents_at_the_catalogues_price_and_enters_the_purchase():
    manager = make_manager()

    pack = packs.buy_pack(premium_licence(), quantity=10, at=NINE, by=manager)

    assert (pack.quantity, pack.available, pack.price) == (10, 10, Decimal("1400.00"))
    entry = LedgerEntry.objects.get(pack=pack)
    assert (entry.debit, entry.credit, entry.balance) == (Account.ISSUED, Account.AVAILABLE, 10)
    assert JournalEntry.objects.get(kind="pack.bought").by == manager


def test_a_pack_is_sold_only_while_premium_runs():
    licence = premium_licence(ends_on=date(2026, 3, 2))

    with pytest.raises(PremiumNeeded, match="no Premium on 2026-03-02"):
        packs.buy_pack(licence, quantity=5, at=NINE, by=None)

    assert not IncidentPack.objects.exists()


def test_a_size_without_a_price_needs_one():
    licence = premium_licence()

    with pytest.raises(PackNotSold, match="Choose 5, 10, 25 incidents"):
        packs.buy_pack(licence, quantity=3, at=NINE, by=None)
    with pytest.raises(PackNotSold):
        packs.buy_pack(licence, quantity=0, at=NINE, by=None, price=Decimal(1))
    with pytest.raises(NegativePrice):
        packs.buy_pack(licence, quantity=3, at=NINE, by=None, price=Decimal(-1))

    assert packs.buy_pack(licence, quantity=3, at=NINE, by=None, price=Decimal(0)).available == 3


def test_an_incident_spends_one_and_leaves_its_trace():
    pack = a_pack(2)

    incident = spend_on(pack)

    assert left_in(pack) == 1
    assert history(pack) == [("purchase", 2, 2), ("consume", -1, 1)]
    assert LedgerEntry.objects.get(kind=EntryKind.CONSUME).by == incident.reporter


def test_an_empty_pack_gives_nothing():
    pack = a_pack(1)
    spend_on(pack)

    assert packs.spend(pack, at=NINE) is False
    assert left_in(pack) == 0


def test_the_database_refuses_a_negative_balance_whoever_asks():
    pack = a_pack(1)

    with pytest.raises(IntegrityError, match="pack_never_negative"), transaction.atomic():
        IncidentPack.objects.filter(pk=pack.pk).update(available=-1)


@pytest.mark.parametrize(
    "statement",
    ("UPDATE entitlements_ledgerentry SET quantity = 9", "DELETE FROM entitlements_ledgerentry"),
)
def test_the_database_refuses_to_change_the_ledger(statement):
    a_pack()

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_refuses_a_second_consumption_by_one_incident():
    pack = a_pack()
    incident = spend_on(pack)

    with pytest.raises(IntegrityError, match="one_consume"), transaction.atomic():
        packs.record_consume(pack, incident=incident, at=NINE, by=None)


def test_s34_a_refund_goes_back_once_to_the_same_pack():
    pack, engineer = a_pack(2), make_engineer()
    first, second = spend_on(pack), spend_on(pack)

    def refund(incident, kind, at=NINE):
        packs.refund(incident, kind=kind, reason="Same as the other", by=engineer, at=at)

    refund(second, RefundReason.DUPLICATE)
    refund(first, RefundReason.DEFECT)
    with pytest.raises(AlreadyRefunded, match="given back on 2026-03-02 already"):
        refund(first, RefundReason.DEFECT, at=NINE + days(4))
    spend_on(pack, at=NINE + days(30))

    assert history(pack) == [
        ("purchase", 2, 2),
        ("consume", -1, 1),
        ("consume", -1, 0),
        ("refund", 1, 1),
        ("refund", 1, 2),
        ("consume", -1, 1),
    ]
    assert left_in(pack) == 1


def test_a_refund_needs_something_spent_and_a_reason():
    pack = a_pack()
    spent, never = spend_on(pack), make_incident()

    with pytest.raises(NothingSpent):
        packs.refund(never, kind="defect", reason="A defect", by=None, at=NINE)
    with pytest.raises(ReasonMissing):
        packs.refund(spent, kind="defect", reason=" \x00 ", by=None, at=NINE)

    assert left_in(pack) == 4


def test_an_adjustment_adds_or_takes_with_a_reason_and_never_below_zero():
    pack, manager = a_pack(2), make_manager()

    packs.adjust(pack, quantity=3, reason="Promised by phone", by=manager, at=NINE)
    packs.adjust(pack, quantity=-4, reason="Entered twice", by=manager, at=NINE)
    with pytest.raises(PackTooSmall, match="has 1 incidents left, so 2"):
        packs.adjust(pack, quantity=-2, reason="Too many", by=manager, at=NINE)
    with pytest.raises(NothingToAdjust):
        packs.adjust(pack, quantity=0, reason="Nothing", by=manager, at=NINE)
    with pytest.raises(ReasonMissing):
        packs.adjust(pack, quantity=1, reason="", by=manager, at=NINE)

    assert history(pack) == [("purchase", 2, 2), ("adjust", 3, 5), ("adjust", -4, 1)]


def test_s31_who_loses_the_race_for_the_last_incident_is_served_by_premium():
    licence = premium_licence(starts_on=date(2026, 1, 1))
    pack = a_pack(1, licence)
    at = datetime.fromisoformat("2026-09-07T10:00:00+02:00")
    question: dict[str, Any] = {
        "organisation": licence.organisation,
        "licence": licence,
        "project": None,
        "service": "troubleshooting",
        "channel": "portal",
        "use_gold": True,
        "at": at,
    }
    first, second = decide(**question), decide(**question, save=False)

    won = packs.spend(pack, at=at)
    lost = packs.spend(pack, at=at)
    instead = decide(**question)

    assert (first.pack, second.pack, won, lost) == (pack, pack, True, False)
    assert instead.level is not None
    assert (instead.level.level, instead.pack, left_in(pack)) == ("premium", None, 0)
    assert working_calendar(instead.level.calendar).due(
        at, instead.level.response_time
    ) == datetime.fromisoformat("2026-09-07T16:00:00+02:00")
