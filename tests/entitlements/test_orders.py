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
from entitlements.actions import order_steps, orders, packs
from entitlements.actions.billing import set_billing
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import OrderState
from entitlements.errors import (
    AlreadySettled,
    BillingMissing,
    LevelNotSold,
    LicenceTransferred,
    OrderedAlready,
    OrderSentBefore,
    OrderStays,
    OrderStepTooEarly,
    OrderUnderWay,
    PackNotSold,
    PremiumNeeded,
    SubscriptionOverlaps,
    WhyCancelledMissing,
)
from entitlements.models import IncidentPack, Licence, Order, Subscription
from entitlements.models.billing import Address
from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_billing,
    make_contact,
    make_engineer,
    make_level,
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
    make_billing(licence.organisation)
    return licence


def paid(order, by, at):
    """An order of any open state, brought to the one before its delivery."""
    for step in (order_steps.confirm_order, order_steps.invoice_order, order_steps.mark_paid):
        order = step(order, by=by, at=at)
    return order


def delivered(order, by, at):
    return order_steps.deliver_order(paid(order, by, at), by=by, at=at)


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
    assert "10 Gold incidents, 1400.00 + 294.00 VAT EUR" in mail.body
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
    order_steps.cancel_order(first, by=admin, at=NINE, reason="Too early")

    assert place(level="premium").number != first.number


def test_a_licence_that_was_transferred_is_not_ordered_for_nor_delivered_to(licence, admin):
    order = make_order(licence)
    licence.transferred_at = NINE
    licence.save(update_fields=["transferred_at"])

    with pytest.raises(LicenceTransferred):
        orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    with pytest.raises(LicenceTransferred):
        order_steps.confirm_order(order, by=make_manager(), at=NINE)

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


def test_an_order_goes_its_way_step_by_step_and_is_delivered_at_its_price_once(licence, admin):
    manager, order = make_manager(), make_order(licence, price=Decimal(99), ordered_by=admin)
    later = [NINE + days(number) for number in range(1, 6)]

    confirmed = order_steps.confirm_order(order, by=manager, at=later[0])
    assert (confirmed.vat_rule, confirmed.vat, confirmed.total) == (
        "domestic",
        Decimal("20.79"),
        Decimal("119.79"),
    )
    order_steps.invoice_order(order, by=manager, at=later[1], invoice_number=" INV 7 ")
    order_steps.mark_paid(order, by=manager, at=later[2])
    assert not IncidentPack.objects.exists()
    done = order_steps.deliver_order(order, by=manager, at=later[3])
    with pytest.raises(AlreadySettled, match="is delivered already"):
        order_steps.deliver_order(order, by=manager, at=later[4])
    with pytest.raises(AlreadySettled, match="is delivered already"):
        order_steps.cancel_order(order, by=manager, at=later[4], reason="Too late")

    pack = IncidentPack.objects.get()
    assert (done.pack, pack.available, pack.price) == (pack, 5, Decimal(99))
    assert (done.confirmed_at, done.invoiced_at, done.paid_at, done.settled_at) == tuple(later[:4])
    assert (done.invoice_number, done.settled_by) == ("INV 7", manager)
    kinds = JournalEntry.objects.filter(kind__startswith="order.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "order.confirmed",
        "order.invoiced",
        "order.paid",
        "order.delivered",
    ]
    assert told("order_confirmed") == told("order_paid") == {admin.email}
    (mail,) = [mail_of(one) for one in Notice.objects.filter(template="order_paid")]
    assert f"/orders/{order.number}/" in mail.body


