"""Orders on the vendor's pages: who takes which step, and the bookkeeping's file (OR1 to OR3)."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from core.models import JournalEntry
from core.registries import badges
from entitlements.actions import order_steps
from entitlements.models import IncidentPack, Licence, Order, SellingTermsVersion
from tests.factories import (
    make_admin_contact,
    make_billing,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_order,
    make_organisation,
    make_partner_engineer,
    make_subscription,
    make_tam,
)
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db
LIST, TERMS, LINES = "/admin/orders/", "/admin/orders/terms/", "/admin/orders/lines/"


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def licence() -> Licence:
    licence = make_licence(make_organisation(name="Northwind"), key="AXI-1")
    make_subscription(licence, ends_on="2029-01-01")
    make_billing(licence.organisation, name="Northwind SRL")
    return licence


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def step(client, order, name, **more):
    return client.post(f"{LIST}{order.number}/step/", {"step": name} | more, follow=True)


def test_a_manager_takes_an_order_all_the_way_from_the_list(licence):
    client, order = signed_in(make_manager()), make_order(licence)

    for name, words in (
        ("confirm", "is confirmed"),
        ("invoice", "is a line of this month"),
        ("paid", "is paid, and delivered"),
    ):
        listed = text_of(client.get(LIST)) if name != "paid" else ""
        assert order.number in listed or name == "paid"
        assert words in text_of(step(client, order, name, **{"from": "list"}))

    assert Order.objects.get().state == "delivered"
    assert order.number not in text_of(client.get(LIST))
    assert order.number in text_of(client.get(LIST, {"show": "delivered"}))


def test_a_payment_stays_noted_where_the_delivery_is_refused(licence):
    client = signed_in(make_manager())
    order = make_order(
        make_licence(), state="invoiced", invoiced_at=datetime(2026, 3, 2, tzinfo=UTC)
    )

    said = text_of(step(client, order, "paid"))
    again = text_of(step(client, order, "deliver"))

    assert "is paid, and not delivered: Gold incidents are sold while Premium runs" in said
    assert "Gold incidents are sold while Premium runs" in again
    assert (Order.objects.get().state, IncidentPack.objects.count()) == ("paid", 0)


def test_a_tam_confirms_and_sees_their_own_customers_alone(licence):
    tam = make_tam(licence.organisation)
    client = signed_in(tam)
    ours, theirs = make_order(licence), make_order()

    page = text_of(client.get(LIST))
    other = client.get(f"{LIST}{theirs.number}/")
    refused = [step(client, ours, name).status_code for name in ("invoice", "paid", "deliver")]
    confirmed = text_of(step(client, ours, "confirm"))

    assert ours.number in page
    assert theirs.number not in page
    assert "For the bookkeeping" not in page
    assert other.status_code == 404
    assert refused == [404, 404, 404]
    assert "is confirmed" in confirmed
    assert "Put on the invoice lines" not in confirmed


@pytest.mark.parametrize(
    "make",
    (
        make_engineer,
        lambda: make_engineer(role=Role.TS2),
        make_partner_engineer,
        make_admin_contact,
        make_contact,
    ),
)
def test_nobody_else_has_these_pages(licence, make):
    client, order = signed_in(make()), make_order(licence)
    paths = (LIST, TERMS, f"{LIST}{order.number}/", f"{LIST}{order.number}/pro-forma.pdf")

    answers = [client.get(path).status_code for path in paths]
    answers += [step(client, order, "confirm").status_code, client.post(LINES).status_code]

    assert 200 not in answers[:-2]
    assert Order.objects.get().state == "open"


def test_the_badge_counts_what_waits_for_us_and_for_a_tam_what_they_may_confirm(licence):
    manager, tam = make_manager(), make_tam(licence.organisation)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    make_order(licence)
    make_order()
    make_order(licence, state="confirmed")
    make_order(licence, state="invoiced", invoiced_at=at)
    make_order(licence, state="paid", paid_at=at)
    rows = badges["orders"].rows

    assert rows(manager).count() == 4
    assert rows(tam).count() == 1
    assert rows(make_engineer()) is None


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_orders(licence, count):
    client = signed_in(make_manager())
    client.get(LIST)
    for _ in range(count):
        make_order()

    with asks(7):
        client.get(LIST)


def read(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_bookkeeping_gets_each_line_in_its_month_and_a_credit_where_it_was_cancelled(licence):
    """By the seller's clock: the end of February in Bucharest is 22:00 UTC."""
    manager = make_manager()
    client = signed_in(manager)

    def invoiced(number, at, **more):
        order = make_order(licence, number=number, **more)
        order_steps.confirm_order(order, by=manager, at=at)
        return order_steps.invoice_order(order, by=manager, at=at, invoice_number="=1+1")

    invoiced("AO-1", datetime(2026, 2, 28, 21, 59, tzinfo=UTC), purchase_reference="+1, two")
    gone = invoiced("AO-2", datetime(2026, 2, 28, 22, 0, tzinfo=UTC))
    make_order(licence, number="AO-3")
    before = [read(client.post(LINES, {"month": month})) for month in ("2026-02", "2026-03")]
    order_steps.cancel_order(
        gone, by=manager, at=datetime(2026, 4, 2, tzinfo=UTC), reason="Never paid"
    )
    months = ("2026-02", "2026-03", "2026-04")
    february, march, april = (read(client.post(LINES, {"month": one})) for one in months)

    assert before[0] == february
    assert [(one["kind"], one["order"]) for one in february + march + april] == [
        ("invoice", "AO-1"),
        ("invoice", "AO-2"),
        ("credit", "AO-2"),
    ]
    (line,), (credit,) = february, april
    assert line["day"] == "2026-02-28"
    assert (line["invoice"], line["purchase_reference"]) == ("'=1+1", "'+1, two")
    assert (line["net"], line["vat"], line["total"]) == ("500.00", "105.00", "605.00")
    assert (line["vat_rule"], line["bill_to"], line["country"]) == (
        "domestic",
        "Northwind SRL",
        "RO",
    )
    assert (credit["net"], credit["total"]) == ("-500.00", "-605.00")
    assert sum(Decimal(one["total"]) for one in february + march + april) == 605
    assert JournalEntry.objects.filter(kind="export", by=manager).count() == 5


