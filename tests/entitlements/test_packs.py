"""The ledger of Gold incidents, L1 to L7."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import JournalEntry
from entitlements import tasks
from entitlements.actions import packs
from entitlements.actions.coverage import decide
from entitlements.actions.ledger import Difference
from entitlements.actions.subscriptions import subscribe
from entitlements.coverage_summary import summary_of
from entitlements.current import working_calendar
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
from entitlements.models import IncidentPack, LedgerEntry, Licence
from entitlements.querysets import WITH_BALANCE
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_subscription,
)

pytestmark = pytest.mark.django_db


def premium_licence(**term) -> Licence:
    licence = make_licence(make_organisation(timezone="Europe/Berlin"))
    make_subscription(licence, **term)
    return licence


def a_pack(quantity: int = 5, licence: Licence | None = None) -> IncidentPack:
    bought_at = NINE - days(1)
    price = Decimal(100)
    licence = licence or premium_licence()
    return packs.buy_pack(licence, quantity=quantity, at=bought_at, by=None, price=price)


def spend_on(pack: IncidentPack, at: datetime = NINE):
    incident = make_incident(organisation=pack.organisation)
    assert packs.spend(pack, at=at)
    packs.record_consume(pack, incident=incident, at=at, by=incident.reporter)
    return incident


def left_in(pack: IncidentPack) -> int:
    return IncidentPack.objects.get(pk=pack.pk).available


def history(pack: IncidentPack) -> list[tuple[str, int, int]]:
    entries = LedgerEntry.objects.filter(pack=pack).order_by("pk")
    return [(one.kind, one.change, one.balance) for one in entries]


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


def test_the_proof_finds_a_balance_that_the_ledger_does_not_prove_and_tells_the_leads_once():
    lead = make_manager(is_lead=True)
    spend_on(a_pack())
    wrong = a_pack()
    IncidentPack.objects.filter(pk=wrong.pk).update(available=7)

    found = packs.prove_ledger(at=NINE)
    packs.prove_ledger(at=NINE + hours(1))

    assert found == [Difference(wrong.pk, available=7, proven=5)]
    assert left_in(wrong) == 7
    notice = Notice.objects.get(template="ledger_differs")
    assert (notice.to, len(notice.context["packs"])) == (lead, 1)
    assert JournalEntry.objects.filter(kind="ledger.differs").count() == 2


def test_the_proof_of_a_true_ledger_is_one_query(django_assert_num_queries):
    for _ in range(3):
        spend_on(a_pack())

    with django_assert_num_queries(3):  # with the savepoint around it
        assert packs.prove_ledger(at=NINE) == []


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