@pytest.mark.parametrize(
    ("state", "step", "refusal", "words"),
    (
        ("open", "invoice_order", OrderStepTooEarly, "is requested: confirm it first"),
        ("open", "mark_paid", OrderStepTooEarly, "is requested: confirm it first"),
        ("confirmed", "confirm_order", OrderUnderWay, "is confirmed already"),
        ("confirmed", "deliver_order", OrderStepTooEarly, "put it on the invoice lines first"),
        ("invoiced", "deliver_order", OrderStepTooEarly, "note its payment first"),
        ("invoiced", "invoice_order", OrderUnderWay, "is invoiced already"),
        ("paid", "mark_paid", OrderUnderWay, "is paid already"),
    ),
)
def test_a_step_that_is_not_the_next_is_refused_in_words(licence, state, step, refusal, words):
    moments = {"invoiced_at": NINE, "paid_at": NINE}
    order = make_order(licence, state=state, **moments)

    with pytest.raises(refusal, match=words):
        getattr(order_steps, step)(order, by=make_manager(), at=NINE)

    assert Order.objects.get().state == state


def test_the_vat_and_the_address_are_those_of_the_order_whatever_changes_later(licence, admin):
    order = orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    address = Address.kept(order.billing | {"country": "US", "name": "Moved Inc", "vat_number": ""})

    set_billing(licence.organisation, address, by=admin, at=NINE)
    other = orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)

    order.refresh_from_db()
    assert (order.vat_rule, order.vat, order.address.country) == (
        "domestic",
        Decimal("157.5"),
        "RO",
    )
    assert (other.vat_rule, other.vat, other.address.name) == ("outside", Decimal(0), "Moved Inc")


def test_what_has_to_be_invoiced_needs_to_whom(admin):
    licence = make_licence()
    make_subscription(licence)

    with pytest.raises(BillingMissing):
        orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)

    assert not Order.objects.exists()


def test_a_free_first_year_is_delivered_at_once_and_needs_no_address(admin):
    licence = make_licence()

    order = orders.place_order(licence, kind="subscription", level="first", by=admin, at=NINE)

    assert (order.state, order.total, order.vat_rule) == ("delivered", Decimal(0), "")
    assert (order.paid_at, order.invoiced_at) == (None, None)
    assert order.subscription.starts_on == date(2026, 3, 2)
    assert told("order_placed") == set()


def test_what_costs_nothing_by_a_gap_in_the_catalogue_waits_for_a_human(admin):
    make_level("premium", price_percent=0)
    licence = make_licence()

    order = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)
    done = order_steps.confirm_order(order, by=make_manager(), at=NINE)

    assert order.state == OrderState.OPEN
    assert done.state == OrderState.DELIVERED  # nothing to invoice, nothing to pay


def test_a_renewal_that_is_paid_late_still_leaves_no_gap(licence, admin):
    order = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)

    done = delivered(order, make_manager(), NINE + days(330))

    assert done.subscription.starts_on == date(2027, 1, 1)
    assert done.subscription.ends_on == date(2028, 1, 1)
    assert done.subscription.price == order.price


def test_a_new_subscription_does_not_begin_before_it_is_delivered(admin):
    licence = make_licence(make_organisation(timezone="Europe/Berlin"))
    make_billing(licence.organisation)
    order = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)

    done = delivered(order, make_manager(), NINE + days(10))

    assert done.subscription.starts_on == date(2026, 3, 12)


def test_what_can_not_be_delivered_any_more_stays_paid(licence, admin):
    manager = make_manager()
    renewal = orders.place_order(licence, kind="subscription", level="premium", by=admin, at=NINE)
    pack = orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    subscribe(
        licence, level="premium", starts_on=date(2027, 6, 1), at=NINE, by=manager, price=Decimal(0)
    )

    with pytest.raises(SubscriptionOverlaps):
        delivered(renewal, manager, NINE)
    with pytest.raises(PremiumNeeded):
        delivered(pack, manager, NINE + days(310))
    with pytest.raises(OrderStays, match="pay the money back"):
        order_steps.cancel_order(pack, by=manager, at=NINE, reason="No Premium")

    assert set(Order.objects.values_list("state", flat=True)) == {"paid"}


