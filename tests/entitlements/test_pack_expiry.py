"""Packs live as long as Premium runs without a gap (L4, L6, L7)."""

from datetime import date, datetime

import pytest
from django.db import connection

from entitlements import tasks
from entitlements.actions import packs
from entitlements.actions.coverage import decide
from entitlements.actions.subscriptions import subscribe
from entitlements.models import IncidentPack
from entitlements.querysets import WITH_BALANCE
from entitlements.reads.coverage_summary import summary_of
from tests.entitlements.gold import a_pack, history, left_in, premium_licence, spend_on
from tests.factories import NINE, days, make_pack

pytestmark = pytest.mark.django_db


def test_what_is_left_expires_when_premium_ends_and_only_once():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    pack = a_pack(5, licence)
    spend_on(pack)

    early = packs.expire_packs(datetime.fromisoformat("2026-03-09T23:59:59+01:00"))
    due = packs.expire_packs(datetime.fromisoformat("2026-03-10T00:00:00+01:00"))
    again = packs.expire_packs(NINE + days(30))

    assert (early, due, again) == (0, 1, 0)
    assert history(pack)[-1] == ("expire", -4, 0)


def test_a_renewal_without_a_gap_brings_the_pack_back_however_late_it_is_entered():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    pack = a_pack(5, licence)
    packs.expire_packs(NINE + days(20))

    subscribe(licence, level="premium", starts_on=date(2026, 3, 10), at=NINE + days(30), by=None)

    assert history(pack) == [("purchase", 5, 5), ("expire", -5, 0), ("adjust", 5, 5)]
    assert packs.expire_packs(NINE + days(31)) == 0


def test_a_renewal_with_a_gap_leaves_the_pack_expired():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    pack = a_pack(5, licence)
    packs.expire_packs(NINE + days(20))

    subscribe(licence, level="premium", starts_on=date(2026, 3, 11), at=NINE + days(30), by=None)

    assert left_in(pack) == 0


def test_a_report_received_in_time_spends_even_after_the_expiry_was_recorded():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    pack = a_pack(2, licence)
    received_at = datetime.fromisoformat("2026-03-09T23:58:00+01:00")
    packs.expire_packs(NINE + days(20))

    decision = decide(
        organisation=licence.organisation,
        licence=licence,
        project=None,
        service="troubleshooting",
        channel="portal",
        use_gold=True,
        at=received_at,
    )
    spent = decision.pack is not None and packs.spend(decision.pack, at=received_at)

    assert (decision.pack, spent, left_in(pack)) == (pack, True, 1)
    assert packs.expire_packs(NINE + days(21)) == 1


def test_the_hotline_is_on_while_premium_runs_and_something_is_left():
    pack = a_pack(1)

    def hotline(at: datetime) -> bool:
        (one,) = summary_of(pack.organisation, at=at)
        return one.callback

    before = hotline(NINE)
    spend_on(pack)
    depleted = hotline(NINE)
    packs.adjust(pack, quantity=1, reason="A gift", by=None, at=NINE)

    assert (before, depleted, hotline(NINE)) == (True, False, True)
    assert hotline(NINE + days(400)) is False


def test_the_nightly_tasks_look_at_every_organisation():
    licence = premium_licence(ends_on=date(2026, 3, 10))
    pack = a_pack(5, licence)

    assert tasks.expire_packs() == 1
    assert tasks.prove_ledger() == 0
    assert left_in(pack) == 0


def test_the_sweep_reads_only_packs_with_a_balance():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for _ in range(3):
        make_pack(available=0)

    plan = IncidentPack.objects.filter(WITH_BALANCE).order_by().explain()

    assert "pack_with_balance" in plan
