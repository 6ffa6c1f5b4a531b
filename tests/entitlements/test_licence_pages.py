"""The manager's pages of a licence, and where a transferred one is seen."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entitlements.models import Licence
from tests.entitlements.test_transfers import moved
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engineer,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_subscription,
    make_tam,
)

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(licence: Licence) -> str:
    return reverse("admin:entitlements_licence_transfer", args=[licence.pk])


def page_action(person, licence: Licence, **fields):
    return signed_in(person).post(address(licence), fields, follow=True)


def test_a_manager_transfers_a_licence_and_reads_first_what_goes_along():
    licence, there, manager = make_licence(), make_organisation(name="Fabrikam"), make_manager()
    today = timezone.now().date()
    make_subscription(licence, starts_on=today - days(9), ends_on=today + days(90))
    make_pack(licence, purchased_at=timezone.now() - days(1))

    shown = signed_in(manager).get(address(licence))
    done = page_action(manager, licence, to=there.pk, reason="Sold with the branch", sure="on")

    assert "goes to the new owner today" in shown.content.decode()
    assert "5 Gold incidents go along" in shown.content.decode()
    new = Licence.objects.held().get()
    assert new.organisation == there
    assert done.redirect_chain[-1][0] == reverse("admin:entitlements_licence_change", args=[new.pk])
    assert "It is Fabrikam&#x27;s now" in done.content.decode()


def test_what_is_refused_or_not_confirmed_is_said_on_the_form():
    licence, manager = make_licence(), make_manager()
    gone = make_licence(transferred_at=NINE)
    there = make_organisation()

    unsure = page_action(manager, licence, to=there.pk, reason="Sold")
    same = page_action(manager, licence, to=licence.organisation_id, reason="Sold", sure="on")
    again = page_action(manager, gone, to=there.pk, reason="Sold", sure="on")

    assert set(unsure.context["form"].errors) == {"sure"}
    assert set(same.context["form"].errors) == {"to"}
    assert again.status_code == 409
    assert "was transferred on 2026-03-02" in again.content.decode()
    assert list(Licence.objects.held()) == [licence]


@pytest.mark.parametrize("name", ("price", "transfer"))
def test_for_everybody_but_managers_the_pages_do_not_exist(name):
    licence = make_licence()
    page = reverse(f"admin:entitlements_licence_{name}", args=[licence.pk])

    answers = [
        signed_in(make_tam(licence.organisation)).get(page).status_code,
        signed_in(make_engineer()).post(page, {"price": "1"}).status_code,
        signed_in(make_manager()).get(page.replace(str(licence.pk), "999999")).status_code,
    ]

    assert answers == [404, 404, 404]
    assert signed_in(make_contact()).get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_a_manager_sets_the_price_and_a_comma_is_refused():
    licence, manager = make_licence(price=Decimal(0)), make_manager()
    page = reverse("admin:entitlements_licence_price", args=[licence.pk])
    listed = reverse("admin:entitlements_licence_changelist")
    client = signed_in(manager)

    def to_set() -> bool:
        rows = client.get(listed, {"priced": "no"}).context["cl"].result_list
        return licence in rows

    waited = to_set()
    comma = client.post(page, {"price": "1,200"})
    done = client.post(page, {"price": "1200.50"})

    licence.refresh_from_db()
    assert (waited, to_set()) == (True, False)
    assert (comma.status_code, done.status_code) == (400, 302)
    assert licence.price == Decimal("1200.50")
    assert page in client.get(done["Location"]).content.decode()


def test_the_staffs_page_of_the_former_owner_says_where_it_went_to_who_may_see_both():
    here, there = make_organisation(name="Northwind"), make_organisation(name="Fabrikam")
    tam, manager = make_tam(here), make_manager()
    moved(make_licence(here), there, by=manager)
    page = reverse("admin:organisation", args=[here.slug])

    read = {one: text_of(signed_in(one).get(page)) for one in (tam, manager)}

    assert "on 2 Mar 2026, to another organisation" in read[tam]
    assert "Fabrikam" not in read[tam]
    assert re.search(r"on 2 Mar 2026, to <a [^>]+>Fabrikam</a>", read[manager])


def test_the_former_owner_sees_the_licence_nowhere_but_at_its_incidents():
    old = make_licence(key="AXI-GONE")
    make_subscription(old)
    contact = make_contact(old.organisation)
    new = moved(old)
    mine, theirs = signed_in(contact), signed_in(make_contact(new.organisation))

    for page in ("entitlements:coverage", "tickets:new", "tickets:overview"):
        assert "AXI-GONE" not in text_of(mine.get(reverse(page)))
        assert "AXI-GONE" in text_of(theirs.get(reverse(page)))


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("made", (make_tam, lambda _: make_manager()))
def test_the_staffs_page_costs_the_same_for_one_licence_that_went_and_for_three(made):
    here = make_organisation()
    client = signed_in(made(here))
    counts = []
    for _ in range(3):
        moved(make_licence(here))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:organisation", args=[here.slug]))
        counts.append(len([one for one in queries if "entitlements_licence" in one["sql"]]))

    assert len(set(counts)) == 1