def test_once_it_is_invoiced_only_the_vendor_takes_it_back(licence, admin):
    manager = make_manager()
    order = orders.place_order(licence, kind="pack", quantity=5, by=admin, at=NINE)
    order_steps.confirm_order(order, by=manager, at=NINE)
    order_steps.invoice_order(order, by=manager, at=NINE)

    with pytest.raises(OrderStays, match="invoice is on the way: write to us"):
        order_steps.cancel_order(order, by=admin, at=NINE, reason="Sorry")
    done = order_steps.cancel_order(order, by=manager, at=NINE, reason="They asked")

    assert done.state == OrderState.CANCELLED


def test_cancelling_needs_a_reason_and_tells_whoever_did_not_do_it(licence, admin):
    manager = make_manager()
    ours, theirs = make_order(licence, ordered_by=admin), make_order(licence, ordered_by=admin)

    with pytest.raises(WhyCancelledMissing):
        order_steps.cancel_order(ours, by=manager, at=NINE, reason=" \x00 ")
    order_steps.cancel_order(ours, by=manager, at=NINE, reason="Never invoiced")
    order_steps.cancel_order(theirs, by=admin, at=NINE, reason="Ordered the wrong size")

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
    assert those(policies.may_confirm_order) == {"manager", "tam"}
    assert those(policies.may_set_billing) == {"admin", "manager", "tam"}
    assert {name for name, one in people.items() if policies.may_settle_orders(one)} == {"manager"}


def test_prices_of_packs_are_those_of_the_catalogue():
    assert packs.pack_prices() == {5: 750, 10: 1400, 25: 3250}


@pytest.mark.django_db(transaction=True)
def test_six_who_deliver_it_at_once_deliver_one_pack():
    licence = make_licence()
    make_subscription(licence)
    order, manager = make_order(licence, state="paid", paid_at=NINE), make_manager()

    answers = at_once(partial(_deliver, order.pk, manager.pk), 6)

    assert sorted(answers) == [False] * 5 + [True]
    assert (IncidentPack.objects.count(), Subscription.objects.count()) == (1, 1)


def _deliver(order_id: int, manager_id: int, number: int) -> bool:
    with rls.everything():
        order, manager = Order.objects.get(pk=order_id), Person.objects.get(pk=manager_id)
        try:
            order_steps.deliver_order(order, by=manager, at=NINE)
        except AlreadySettled:
            return False
    return True


@pytest.mark.django_db(transaction=True)
def test_six_clicks_at_once_make_one_order():
    licence = make_licence()
    make_subscription(licence)
    make_billing(licence.organisation)
    admin = make_admin_contact(licence.organisation)

    numbers = at_once(partial(_click, licence.pk, admin.pk), 6)

    assert len(set(numbers)) == 1
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_three_who_order_the_same_level_at_once_make_one_order():
    licence = make_licence()
    make_billing(licence.organisation)
    admins = [make_admin_contact(licence.organisation).pk for _ in range(3)]

    numbers = at_once(partial(_order_a_year, licence.pk, admins), 3)

    assert sorted(map(bool, numbers)) == [False, False, True]
    assert Order.objects.count() == 1


def _order_a_year(licence_id: int, admins: list[int], number: int) -> str:
    with rls.everything():
        licence = Licence.objects.select_related("organisation").get(pk=licence_id)
        admin = Person.objects.get(pk=admins[number])
        try:
            order = orders.place_order(
                licence, kind="subscription", level="premium", by=admin, at=NINE
            )
        except OrderedAlready:
            return ""
    return order.number


def _click(licence_id: int, admin_id: int, number: int) -> str:
    with rls.everything():
        licence = Licence.objects.select_related("organisation").get(pk=licence_id)
        admin = Person.objects.get(pk=admin_id)
        order = orders.place_order(
            licence, kind="pack", quantity=5, by=admin, at=NINE, form_key="same"
        )
    return order.number
