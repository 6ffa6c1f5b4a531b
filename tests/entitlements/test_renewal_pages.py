"""Renewals on the account manager's pages and in the portal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from entitlements.models import Licence, RenewalProposal
from tests.factories import (
    make_admin_contact,
    make_billing,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_partner_engineer,
    make_renewal,
    make_subscription,
    make_tam,
)
from tests.pdf_text import pdf_text
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db
LIST = "/admin/renewals/"


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def licence() -> Licence:
    """Premium that ends in twenty days."""
    licence = make_licence(make_organisation(name="Northwind"), key="AXI-1")
    today = timezone.now().date()
    make_subscription(
        licence, starts_on=today - timedelta(days=345), ends_on=today + timedelta(days=20)
    )
    return licence


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_tam_reviews_and_sends_and_the_customer_accepts_in_one_click(licence):
    draft = make_renewal(licence.subscriptions.get(), state="drafted", sent_at=None)
    make_billing(licence.organisation)
    tam = signed_in(make_tam(licence.organisation))
    admin = signed_in(make_admin_contact(licence.organisation))
    page = f"/renewals/{draft.number}/"

    hidden = admin.get(page).status_code
    listed = text_of(tam.get(LIST))
    said = {"price": "300.00", "note": "As agreed", "step": "send"}
    sent = text_of(tam.post(f"{LIST}{draft.number}/step/", said, follow=True))
    coverage = text_of(admin.get("/coverage/"))
    shown = text_of(admin.get(page))
    looked_at = {"total": "363.00"}
    unseen = admin.post(f"{page}accept/", {})
    cheaper = admin.post(f"{page}accept/", {"total": "300.00"})
    done = admin.post(f"{page}accept/", {"purchase_reference": "PO 4"} | looked_at, follow=True)
    again = admin.post(f"{page}accept/", looked_at)

    assert hidden == 404
    assert "Northwind" in listed
    assert f"{draft.number} is sent." in sent
    assert f'href="{page}"' in coverage
    for words in ("As agreed", "300.00 EUR", "63.00 EUR", "363.00 EUR", "Accept, with obligation"):
        assert words in shown
    assert (unseen.status_code, cheaper.status_code) == (400, 409)
    assert "With the VAT of now it costs 363.00 EUR" in text_of(cheaper)
    assert 'name="total" value="363.00"' in text_of(cheaper)
    assert "goes on without a gap" in text_of(done)
    assert "It is delivered already." in text_of(done)
    assert again.status_code == 409
    assert RenewalProposal.objects.get().order.purchase_reference == "PO 4"
    assert f'href="{page}"' not in text_of(admin.get("/coverage/"))


def test_without_an_address_the_way_leads_over_it_and_back(licence):
    proposal = make_renewal(licence.subscriptions.get())
    admin = signed_in(make_admin_contact(licence.organisation))
    page = f"/renewals/{proposal.number}/"
    given = {"name": "N", "street": "S 1", "city": "Bonn", "country": "DE", "next": page}

    shown = text_of(admin.get(page))
    refused = admin.post(f"{page}accept/", {"total": str(proposal.price)})
    back = admin.post("/orders/billing/", given)

    assert "Give the billing address first" in shown
    assert (refused.status_code, back.headers["Location"]) == (409, page)
    assert "We do not know yet to whom the invoice goes" in text_of(refused)


def test_a_customer_declines_with_a_reason_and_the_team_reads_it(licence):
    proposal = make_renewal(licence.subscriptions.get())
    admin = signed_in(make_admin_contact(licence.organisation))
    page = f"/renewals/{proposal.number}/"

    silent = admin.post(f"{page}decline/", {})
    admin.post(f"{page}decline/", {"reason": "Too dear"})

    assert silent.status_code == 400
    assert "Too dear" in text_of(admin.get(page))
    manager = signed_in(make_manager())
    assert "Too dear" in text_of(manager.get(LIST, {"show": "declined"}))


def test_other_contacts_read_it_and_answer_nothing(licence):
    proposal = make_renewal(licence.subscriptions.get())
    client = signed_in(make_contact(licence.organisation))
    page = f"/renewals/{proposal.number}/"

    shown = text_of(client.get(page))
    answers = [client.post(f"{page}{step}/", {"reason": "x"}) for step in ("accept", "decline")]

    assert "Your admin contact accepts or declines it" in shown
    assert [one.status_code for one in answers] == [404, 404]


def test_once_it_is_over_the_page_says_what_helps(licence):
    ending = licence.subscriptions.get()
    today = timezone.now().date()
    ending.starts_on, ending.ends_on = today - timedelta(days=400), today - timedelta(days=31)
    ending.save()
    proposal = make_renewal(ending)
    admin = signed_in(make_admin_contact(licence.organisation))

    text = text_of(admin.get(f"/renewals/{proposal.number}/"))

    assert "It could be accepted until" in text
    assert "Order it anew" in text
    assert "Accept it" not in text
    assert "was not answered. You can order it anew" in text_of(admin.get("/coverage/"))


def test_the_proposal_is_a_pdf_with_its_words(licence):
    proposal = make_renewal(licence.subscriptions.get(), note="With thanks for three years.")
    make_billing(licence.organisation, name="Northwind SRL")
    admin = signed_in(make_admin_contact(licence.organisation))

    text = pdf_text(admin.get(f"/renewals/{proposal.number}/proposal.pdf").content)

    for words in ("RENEWAL PROPOSAL", "Northwind SRL", "With thanks", "350.00", "423.50"):
        assert words in text


def test_who_lapsed_stands_on_a_list_with_the_reason(licence):
    ending = licence.subscriptions.get()
    ending.ends_on = timezone.now().date() - timedelta(days=3)
    ending.save()
    make_renewal(ending, state="declined", answered_at=timezone.now(), reason="Merged")
    manager, other = signed_in(make_manager()), signed_in(make_tam(make_organisation()))

    shown = text_of(manager.get(LIST, {"show": "lapsed"}))

    assert "Northwind" in shown
    assert "Merged" in shown
    assert "Nobody lapsed" in text_of(other.get(LIST, {"show": "lapsed"}))


@pytest.mark.parametrize(
    "make", (make_engineer, make_partner_engineer, make_admin_contact, make_contact)
)
def test_nobody_else_has_the_desks_pages(licence, make):
    client, proposal = signed_in(make()), make_renewal(licence.subscriptions.get())
    paths = (LIST, f"{LIST}{proposal.number}/", f"{LIST}{proposal.number}/proposal.pdf")

    assert 200 not in [client.get(path).status_code for path in paths]
    assert client.post(f"{LIST}{proposal.number}/step/", {"step": "send"}).status_code != 200


@pytest.mark.parametrize("price", ("-1", "x", "1.234", "99999999999999"))
def test_a_price_that_is_none_is_said_on_the_form(licence, price):
    draft = make_renewal(licence.subscriptions.get(), state="drafted", sent_at=None)
    client = signed_in(make_manager())

    answer = client.post(
        f"{LIST}{draft.number}/step/", {"price": price, "note": "n", "step": "send"}
    )

    assert answer.status_code == 400
    assert RenewalProposal.objects.get().state == "drafted"


@pytest.mark.parametrize("count", (1, 3))
@pytest.mark.parametrize("show", ("all", "lapsed"))
def test_the_lists_cost_the_same_for_any_number(count, show):
    client = signed_in(make_manager())
    client.get(LIST)
    ended = timezone.now().date() - timedelta(days=9)
    for _ in range(count):
        make_renewal(make_subscription(starts_on=ended - timedelta(days=9), ends_on=ended))

    with asks(8):
        client.get(LIST, {"show": show})
