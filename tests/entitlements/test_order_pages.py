"""Orders in the portal: chosen, reviewed, placed, cancelled, and their paper."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.models import Billing, Licence, Order
from tests.factories import (
    make_admin_contact,
    make_billing,
    make_contact,
    make_licence,
    make_order,
    make_subscription,
)
from tests.pdf_text import pdf_text
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db
LIST, NEW = "/orders/", "/orders/new/"
REVIEW, BILLING = "/orders/review/", "/orders/billing/"


@pytest.fixture
def licence() -> Licence:
    """Premium since a month and for eleven more, seen from now; 1,000 EUR."""
    licence = make_licence(key="AXI-ONE")
    today = timezone.now().date()
    make_subscription(
        licence, starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=335)
    )
    make_billing(licence.organisation, name="Northwind SRL")
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
        "5 Gold incidents: 750.00 EUR without VAT",
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
    reviewed = text_of(client.get(REVIEW, {"licence": stranger.pk, "what": "5@750.00", "key": "k"}))

    assert "Choose a licence" in asked
    assert "Review the order" not in asked + strange + reviewed
    assert "has no Premium on" in chosen
    assert "5 Gold incidents" not in chosen
    assert (posted.status_code, Order.objects.count()) == (404, 0)


def test_ordering_twice_with_one_form_makes_one_order_and_shows_it(client, licence, admin):
    said = {"what": "5@750.00", "purchase_reference": "PO 9", "key": "k1", "total": "907.50"}

    first = client.post(f"{NEW}?licence={licence.pk}", said)
    second = client.post(f"{NEW}?licence={licence.pk}", said)

    order = Order.objects.get()
    assert first.url == second.url == reverse("entitlements:order", args=[order.number])
    text = text_of(client.get(first.url))
    for words in (
        "5 Gold incidents",
        "750.00 EUR",
        "157.50 EUR",
        "907.50 EUR",
        "PO 9",
        "Requested",
        "AXI-ONE",
    ):
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
    client.post(url, {"what": "5@750.00", "key": "k1", "total": "907.50"})

    answer = client.post(url, {"what": "10@1400.00", "key": "k1", "total": "1694.00"})

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


def chosen(licence, **more):
    return {
        "licence": licence.pk,
        "what": "5@750.00",
        "purchase_reference": "PO 9",
        "key": "k",
    } | more


def test_the_review_shows_price_vat_and_address_and_orders_nothing(client, licence, admin):
    page = client.get(REVIEW, chosen(licence))

    text = text_of(page)
    for words in (
        "Nothing is ordered yet",
        "Northwind SRL",
        "Romania",
        "PO 9",
        "VAT 21 %",
        "VAT of the seller's country",
        "907.50 EUR",
        "payable within 30 days",
    ):
        assert words.replace("'", "&#x27;") in text or words in text
    assert 'name="total" value="907.50"' in page.content.decode()
    assert not Order.objects.exists()


def test_what_nobody_reviewed_is_reviewed_first_and_nothing_is_lost(client, licence, admin):
    said = {"what": "5@750.00", "purchase_reference": "PO 9", "key": "k1"}

    unseen = client.post(f"{NEW}?licence={licence.pk}", said)
    changed = client.post(f"{NEW}?licence={licence.pk}", said | {"total": "750.00"}, follow=True)

    assert unseen.url.startswith(REVIEW)
    assert "purchase_reference=PO+9" in unseen.url
    assert "The VAT changed while you looked at it" in text_of(changed)
    assert not Order.objects.exists()


def test_without_a_billing_address_it_is_asked_for_on_the_way_and_leads_back(client):
    licence = make_licence()
    make_subscription(licence, ends_on=timezone.now().date() + timedelta(days=9))
    client.force_login(make_admin_contact(licence.organisation))
    given = {"name": "N GmbH", "street": "Weg 1", "city": "Köln", "country": "DE"}

    asked = client.get(REVIEW, chosen(licence))
    way = re.search(r'href="(/orders/billing/[^"]+)"', asked.content.decode()).group(1)
    form = client.get(way.replace("&amp;", "&"))
    back = re.search(r'name="next" value="([^"]+)"', form.content.decode()).group(1)
    back = back.replace("&amp;", "&")
    wrong = client.post(BILLING, given | {"vat_number": "DE-1", "next": back})
    right = client.post(BILLING, given | {"vat_number": "136 695 976", "next": back})
    review = text_of(client.get(right.url))

    assert "Give the billing address" in text_of(asked)
    assert "is no VAT number of Germany" in text_of(wrong)
    assert right.url == back
    assert "Reverse charge" in review
    assert Billing.objects.get().vat_number == "DE136695976"


@pytest.mark.parametrize("away", ("https://evil.example/", "//evil.example", "/admin/", "x"))
def test_the_billing_page_leads_nowhere_else(client, licence, admin, away):
    given = {"name": "N", "street": "W", "city": "K", "country": "US", "next": away}

    assert client.post(BILLING, given).url == BILLING


def test_a_free_year_is_ordered_without_an_address_and_counts_at_once(client):
    licence = make_licence()
    client.force_login(make_admin_contact(licence.organisation))
    page = client.get(REVIEW, chosen(licence, what="first@0.00"))

    said = {"what": "first@0.00", "key": "k", "total": "0.00"}
    answer = client.post(f"{NEW}?licence={licence.pk}", said, follow=True)

    assert "Order, free of charge" in text_of(page)
    assert "nothing has to be paid for it" in text_of(answer)
    assert "Delivered" in text_of(answer)


def test_the_pro_forma_invoice_is_a_pdf_with_the_sums(client, licence, admin):
    made = client.post(
        f"{NEW}?licence={licence.pk}", {"what": "5@750.00", "key": "k1", "total": "907.50"}
    )

    paper = client.get(f"{made.url}pro-forma.pdf")

    text = pdf_text(paper.content)
    assert paper["Content-Type"] == "application/pdf"
    for words in ("PRO-FORMA INVOICE", "Northwind SRL", "750.00", "VAT 21 %", "157.50", "907.50"):
        assert words in text


def test_the_coverage_page_leads_an_admin_contact_to_the_order(client, licence, admin):
    link = f"{NEW}?licence={licence.pk}"

    theirs = client.get("/coverage/").content.decode()
    client.force_login(make_contact(licence.organisation))

    assert link in theirs
    assert link not in client.get("/coverage/").content.decode()
