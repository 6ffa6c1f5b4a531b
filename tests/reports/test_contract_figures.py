"""The levels held and the Gold spent in a month that was built by hand."""

from datetime import date

import pytest

from entitlements.enums import Account, EntryKind, Level
from reports.rules.content import GoldPack, LevelHeld
from tests.factories import (
    days,
    make_incident,
    make_ledger_entry,
    make_licence,
    make_pack,
    make_project,
    make_subscription,
)
from tests.reports.february import END, START, TICK, content

pytestmark = pytest.mark.django_db


def test_levels_that_were_held_on_some_day_of_the_month(customer):
    licence = make_licence(customer, key="AXI-1")
    make_subscription(licence, starts_on=date(2026, 2, 28), ends_on=date(2027, 2, 28))
    lapsed = make_licence(customer, key="AXI-0")
    make_subscription(
        lapsed, level=Level.FIRST, starts_on=date(2025, 2, 1), ends_on=date(2026, 2, 1)
    )
    make_project(customer, name="Go", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 2))

    assert content(customer).levels == (
        LevelHeld(
            level="Premium",
            licence="AXI-1",
            starts_on=date(2026, 2, 28),
            ends_on=date(2027, 2, 27),
        ),
        LevelHeld(
            level="GoLive", licence="Go", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1)
        ),
    )


def test_gold_is_what_happened_in_the_month_and_what_remained_at_its_end(customer):
    licence = make_licence(customer)
    pack = make_pack(licence, quantity=5, purchased_at=START - days(9))
    spent = {"kind": EntryKind.CONSUME, "debit": Account.AVAILABLE, "credit": Account.CONSUMED}
    given = {"kind": EntryKind.REFUND, "debit": Account.CONSUMED, "credit": Account.AVAILABLE}
    first = make_ledger_entry(pack, at=START - days(1), balance=4, **spent, incident=_gold(pack))
    second = make_ledger_entry(pack, at=START + days(1), balance=3, **spent, incident=_gold(pack))
    make_ledger_entry(
        pack,
        at=START + days(2),
        balance=4,
        **given,
        reverses=first,
        incident=first.incident,
        refund_reason="defect",
        reason="A defect",
    )
    make_ledger_entry(pack, at=END, balance=3, **spent, incident=_gold(pack))
    make_pack(licence, quantity=10, purchased_at=END)

    found = content(customer)

    assert found.gold == (
        GoldPack(
            bought_on=date(2026, 1, 23),
            size=5,
            opening=4,
            bought=0,
            spent_on=(second.incident.number,),
            refunded_on=(first.incident.number,),
            other=0,
            remaining=4,
        ),
    )
    assert found.gold_remaining == 4


def _gold(pack):
    return make_incident(organisation=pack.organisation, received_at=START - days(60))


def test_a_pack_that_was_empty_before_is_left_out(customer):
    pack = make_pack(make_licence(customer), quantity=1, purchased_at=START - days(9))
    make_ledger_entry(
        pack,
        kind=EntryKind.CONSUME,
        debit=Account.AVAILABLE,
        credit=Account.CONSUMED,
        balance=0,
        at=START - TICK,
        incident=_gold(pack),
    )

    assert content(customer).gold == ()
