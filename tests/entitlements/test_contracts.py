"""Registering licences, selling subscriptions, and who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core import rls
from core.models import JournalEntry
from entitlements import policies
from entitlements.actions.licences import open_project, register_licence
from entitlements.actions.subscriptions import renewal_starts_on, subscribe
from entitlements.errors import (
    EmptyKey,
    KeyTaken,
    LevelNotSold,
    NameMissing,
    NegativePrice,
    SubscriptionOverlaps,
    TermInverted,
)
from entitlements.models import Licence, Subscription
from tests.factories import (
    NINE,
    TODAY,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_subscription,
    make_tam,
)

pytestmark = pytest.mark.django_db


def register(organisation=None, key="AXI-1", **facts: Any) -> Licence:
    least: dict[str, Any] = {"edition": "business", "registered_on": TODAY, "at": NINE, "by": None}
    return register_licence(organisation or make_organisation(), key=key, **least | facts)


def test_a_licence_is_registered_and_journaled():
    manager = make_manager()

    licence = register(key=" axi-77\x00 ", price=Decimal(900), by=manager)

    assert (licence.key, licence.product, licence.price) == (
        "AXI-77",
        "AXIGEN Mail Server",
        Decimal(900),
    )
    entry = JournalEntry.objects.get(kind="licence.registered")
    assert (entry.by, entry.organisation, entry.facts["key"]) == (
        manager,
        licence.organisation,
        "AXI-77",
    )


def test_a_key_that_is_taken_is_refused_alike_whoever_has_it():
    ours = make_organisation()
    register(ours, key="OURS")
    register(make_organisation(name="Stranger"), key="THEIRS")
    said = []

    for key in ("ours", "THEIRS"):
        with pytest.raises(KeyTaken) as refused:
            register(ours, key=key)
        said.append(str(refused.value))

    assert said[0] == said[1]
    assert "Stranger" not in said[1]
    assert Licence.objects.count() == 2


def test_a_strangers_key_is_refused_behind_the_wall_too():
    ours = make_organisation()
    register(make_organisation(), key="THEIRS")

    with rls.only([ours.pk]), pytest.raises(KeyTaken):
        register(ours, key="THEIRS")


def test_a_licence_needs_a_key_and_no_negative_price():
    with pytest.raises(EmptyKey):
        register(key=" \x00")
    with pytest.raises(NegativePrice):
        register(price=Decimal(-1))


def test_premium_costs_35_percent_of_the_licence_price_for_a_year():
    licence = make_licence(price=Decimal("999.99"))

    sold = subscribe(licence, level="premium", starts_on=TODAY, at=NINE, by=None)

    assert (sold.price, sold.ends_on) == (Decimal("350.00"), date(2027, 3, 2))


def test_firsts_first_year_is_free_and_the_next_costs_20_percent():
    licence = make_licence(price=Decimal(1000))

    free = subscribe(licence, level="first", starts_on=TODAY, at=NINE, by=None)
    paid = subscribe(licence, level="first", starts_on=free.ends_on, at=NINE, by=None)

    assert (free.price, paid.price) == (Decimal("0.00"), Decimal("200.00"))
    assert paid.ends_on == date(2028, 3, 2)


def test_a_term_of_its_own_length_pays_by_the_day():
    licence = make_licence(price=Decimal(1000))
    term: dict[str, Any] = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 31)}

    sold = subscribe(licence, level="premium", at=NINE, by=None, **term)

    assert sold.price == Decimal("28.77")  # 350 * 30 / 365


def test_a_year_from_29_february_lasts_through_28_february():
    sold = subscribe(make_licence(), level="premium", starts_on=date(2028, 2, 29), at=NINE, by=None)

    assert sold.ends_on == date(2029, 3, 1)


def test_a_renewal_begins_where_the_last_term_ends():
    licence = make_licence()
    first = subscribe(licence, level="premium", starts_on=TODAY, at=NINE, by=None)

    again = subscribe(
        licence,
        level="premium",
        starts_on=renewal_starts_on(licence, level="premium") or TODAY,
        at=NINE,
        by=None,
    )

    assert again.starts_on == first.ends_on
    assert renewal_starts_on(make_licence(), level="premium") is None


def test_an_overlap_is_refused_with_the_day_that_is_free():
    licence = make_licence()
    make_subscription(licence)

    with pytest.raises(SubscriptionOverlaps, match="Start the renewal on 2027-01-01"):
        subscribe(licence, level="premium", starts_on=date(2026, 12, 31), at=NINE, by=None)

    subscribe(licence, level="first", starts_on=date(2026, 12, 31), at=NINE, by=None)
    assert Subscription.objects.count() == 2


def test_the_database_refuses_an_overlap_too():
    licence = make_licence()
    make_subscription(licence)

    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        make_subscription(licence, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2))


@pytest.mark.parametrize("level", ("gold", "basic", "golive", "platinum"))
def test_only_first_and_premium_are_subscriptions(level):
    with pytest.raises(LevelNotSold, match="Choose one of: Premium, FIRsT"):
        subscribe(make_licence(), level=level, starts_on=TODAY, at=NINE, by=None)


def test_a_term_that_ends_before_it_starts_is_refused():
    with pytest.raises(TermInverted):
        subscribe(make_licence(), level="first", starts_on=TODAY, ends_on=TODAY, at=NINE, by=None)
    with pytest.raises(TermInverted):
        open_project(
            make_organisation(), name="P", starts_on=TODAY, ends_on=TODAY, at=NINE, by=None
        )


def test_a_project_needs_a_name_and_is_journaled():
    term: dict[str, Any] = {"starts_on": TODAY, "ends_on": date(2026, 6, 1), "at": NINE, "by": None}

    with pytest.raises(NameMissing):
        open_project(make_organisation(), name=" ", **term)
    project = open_project(make_organisation(), name="New mail", **term)

    assert JournalEntry.objects.get(kind="golive.opened").organisation == project.organisation


@pytest.mark.django_db(transaction=True)
def test_two_sales_of_one_term_at_once_sell_it_once():
    licence = make_licence()
    start = Barrier(2)

    def one_request(_: int) -> str:
        try:
            start.wait(timeout=30)
            with rls.everything():
                subscribe(licence, level="premium", starts_on=TODAY, at=NINE, by=None)
                return "sold"
        except SubscriptionOverlaps:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = sorted(pool.map(one_request, range(2)))

    assert answers == ["refused", "sold"]


def test_contracts_are_the_managers_and_the_gold_default_the_admin_contacts():
    ours = make_organisation(partner=make_partner())
    people = {
        "manager": make_manager(),
        "admin": make_admin_contact(ours),
        "stranger": make_admin_contact(),
        "contact": make_contact(ours),
        "engineer": make_engineer(),
        "elsewhere": make_engineer(make_organisation()),
        "partner": make_partner_engineer(ours.partner),
        "tam": make_tam(ours),
    }

    def those(policy, *about):
        return {name for name, one in people.items() if policy(one, *about)}

    assert those(policies.may_edit_catalogue) == {"manager"}
    assert those(policies.may_manage_contracts) == {"manager"}
    assert those(policies.may_set_gold_default, ours) == {"manager", "admin"}
    assert those(policies.may_refund, ours) == {"manager", "engineer", "partner", "tam"}