@pytest.mark.parametrize("month", ("", "2026-13", "0000-01", "2026", "now", "2026-3"))
def test_what_is_no_month_is_asked_for_again(month):
    answer = signed_in(make_manager()).post(LINES, {"month": month}, follow=True)

    assert "That is no month" in text_of(answer)


TERMS_GIVEN = {"country": "RO", "vat_number": "", "payment_days": "14", "bank": "Our bank"}


def test_managers_edit_rates_and_each_edit_is_kept_with_who(licence):
    manager = make_manager()
    client = signed_in(manager)

    client.post(TERMS, TERMS_GIVEN | {"rates": "ro 21 %\nDE 19,0\n"})
    again = client.post(TERMS, TERMS_GIVEN | {"rates": "DE 19\nRO 21.00"}, follow=True)

    (made,) = SellingTermsVersion.objects.all()
    assert (made.version, made.made_by, made.rates) == (1, manager, {"DE": "19", "RO": "21"})
    assert made.terms.payment_days == 14
    assert "Nothing was different" in text_of(again)
    assert JournalEntry.objects.get(kind="selling_terms.changed").by == manager


@pytest.mark.parametrize(
    ("rates", "words"),
    (
        ("", "This field is required"),
        ("DE 19", "Give the rate of your own country, too."),
        ("RO x", "is no rate. Write it as RO 21."),
        ("RO nan", "is no rate"),
        ("RO 21\nro 22", "RO stands there twice"),
        ("RO 61", "A rate lies between 0 and 60 per cent."),
        ("RO -1", "A rate lies between 0 and 60 per cent."),
        ("RO 21.005", "two decimals at most"),
        ("RO 21\nXX 3", "No country has the code XX."),
        ("RO 21\nUS 3", "US has no rate"),
    ),
)
def test_rates_that_make_no_sense_are_named(rates, words):
    answer = signed_in(make_manager()).post(TERMS, TERMS_GIVEN | {"rates": rates})

    assert (answer.status_code, words in text_of(answer)) == (400, True)
    assert not SellingTermsVersion.objects.exists()


def test_a_tam_gives_the_address_of_their_customer(licence):
    client = signed_in(make_tam(licence.organisation))
    other = make_organisation()
    given = {"name": "N AG", "street": "Weg 1", "city": "Bern", "country": "CH"}

    mine = client.post(f"/admin/organisations/{licence.organisation.slug}/billing/", given)
    theirs = client.post(f"/admin/organisations/{other.slug}/billing/", given)

    assert (mine.status_code, theirs.status_code) == (302, 404)
    licence.organisation.billing.refresh_from_db()
    assert licence.organisation.billing.country == "CH"
