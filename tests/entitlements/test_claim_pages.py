"""Where claimed licences are seen and decided on: portal, API, staff pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.tokens import make_api_token
from entitlements.models import KeySchemesVersion, Licence
from tests.factories import (
    days,
    make_admin_contact,
    make_claim,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def api(person) -> Client:
    token = make_api_token(person, at=timezone.now())
    return Client(headers={"Authorization": f"Token {token}"})


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def recent(organisation=None, **fields) -> Licence:
    return make_claim(organisation, registered_on=TODAY, **fields)


# In the portal and by API


@pytest.mark.parametrize("key", ("FREE-1", "FOO", "<b>x</b>"))
def test_what_can_be_no_key_gets_a_clear_answer_at_both_doors(key):
    contact = make_contact()
    form = {"key": key, "product": "AXIGEN", "edition": "business", "invoiced_on": TODAY}

    page = signed_in(contact).post(reverse("entitlements:licence_new"), form)
    answer = api(contact).post(
        "/api/v1/licences/", {"key": key, "edition": "business"}, "application/json"
    )

    assert (page.status_code, answer.status_code) == (400, 400)
    assert "they look like AXG-B-7777-7777" in text_of(page)
    assert answer.json()["code"] == "licence_key_malformed"
    assert "<b>x</b>" not in text_of(page)
    assert not Licence.objects.exists()


def test_by_api_somebody_elses_key_is_answered_as_one_that_does_not_exist():
    make_licence(key="AXG-B-1111-1111", registered_on=TODAY)
    client = api(make_contact())

    theirs, nobodys = (
        client.post("/api/v1/licences/", {"key": key, "edition": "business"}, "application/json")
        for key in ("AXG-B-1111-1111", "AXG-B-2222-2222")
    )

    assert theirs.status_code == nobodys.status_code == 201
    same = [
        {name: value for name, value in one.json().items() if name not in ("id", "key")}
        for one in (theirs, nobodys)
    ]
    assert same[0] == same[1]
    assert same[0]["state"] == "waiting"


def test_the_api_explains_the_coverage_of_a_claim_and_staff_read_the_one_that_counts():
    counting = make_licence(key="AXG-B-1111-1111", registered_on=TODAY)
    claim = recent(key="AXG-B-1111-1111")
    asked = {"licence": claim.key, "service": "troubleshooting"}

    found = api(make_contact(claim.organisation)).get("/api/v1/coverage/", asked).json()
    staff = api(make_manager()).get("/api/v1/coverage/", asked).json()

    assert (found["covered"], found["level"]) == (False, None)
    assert [one["code"] for one in found["reasons"]] == ["licence_not_confirmed"]
    assert "the report is taken up then" in found["remedies"][0]
    assert found["availability"]["telephone"]["reason"] == (
        "The registered licence is not confirmed yet."
    )
    assert (staff["covered"], counting.counts) == (True, True)


def test_what_if_and_the_coverage_page_say_that_it_waits_and_offer_nothing_to_buy():
    claim = recent()
    client = signed_in(make_admin_contact(claim.organisation))
    asked = {"licence": str(claim.pk), "service": "troubleshooting", "channel": "email"}

    answer = text_of(client.get(reverse("entitlements:what_if"), asked))
    page = text_of(client.get(reverse("entitlements:coverage")))
    order = text_of(client.get(reverse("entitlements:order_new")))

    assert "waits until the registered licence is confirmed" in answer
    assert "Waits for confirmation" in page
    assert "Renew, or order more" not in page
    assert claim.key not in order


# On the staff's pages


def test_the_list_shows_what_waits_to_whom_it_may_concern():
    here = make_organisation(name="Northwind")
    claim = recent(here, check_said="The vendor's service does not know the key.")
    counting = make_licence(make_organisation(name="Fabrikam"), key=claim.key)
    recent(key="AXG-B-9999-9999")  # a stranger's
    declined = recent(here, declined_at=timezone.now())
    page = reverse("admin:claims")

    manager = text_of(signed_in(make_manager()).get(page))
    tam = text_of(signed_in(make_tam(here)).get(page))

    assert claim.key in manager
    assert "AXG-B-9999-9999" in manager
    assert f"Counts elsewhere</span> {counting.organisation}" in manager
    assert claim.key in tam
    assert "AXG-B-9999-9999" not in tam
    assert "Fabrikam" not in tam
    assert declined.key not in manager


def test_the_badge_counts_what_waits_for_whom_it_concerns():
    here = make_organisation()
    recent(here)
    recent(here)
    recent()  # a stranger's
    tam = signed_in(make_tam(here)).get(reverse("admin:claims"))
    engineer = signed_in(make_engineer()).get(reverse("admin:queue"))

    assert 'Licences to confirm <span class="count">2</span>' in text_of(tam)
    assert "Licences to confirm" not in text_of(engineer)


@pytest.mark.parametrize("made", (make_tam, lambda _: make_manager()))
def test_the_list_costs_the_same_for_one_and_for_three(made):
    here = make_organisation()
    client, counts = signed_in(made(here)), []
    for number in range(3):
        claim = recent(here)
        make_licence(key=claim.key)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:claims"))
        counts.append(len(queries) if number else None)

    assert counts[1] == counts[2]


def test_a_manager_confirms_with_the_price_and_a_tam_without():
    here = make_organisation()
    first, second = recent(here), recent(here)
    manager, tam = signed_in(make_manager()), signed_in(make_tam(here))

    done = manager.post(address(first), {"confirm": "1", "price": "1200.50"}, follow=True)
    shown = tam.get(address(second))
    tam.post(address(second), {"confirm": "1", "price": "7"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, str(first.price)) == ("confirmed", "1200.50")
    assert "is confirmed and counts from" in text_of(done)
    assert "Its price" not in text_of(shown)
    assert (second.state, str(second.price)) == ("confirmed", "1000.00")


def address(claim: Licence) -> str:
    return reverse("admin:claim", args=[claim.pk])


def test_what_is_refused_stands_on_its_form_and_changes_nothing():
    claim = recent()
    make_licence(key=claim.key)
    client = signed_in(make_manager())

    elsewhere = client.post(address(claim), {"confirm": "1", "price": ""})
    comma = client.post(address(claim), {"confirm": "1", "price": "1,2"})
    why = client.post(address(claim), {"decline": "1", "reason": ""})
    done = client.post(
        address(claim), {"decline": "1", "reason": "Of another company"}, follow=True
    )
    again = client.post(address(claim), {"decline": "1", "reason": "Of another company"})

    assert [one.status_code for one in (elsewhere, comma, why, again)] == [409, 400, 400, 409]
    assert "counts for another registration already" in text_of(elsewhere)
    assert "is declined, and" in text_of(done)
    claim.refresh_from_db()
    assert (claim.state, claim.declined_for) == ("declined", "Of another company")
    assert "Of another company" in text_of(client.get(address(claim)))


def test_for_everybody_else_the_pages_do_not_exist():
    partner = make_partner()
    claim = recent(make_organisation(partner=partner))
    registered = make_licence(claim.organisation)
    others = [
        make_engineer(),
        make_partner_engineer(partner=partner),
        make_tam(make_organisation()),
        make_contact(claim.organisation),
    ]

    answers = [signed_in(one).get(address(claim)).status_code for one in others]
    listed = [signed_in(one).get(reverse("admin:claims")).status_code for one in others]

    assert answers == [404] * 4
    assert listed == [404, 404, 200, 404]  # an account manager of others sees an empty list
    assert signed_in(make_manager()).get(address(registered)).status_code == 404
    assert Client().get(address(claim)).status_code == 302


def test_managers_set_the_forms_of_keys_and_try_one_first():
    client = signed_in(make_manager())
    page = reverse("admin:licence_keys")
    form = {
        "patterns_business": "axg-b-####-####-####-####\n\nAXG-B-####-####-####-####",
        "check_business": "luhn",
        "patterns_office": "AXG-O-####-####",
        "check_office": "",
        "patterns_evaluation": "",
        "check_evaluation": "",
        "reason": "The vendor's own form",
    }

    tried = client.post(page, form | {"try": "1", "key": "axg-b-4539-1488-0343-6467"})
    wrong = client.post(page, form | {"try": "1", "key": "FREE-1"})
    broken = client.post(page, form | {"patterns_office": "<b>x</b>", "reason": ""})
    saved = client.post(page, form, follow=True)
    again = client.post(page, form, follow=True)

    assert "its check digit is right: it counts at once" in text_of(tried)
    assert "A key of no edition" in text_of(wrong)
    assert broken.status_code == 400
    assert "Office edition: “&lt;B&gt;X&lt;/B&gt;” has signs that are in no key" in text_of(broken)
    assert "Saved as version 1" in text_of(saved)
    assert "Nothing was different" in text_of(again)
    version = KeySchemesVersion.objects.get()
    assert version.read()["business"].patterns == ("AXG-B-####-####-####-####",)


def test_the_forms_of_keys_are_the_managers():
    page = reverse("admin:licence_keys")

    assert signed_in(make_tam(make_organisation())).get(page).status_code == 404
    assert signed_in(make_engineer()).post(page, {}).status_code == 404


def test_the_time_line_says_what_waits_and_leads_to_the_decision():
    here = make_organisation()
    claim = recent(here)
    recent(here, declined_at=timezone.now() - days(1))
    page = reverse("admin:contracts", args=[here.slug])

    read = text_of(signed_in(make_manager()).get(page))

    assert "Registered, not confirmed yet" in read
    assert "Registered, and declined" in read
    assert address(claim) in read
    assert f"?licence={claim.pk}" not in read  # nothing is sold for it
