"""The pages of search and the API's, for each kind of person."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_message,
    make_organisation,
    make_partner,
    make_partner_engineer,
)
from tests.tickets.api.client import client_of
from tests.tickets.search.finding import indexed
from tickets.enums import MessageKind

pytestmark = pytest.mark.django_db

STAFF, PORTAL, API = reverse("admin:search"), reverse("tickets:search"), reverse("api:search")
TYPING = reverse("admin:search_suggestions")


def relays(number=1, **fields):
    organisation = fields.pop("organisation", None) or make_organisation(name="Northwind")
    reporter = make_contact(organisation)
    made = [
        make_incident(
            organisation=organisation, reporter=reporter, subject=f"Relay {n} & <b>", **fields
        )
        for n in range(number)
    ]
    for one in made:
        make_message(one, body="It refuses <script>alert(1)</script> the certificate")
        make_message(one, body="secretnote", kind=MessageKind.NOTE)
    indexed()
    return made


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_staff_see_what_was_understood_and_found_marked_and_escaped(client):
    relays()
    client.force_login(make_engineer())

    page = text(client.get(STAFF, {"q": "relay certificates state:new state:x"}))

    assert "<mark>Relay</mark> 0 &amp; &lt;b&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the <mark>certificate</mark>" in page
    assert "<script>alert" not in page
    assert "state: knows new, open, waiting, solved, closed, not “x”." in page
    assert "“stat:” is no field" in text(client.get(STAFF, {"q": "stat:open"}))


def test_a_typo_that_was_mended_is_said(client):
    relays()
    client.force_login(make_engineer())

    page = text(client.get(STAFF, {"q": "relay certifcate"}))

    assert "This is for <strong>relay certificate</strong>" in page
    assert "<mark>certificate</mark>" in page


def test_a_number_is_on_top_and_has_the_focus(client):
    (incident,) = relays()
    client.force_login(make_engineer())

    page = text(client.get(STAFF, {"q": f"#{int(incident.number[-6:])}"}))

    assert "The incident itself" in page
    assert (
        f'href="{reverse("admin:incident", args=[incident.number])}" dir="auto" autofocus' in page
    )


def test_pages_of_results(client):
    relays(25)
    client.force_login(make_manager())

    first, second = (client.get(STAFF, {"q": "relay", "page": n}) for n in (1, 2))

    assert "Page 1 of 2" in text(first)
    assert len(second.context["found"].hits) == 5
    assert len(client.get(STAFF, {"q": "relay", "page": "99"}).context["found"].hits) == 5


@pytest.mark.parametrize("q", ("", "\0", "'", "&|!:*()", "word " * 10_000, "%00", "a" * 200))
@pytest.mark.parametrize("page", ("", "x", "-1", "0", "9" * 30, "\0"))
def test_nonsense_is_no_error(client, q, page):
    client.force_login(make_engineer())
    asked = {"q": q, "page": page}

    assert client.get(STAFF, asked).status_code == 200
    assert client.get(TYPING, asked).status_code == 200


def test_ten_thousand_words_are_trimmed_and_it_is_said(client):
    client.force_login(make_engineer())

    page = text(client.get(STAFF, {"q": "word " * 600}))

    assert "Only the first 2,000 characters were looked at." in page
    assert "Only the first 30 words were looked at." in page


def test_while_typing_the_first_eight_are_offered(client):
    relays(10)
    client.force_login(make_engineer())

    page = text(client.get(TYPING, {"q": "rel"}))

    assert page.count('role="option"') == 9
    assert "All results" in page
    assert "Nothing so far." in text(client.get(TYPING, {"q": "zzz"}))
    assert text(client.get(TYPING, {"q": ""})).strip() == ""


def test_customers_find_their_own_without_notes_tiers_and_owners(client):
    (incident,) = relays()
    client.force_login(incident.reporter)

    page = text(client.get(PORTAL, {"q": "relay"}))
    assert reverse("tickets:detail", args=[incident.number]) in page
    assert "secretnote" not in page
    assert "TS1" not in page
    assert "Nothing was found" in text(client.get(PORTAL, {"q": "secretnote"}))

    client.force_login(make_contact())
    page = text(client.get(PORTAL, {"q": "relay"}))
    assert "Nothing was found" in page
    assert incident.number not in page


def test_a_partner_finds_those_of_its_customers_on_the_desk(client):
    partner = make_partner()
    relays(organisation=make_organisation(partner=partner))
    relays()
    client.force_login(make_partner_engineer(partner))

    assert len(client.get(STAFF, {"q": "relay"}).context["found"].hits) == 1


def test_the_portals_pages_have_the_field(client):
    client.force_login(make_contact())

    assert f'action="{PORTAL}"' in text(client.get(reverse("tickets:overview")))


@pytest.mark.parametrize("rows", (1, 3))
@pytest.mark.parametrize("asked", ("relay", "relay state:new customer:northwind", "state:new"))
def test_the_page_costs_the_same_statements_whatever_it_finds(
    client, rows, asked, django_assert_max_num_queries
):
    relays(rows)
    client.force_login(make_engineer())
    client.get(STAFF)

    with django_assert_max_num_queries(24):  # of them 9 are the savepoints of this test
        assert len(client.get(STAFF, {"q": asked}).context["found"].hits) == rows


def test_the_api_says_what_was_found_and_what_was_not_understood():
    (incident,) = relays()

    found = client_of(incident.reporter).get(API, {"q": "relay state:x"}).json()

    (hit,) = found.pop("results")
    assert found == {
        "count": 1,
        "more": False,
        "next": None,
        "previous": None,
        "mended": "",
        "problems": ["state: knows new, open, waiting, solved, closed, not “x”."],
    }
    assert hit["kind"] == "incident"
    assert hit["number"] == incident.number
    assert hit["url"].endswith(f"/incidents/{incident.number}/")
    assert hit["url"].startswith("http")
    assert hit["title"] == "Relay 0 & <b>"
    assert hit["snippet"] == "It refuses <script>alert(1)</script> the certificate"


def test_the_api_has_pages_and_refuses_nonsense_in_words(client):
    relays(3)
    program = client_of(make_engineer())

    page = program.get(API, {"q": "relay", "page_size": "2"}).json()
    assert (page["count"], page["next"], len(page["results"])) == (3, 2, 2)
    page = program.get(API, {"q": "relay", "page_size": "2", "page": "2"}).json()
    assert (page["previous"], len(page["results"])) == (1, 1)
    for wrong in ({}, {"q": "x", "page": "x"}, {"q": "x", "page_size": "1000"}):
        assert program.get(API, wrong).status_code == 400
    assert program.get(API, {"q": "a\0b"}).status_code in (200, 400)
    assert client.get(API, {"q": "relay"}).status_code == 401
