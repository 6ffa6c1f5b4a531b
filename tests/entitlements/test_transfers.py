"""A licence changes hands: what goes along, what stays, and that it happens once."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import rls
from core.journal import entries_of
from core.models import JournalEntry
from entitlements.actions.coverage import decide
from entitlements.actions.expiry import lapsed_packs
from entitlements.actions.ledger import prove_ledger
from entitlements.actions.licences import register_licence
from entitlements.actions.packs import record_consume, spend
from entitlements.actions.subscriptions import subscribe
from entitlements.actions.transfers import transfer
from entitlements.enums import OrderState
from entitlements.errors import (
    KeyTaken,
    LicenceTransferred,
    SameOwner,
    TransferReasonMissing,
)
from entitlements.models import IncidentPack, LedgerEntry, Licence, Subscription
from entitlements.reads.coverage_summary import summary_of
from notices.models import Notice
from tests.factories import (
    NINE,
    TODAY,
    days,
    hours,
    make_admin_contact,
    make_contact,
    make_incident,
    make_licence,
    make_manager,
    make_order,
    make_organisation,
    make_pack,
    make_subscription,
)
from tests.tickets.desk import filed, moment, target_of
from tests.tickets.test_races import at_once

pytestmark = pytest.mark.django_db


def moved(licence: Licence, to=None, *, at=NINE, by=None, reason="Sold with the branch") -> Licence:
    new = transfer(
        licence, to=to or make_organisation(), at=at, by=by or make_manager(), reason=reason
    )
    licence.refresh_from_db()
    return new


def terms(licence: Licence) -> list[Any]:
    standing = Subscription.objects.standing().filter(licence=licence).order_by("starts_on")
    return [(one.level, one.starts_on, one.ends_on, one.price) for one in standing]


def level_at(licence: Licence, at, *, use_gold: bool = False) -> str | None:
    decision = decide(
        organisation=licence.organisation,
        licence=licence,
        project=None,
        service="troubleshooting",
        channel="email",
        use_gold=use_gold,
        at=at,
        save=False,
    )
    return decision.level.level if decision.level else None


def test_the_old_row_is_history_and_the_new_one_has_the_same_facts():
    old = make_licence(registered_on=date(2025, 12, 1), price=Decimal(1500))

    new = moved(old)

    old.refresh_from_db()
    assert (old.transferred_at, new.predecessor, new.transferred_at) == (NINE, old, None)
    for name in ("key", "product", "edition", "registered_on", "price", "currency"):
        assert getattr(new, name) == getattr(old, name)
    assert list(Licence.objects.held()) == [new]


def test_basic_does_not_begin_again_nor_does_the_free_year():
    new = moved(make_licence(registered_on=date(2025, 12, 1)))

    sold = subscribe(new, level="first", starts_on=TODAY, at=NINE, by=None)

    assert [one.until_on for one in summary_of(new.organisation, at=NINE)] == [date(2027, 3, 1)]
    assert sold.price == Decimal(200)
    assert level_at(moved(make_licence()), NINE) is None


def test_what_runs_and_what_is_to_come_goes_along_for_nothing():
    old = make_licence()
    make_subscription(old, level="first", starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))
    make_subscription(old)
    make_subscription(old, starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), price=Decimal(400))

    new = moved(old)

    assert terms(old) == [
        ("first", date(2025, 1, 1), date(2026, 1, 1), Decimal(350)),
        ("premium", date(2026, 1, 1), TODAY + days(1), Decimal(350)),
    ]
    assert terms(new) == [
        ("premium", TODAY, date(2027, 1, 1), Decimal(0)),
        ("premium", date(2027, 1, 1), date(2028, 1, 1), Decimal(0)),
    ]
    paid = JournalEntry.objects.filter(kind="subscription.received").order_by("pk")
    assert [one.facts["paid"] for one in paid] == ["350.00", "400.00"]
    assert (level_at(old, NINE), level_at(new, NINE)) == (None, "premium")


def test_what_was_reported_before_it_and_is_handled_after_it_is_served():
    old = make_licence()
    make_subscription(old)

    moved(old)

    old.refresh_from_db()
    assert level_at(old, NINE - hours(1)) == "premium"
    assert level_at(old, NINE) is None
    ours = Licence.objects.filter(organisation=old.organisation)
    assert [ours.held_at(NINE - hours(1)).count(), ours.held_at(NINE).count()] == [1, 0]


def test_what_began_on_the_very_day_counts_for_that_day_at_the_former_owner():
    old = make_licence()
    make_subscription(old, starts_on=TODAY, ends_on=date(2027, 3, 2))

    new = moved(old)

    assert (terms(old), terms(new)) == (
        [("premium", TODAY, TODAY + days(1), Decimal(350))],
        [("premium", TODAY, date(2027, 3, 2), Decimal(0))],
    )


def test_each_owner_counts_days_in_its_own_time_zone():
    old = make_licence(make_organisation(timezone="America/Los_Angeles"))
    make_subscription(old)
    make_subscription(old, level="first", starts_on=date(2025, 3, 3), ends_on=date(2026, 3, 3))
    there = make_organisation(timezone="Pacific/Auckland")

    new = moved(old, there, at=moment("2026-03-02T20:00+00:00"))

    assert [one[2] for one in terms(old)] == [date(2026, 3, 3)] * 2
    assert terms(new) == [("premium", date(2026, 3, 3), date(2027, 1, 1), Decimal(0))]


def test_what_is_left_in_living_packs_comes_along_through_the_ledger():
    old = make_licence()
    make_subscription(old, starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    make_subscription(old)
    dead = make_pack(old, quantity=9, purchased_at=moment("2024-06-01T09:00+00:00"))
    living = make_pack(old, quantity=5)
    spend(living, at=NINE)
    filed_entry(living)

    new = moved(old)

    (pack,) = new.incident_packs.all()
    assert (pack.quantity, pack.available, pack.price) == (4, 4, Decimal(0))
    assert list(IncidentPack.objects.filter(pk=living.pk).values_list("available")) == [(0,)]
    out = living.entries.get(kind="adjust")
    assert (out.change, out.balance) == (-4, 0)
    assert [one.kind for one in pack.entries.all()] == ["purchase"]
    assert prove_ledger(at=NINE) == []
    assert lapsed_packs(NINE) == [dead.pk]
    assert level_at(new, NINE, use_gold=True) == "gold"
    assert level_at(old, NINE, use_gold=True) is None


def filed_entry(pack: IncidentPack) -> None:
    """The ledger entry of what `spend` took."""

    incident = make_incident(organisation=pack.organisation)
    record_consume(pack, incident=incident, at=NINE, by=None)


def test_incidents_stay_with_their_clocks_and_show_the_licence_that_it_was():
    old = make_licence()
    make_subscription(old)
    incident = filed(old)
    due_at = target_of(incident).due_at

    moved(old, at=NINE + days(1))

    incident.refresh_from_db()
    assert (incident.licence, incident.organisation) == (old, old.organisation)
    assert target_of(incident).due_at == due_at
    client = Client()
    client.force_login(incident.reporter)
    page = client.get(reverse("tickets:detail", args=[incident.number]))
    assert old.key in page.content.decode()


def test_open_orders_are_cancelled_and_settled_ones_stay():
    order = make_order()
    settled = {"state": OrderState.CANCELLED, "settled_at": NINE, "reason": "Typed twice"}
    before = make_order(order.licence, **settled)

    moved(order.licence)

    order.refresh_from_db()
    before.refresh_from_db()
    assert (order.state, order.reason) == (
        OrderState.CANCELLED,
        "The licence was transferred to another organisation",
    )
    assert before.reason == "Typed twice"


def test_both_are_told_and_neither_of_the_other():
    here, there = make_organisation(name="Northwind"), make_organisation(name="Fabrikam")
    admin, contact = make_admin_contact(here), make_contact(there)
    make_contact(here)

    moved(make_licence(here), there, reason="Fabrikam bought Northwind's branch")

    told = {one.to: one for one in Notice.objects.filter(template__startswith="licence_transferr")}
    assert set(told) == {admin, contact}
    assert "Fabrikam" not in str(told[admin].context)
    assert "Northwind" not in str(told[contact].context)
    ledger = LedgerEntry.objects.filter(reason__contains="Fabrikam")
    assert not ledger.exists()


def test_the_journal_of_each_organisation_has_it():
    old, manager = make_licence(), make_manager()

    new = moved(old, by=manager)

    (gone,), (came,) = entries_of(old), entries_of(new)
    assert (gone.kind, gone.organisation, gone.by) == (
        "licence.transferred",
        old.organisation,
        manager,
    )
    assert gone.facts == {"successor": new.pk, "reason": "Sold with the branch"}
    assert (came.kind, came.organisation) == ("licence.received", new.organisation)


def test_what_is_refused_writes_nothing():
    licence = make_licence()
    subscription = make_subscription(licence)

    with pytest.raises(TransferReasonMissing):
        moved(licence, reason=" \x00")
    with pytest.raises(SameOwner, match=licence.key):
        moved(licence, licence.organisation)

    subscription.refresh_from_db()
    assert subscription.ends_on == date(2027, 1, 1)
    assert list(Licence.objects.held()) == [licence]


def test_a_transferred_licence_can_not_be_sold_or_transferred_again_but_its_new_row_can():
    old = make_licence()
    new = moved(old)

    with pytest.raises(LicenceTransferred, match="2026-03-02"):
        moved(old)
    with pytest.raises(LicenceTransferred):
        subscribe(old, level="premium", starts_on=TODAY, at=NINE, by=None)
    with pytest.raises(KeyTaken):
        register_licence(
            old.organisation,
            key=old.key,
            edition="business",
            registered_on=TODAY,
            at=NINE,
            by=None,
        )
    back = moved(new, old.organisation, at=NINE + days(2))

    assert (back.organisation, back.predecessor) == (old.organisation, new)
    assert Licence.objects.filter(key=old.key).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_transfers_at_once_are_one():
    licence, manager = make_licence(), make_manager()
    make_subscription(licence)
    make_pack(licence)
    takers = [make_organisation() for _ in range(2)]

    def one(number: int) -> str:
        try:
            with rls.everything():
                moved(licence, takers[number], by=manager)
        except LicenceTransferred:
            return "refused"
        return "moved"

    assert Counter(at_once(one, 2)) == {"moved": 1, "refused": 1}
    assert Licence.objects.held().count() == 1
    assert sum(IncidentPack.objects.values_list("available", flat=True)) == 5
    assert prove_ledger(at=NINE) == []


@pytest.mark.django_db(transaction=True)
def test_a_transfer_takes_what_the_reports_of_the_same_moment_leave():
    licence, manager = make_licence(), make_manager()
    make_subscription(licence)
    pack = make_pack(licence, quantity=5)
    there = make_organisation()
    people = [make_contact(licence.organisation) for _ in range(5)]

    def one(number: int) -> None:
        if number == 5:
            with rls.everything():
                moved(licence, there, by=manager)
            return
        with rls.only([licence.organisation_id]):
            filed(licence, reporter=people[number], use_gold=True)

    at_once(one, 6)

    spent = LedgerEntry.objects.filter(pack=pack, kind="consume").count()
    left = IncidentPack.objects.filter(organisation=there).values_list("available", flat=True)
    assert spent + sum(left) == 5
    assert prove_ledger(at=NINE) == []
