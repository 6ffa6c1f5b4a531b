"""Orders: placed in the portal, paid or cancelled once, delivered at the price they had."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from core import rls
from core.models import JournalEntry
from entitlements import policies
from entitlements.actions import orders, packs
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import OrderState
from entitlements.errors import (
    AlreadySettled,
    LevelNotSold,
    LicenceTransferred,
    OrderedAlready,
    OrderSentBefore,
    PackNotSold,
    PremiumNeeded,
    SubscriptionOverlaps,
    WhyCancelledMissing,
)
from entitlements.models import IncidentPack, Licence, Order, Subscription
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_order,
    make_organisation,
    make_subscription,
    make_tam,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def licence() -> Licence:
    """Premium of 2026, 1,000 EUR."""
    licence = make_licence(make_organisation(timezone="Europe/Berlin"), key="AXI-1")
    make_subscription(licence)
    return licence


@pytest.fixture
def admin(licence):
    return make_admin_contact(licence.organisation)


def told(template: str) -> set[str]:
    return set(Notice.objects.filter(template=template).values_list("to__email", flat=True))


def test_a_pack_is_ordered_at_the_catalogues_price_and_managers_and_tam_are_told(licence, admin):
    manager, tam = make_manager(), make_tam(licence.organisation)
    make_engineer()

    order = orders.place_order(
        licence, kind="pack", quantity=10, by=admin, at=NINE, purchase_reference=" PO 7 "
    )

    assert order.number.startswith("AO-2026-")
    assert (order.price, order.currency, order.state) == (Decimal("1400.00"), "EUR", "open")
    assert (order.ordered_by, order.purchase_reference) == (admin, "PO 7")
    assert not IncidentPack.objects.exists()
    assert told("order_placed") == {manager.email, tam.email}
    assert JournalEntry.objects.get(kind="order.placed").by == admin
    mail = mail_of(Notice.objects.filter(template="order_placed")[0])
    assert "10 Gold incidents, 1400.00 EUR" in mail.body
    assert "PO 7" in mail.body


@pytest.mark.parametrize("quantity", (None, 0, -5, 3))
def test_a_size_that_is_not_sold_is_refused_with_those_that_are(licence, admin, quantity):
    with pytest.raises(PackNotSold, match="Choose 5, 10, 25 incidents"):
        orders.place_order(licence, kind="pack", quantity=quantity, by=admin, at=NINE)

    assert not Order.objects.exists()


def test_a_pack_needs_premium_on_the_day_of_the_order():
    licence = make_licence()

    with pytest.raises(PremiumNeeded, match="2026-03-02"):
        orders.place_order(
            licence, kind="pack", quantity=5, by=make_admin_contact(licence.organisation), at=NINE
        )


def test_a_renewal_begins_where_the_year_ends_and_another_level_today(licence, admin):
    renewal = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)
    other = orders.place_order(licence, kind="subscription", level="first", by=admin, at=NINE)

    assert (renewal.starts_on, renewal.price) == (date(2027, 1, 1), Decimal("350.00"))
    assert other.starts_on == date(2026, 3, 2)


def test_a_level_that_lapsed_begins_today_in_the_organisations_zone(admin, licence):
    late = NINE + days(400) + days(14 / 24)  # 23:00 UTC is the next day in Berlin

    order = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=late)

    assert order.starts_on == date(2027, 4, 7)


def test_gold_is_no_subscription_and_one_order_of_a_level_waits_at_a_time(licence, admin):
    place = partial(orders.place_order, licence, kind="subscription", by=admin, at=NINE)
    first = place(level="premium")

    with pytest.raises(OrderedAlready, match=first.number):
        place(level="premium")
    with pytest.raises(LevelNotSold, match="Premium, FIRsT"):
        place(level="gold")
    orders.cancel_order(first, by=admin, at=NINE, reason="Too early")

    assert place(level="premium").number != first.number


def test_a_licence_that_was_transferred_is_not_ordered_for_nor_delivered_to(licence, admin):
    order = make_order(licence)
    licence.transferred_at = NINE
    licence.save(update_fields=["transferred_at"])

    with pytest.raises(LicenceTransferred):
        orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    with pytest.raises(LicenceTransferred):
        orders.mark_paid(order, by=make_manager(), at=NINE)

    assert Order.objects.get().state == OrderState.OPEN


def test_a_form_that_is_sent_twice_makes_one_order_and_changed_it_is_refused(licence, admin):
    place = partial(orders.place_order, licence, kind="pack", by=admin, form_key="k1")
    make_manager()

    first = place(quantity=5, at=NINE)
    again = place(quantity=5, at=NINE + days(1))
    with pytest.raises(OrderSentBefore, match=first.number):
        place(quantity=10, at=NINE)
    other = orders.place_order(
        licence,
        kind="pack",
        quantity=5,
        by=make_admin_contact(licence.organisation),
        at=NINE,
        form_key="k1",
    )

    assert (again, Order.objects.count()) == (first, 2)
    assert other != first
    assert Notice.objects.filter(template="order_placed").count() == 2


def test_the_database_keeps_a_forms_key_once(licence, admin):
    make_order(licence, ordered_by=admin, form_key="k")

    with pytest.raises(IntegrityError, match="order_once_a_form"), transaction.atomic():
        make_order(licence, ordered_by=admin, form_key="k")


def test_paid_means_delivered_at_the_orders_price_once(licence, admin):
    manager, order = make_manager(), make_order(licence, price=Decimal(99), ordered_by=admin)

    paid = orders.mark_paid(order, by=manager, at=NINE + days(3))
    with pytest.raises(AlreadySettled, match="is paid already"):
        orders.mark_paid(order, by=manager, at=NINE + days(4))
    with pytest.raises(AlreadySettled, match="is paid already"):
        orders.cancel_order(order, by=manager, at=NINE + days(4), reason="Too late")

    pack = IncidentPack.objects.get()
    assert (paid.pack, pack.available, pack.price) == (pack, 5, Decimal(99))
    assert (paid.state, paid.settled_by, paid.settled_at) == ("paid", manager, NINE + days(3))
    assert told("order_paid") == {admin.email}
    (mail,) = [mail_of(one) for one in Notice.objects.filter(template="order_paid")]
    assert f"/orders/{order.number}/" in mail.body


def test_a_renewal_that_is_paid_late_still_leaves_no_gap(licence, admin):
    order = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)

    paid = orders.mark_paid(order, by=make_manager(), at=NINE + days(330))

    assert paid.subscription.starts_on == date(2027, 1, 1)
    assert paid.subscription.ends_on == date(2028, 1, 1)
    assert paid.subscription.price == order.price


def test_a_new_subscription_does_not_begin_before_it_is_paid(licence, admin):
    order = orders.place_order(licence, kind="subscription", level="first", by=admin, at=NINE)

    paid = orders.mark_paid(order, by=make_manager(), at=NINE + days(10))

    assert paid.subscription.starts_on == date(2026, 3, 12)


def test_what_can_not_be_delivered_any_more_leaves_the_order_open(licence, admin):
    manager = make_manager()
    renewal = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)
    pack = orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    subscribe(
        licence, level="premium", starts_on=date(2027, 6, 1), at=NINE, by=manager, price=Decimal(0)
    )

    with pytest.raises(SubscriptionOverlaps):
        orders.mark_paid(renewal, by=manager, at=NINE)
    with pytest.raises(PremiumNeeded):
        orders.mark_paid(pack, by=manager, at=NINE + days(310))

    assert set(Order.objects.values_list("state", flat=True)) == {"open"}


def test_cancelling_needs_a_reason_and_tells_whoever_did_not_do_it(licence, admin):
    manager = make_manager()
    ours, theirs = make_order(licence, ordered_by=admin), make_order(licence, ordered_by=admin)

    with pytest.raises(WhyCancelledMissing):
        orders.cancel_order(ours, by=manager, at=NINE, reason=" \x00 ")
    orders.cancel_order(ours, by=manager, at=NINE, reason="Never invoiced")
    orders.cancel_order(theirs, by=admin, at=NINE, reason="Ordered the wrong size")

    notices = Notice.objects.filter(template="order_cancelled")
    assert {(one.to, one.context["reason"]) for one in notices} == {
        (admin, "Never invoiced"),
        (manager, "Ordered the wrong size"),
    }
    assert not IncidentPack.objects.exists()


def test_admin_contacts_order_for_their_own_organisation_and_managers_settle(licence, admin):
    people = {
        "admin": admin,
        "contact": make_contact(licence.organisation),
        "stranger": make_admin_contact(),
        "manager": make_manager(),
        "tam": make_tam(licence.organisation),
    }

    def those(policy):
        return {name for name, one in people.items() if policy(one, licence.organisation)}

    assert those(policies.may_order) == {"admin"}
    assert those(policies.may_cancel_order) == {"admin", "manager"}


def test_prices_of_packs_are_those_of_the_catalogue():
    assert packs.pack_prices() == {5: 750, 10: 1400, 25: 3250}


@pytest.mark.django_db(transaction=True)
def test_six_who_mark_it_paid_at_once_deliver_one_pack():
    licence = make_licence()
    make_subscription(licence)
    order, manager = make_order(licence), make_manager()

    answers = at_once(partial(_pay, order.pk, manager.pk), 6)

    assert sorted(answers) == [False] * 5 + [True]
    assert (IncidentPack.objects.count(), Subscription.objects.count()) == (1, 1)


def _pay(order_id: int, manager_id: int, number: int) -> bool:
    with rls.everything():
        order, manager = Order.objects.get(pk=order_id), Person.objects.get(pk=manager_id)
        try:
            orders.mark_paid(order, by=manager, at=NINE)
        except AlreadySettled:
            return False
    return True


@pytest.mark.django_db(transaction=True)
def test_six_clicks_at_once_make_one_order():
    licence = make_licence()
    make_subscription(licence)
    admin = make_admin_contact(licence.organisation)

    numbers = at_once(partial(_click, licence.pk, admin.pk), 6)

    assert len(set(numbers)) == 1
    assert Order.objects.count() == 1


def _click(licence_id: int, admin_id: int, number: int) -> str:
    with rls.everything():
        licence = Licence.objects.select_related("organisation").get(pk=licence_id)
        admin = Person.objects.get(pk=admin_id)
        order = orders.place_order(
            licence, kind="pack", quantity=5, by=admin, at=NINE, form_key="same"
        )
    return order.number
