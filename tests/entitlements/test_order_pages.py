"""Orders in the portal and on the managers' pages."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entitlements.models import IncidentPack, Licence, Order
from tests.factories import (
    make_admin_contact,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_order,
    make_subscription,
    make_tam,
)
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db
LIST, NEW = "/orders/", "/orders/new/"
ADMIN = "/admin/entitlements/order/"


@pytest.fixture
def licence() -> Licence:
    """Premium since a month and for eleven more, seen from now; 1,000 EUR."""
    licence = make_licence(key="AXI-ONE")
    today = timezone.now().date()
    make_subscription(
        licence, starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=335)
    )
    return licence


@pytest.fixture
def admin(client, licence):
    """Signed in."""
    admin = make_admin_contact(licence.organisation)
    client.force_login(admin)
    return admin


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_only_licence_is_chosen_and_its_offers_have_price_and_term(client, licence, admin):
    page = client.get(NEW)

    text = text_of(page)
    renewal_on = licence.subscriptions.get().ends_on
    for words in (
        "AXI-ONE",
        "5 Gold incidents: 750.00 EUR",
        "25 Gold incidents: 3250.00 EUR",
        f"Premium, {renewal_on.day} {renewal_on:%B %Y} to",
        "350.00 EUR",
        "Nothing is charged here",
    ):
        assert words in text
    assert "FIRsT" not in text
    assert "checked" not in text
    assert "Which licence" not in text


def test_without_premium_both_levels_are_offered_and_one_may_be_named_beforehand(client):
    licence = make_licence()
    client.force_login(make_admin_contact(licence.organisation))

    text = text_of(client.get(NEW, {"licence": licence.pk, "level": "first"}))

    assert text.count(" checked") == 1
    assert "Premium, " in text
    assert re.search(r"FIRsT, \d+ \w+ \d{4} to \d+ \w+ \d{4}: free", text)
    assert "Gold incidents are sold while Premium runs" in text


def test_of_several_licences_one_is_chosen_first_and_a_strangers_is_none(client, licence, admin):
    other, stranger = make_licence(licence.organisation, key="AXI-TWO"), make_licence()

    asked = text_of(client.get(NEW))
    chosen = text_of(client.get(NEW, {"licence": other.pk}))
    strange = text_of(client.get(NEW, {"licence": stranger.pk}))
    posted = client.post(f"{NEW}?licence={stranger.pk}", {"what": "5@750.00", "key": "k"})

    assert "Choose a licence" in asked
    assert "Place the order" not in asked + strange
    assert "has no Premium on" in chosen
    assert "5 Gold incidents" not in chosen
    assert (posted.status_code, Order.objects.count()) == (404, 0)


def test_ordering_twice_with_one_form_makes_one_order_and_shows_it(client, licence, admin):
    said = {"what": "5@750.00", "purchase_reference": "PO 9", "key": "k1"}

    first = client.post(f"{NEW}?licence={licence.pk}", said)
    second = client.post(f"{NEW}?licence={licence.pk}", said)

    order = Order.objects.get()
    assert first.url == second.url == reverse("entitlements:order", args=[order.number])
    text = text_of(client.get(first.url))
    for words in ("5 Gold incidents", "750.00 EUR", "PO 9", "Waiting for payment", "AXI-ONE"):
        assert words in text


@pytest.mark.parametrize(
    ("said", "words"),
    (
        ({}, "Choose one."),
        ({"what": "5@1.00"}, "The offer changed while you looked at it"),
        ({"what": "-5@750.00"}, "The offer changed"),
        ({"what": "gold@0"}, "The offer changed"),
        ({"what": "5@750.00", "purchase_reference": "x" * 81}, "at most 80 characters"),
    ),
)
def test_a_form_that_says_nothing_sensible_is_shown_again(client, licence, admin, said, words):
    answer = client.post(f"{NEW}?licence={licence.pk}", {"key": "k"} | said)

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert not Order.objects.exists()


def test_the_same_form_with_something_else_in_it_is_asked_about(client, licence, admin):
    url = f"{NEW}?licence={licence.pk}"
    client.post(url, {"what": "5@750.00", "key": "k1"})

    answer = client.post(url, {"what": "10@1400.00", "key": "k1"})

    assert "This form was sent already" in text_of(answer)
    assert 'value="k1"' not in answer.content.decode()
    assert Order.objects.count() == 1


def test_other_contacts_see_orders_and_place_none(client, licence):
    client.force_login(make_contact(licence.organisation))
    order = make_order(licence)
    mine = reverse("entitlements:order", args=[order.number])

    listed, shown = client.get(LIST), client.get(mine)
    new, cancelled = client.get(NEW), client.post(f"{mine}cancel/", {"reason": "x"})

    assert order.number in text_of(listed)
    assert "Your admin contact places orders" in text_of(listed)
    assert "Cancel the order" not in text_of(shown)
    assert (new.status_code, cancelled.status_code) == (404, 404)
    assert Order.objects.get().state == "open"


def test_an_admin_contact_cancels_an_open_order_with_a_reason(client, licence, admin):
    order = make_order(licence, ordered_by=admin)
    url = reverse("entitlements:order_cancel", args=[order.number])

    silent = client.post(url, {})
    client.post(url, {"reason": "The wrong size"})
    again = client.post(url, {"reason": "Once more"})

    assert (silent.status_code, again.status_code) == (400, 409)
    text = text_of(client.get(reverse("entitlements:order", args=[order.number])))
    assert "The wrong size" in text
    assert "Cancel the order" not in text


def test_without_orders_the_list_says_what_can_be_ordered(client, licence, admin):
    assert "Nothing was ordered yet" in text_of(client.get(LIST))


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_orders(client, licence, admin, rows):
    for _ in range(rows):
        other = make_licence(licence.organisation)
        make_order(other, ordered_by=make_contact(licence.organisation))

    with asks(4):
        client.get(LIST)


def test_the_coverage_page_leads_an_admin_contact_to_the_order(client, licence, admin):
    link = f"{NEW}?licence={licence.pk}"

    theirs = client.get("/coverage/").content.decode()
    client.force_login(make_contact(licence.organisation))

    assert link in theirs
    assert link not in client.get("/coverage/").content.decode()


def signed_in_manager() -> Client:
    client = Client()
    client.force_login(make_manager())
    return client


def act(client, action, *orders, **fields):
    said = {"action": action, "_selected_action": [one.pk for one in orders], **fields}
    return client.post(ADMIN, said, follow=True)


def test_a_manager_marks_orders_paid_and_reads_what_could_not_be(licence):
    client = signed_in_manager()
    good, bad = make_order(licence), make_order(make_licence())

    answer = act(client, "mark_paid", good, bad)

    text = text_of(answer)
    assert f"{good.number} is paid, and delivered." in text
    assert f"{bad.number}: Gold incidents are sold while Premium runs" in text
    assert IncidentPack.objects.get().licence == licence
    assert set(Order.objects.values_list("state", flat=True)) == {"paid", "open"}


def test_a_manager_cancels_with_a_reason(licence):
    client, order = signed_in_manager(), make_order(licence)

    silent = act(client, "cancel", order)
    said = act(client, "cancel", order, reason="Never paid")

    assert "Say why the order is cancelled" in text_of(silent)
    assert f"{order.number} is cancelled." in text_of(said)
    assert Order.objects.get().reason == "Never paid"


def test_the_export_holds_every_order_and_no_formula(licence):
    make_order(licence, purchase_reference='=HYPERLINK("http://evil")', number="AO-2026-000001")
    make_order(licence, purchase_reference="+1, two", number="AO-2026-000002")

    answer = act(signed_in_manager(), "export_csv", *Order.objects.all())

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["number"] for row in rows] == ["AO-2026-000001", "AO-2026-000002"]
    assert rows[0]["purchase_reference"] == '\'=HYPERLINK("http://evil")'
    assert rows[1]["purchase_reference"] == "'+1, two"
    assert (rows[0]["what"], rows[0]["price"]) == ("5 Gold incidents", "500.00")


def test_the_managers_list_is_found_by_state_and_words(licence):
    client = signed_in_manager()
    order = make_order(licence, purchase_reference="PO 55")

    found = text_of(client.get(ADMIN, {"q": "PO 55", "state__exact": "open"}))
    none = text_of(client.get(ADMIN, {"q": "PO 55", "state__exact": "paid"}))

    assert order.number in found
    assert order.number not in none


@pytest.mark.parametrize("make", (make_engineer, make_tam, make_admin_contact))
def test_nobody_but_a_manager_settles_orders(client, licence, make, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    order = make_order(licence)
    client.force_login(make())

    answer = client.post(ADMIN, {"action": "mark_paid", "_selected_action": [order.pk]})

    assert answer.status_code in (302, 403, 404)
    assert Order.objects.get().state == "open"
