"""The ledger of one pack, for the customer and for the staff who see them."""

from datetime import date

import pytest
from django.urls import reverse

from entitlements.actions import packs
from entitlements.models import IncidentPack
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_subscription,
)
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


def a_pack() -> IncidentPack:
    licence = make_licence(key="AXI-ONE")
    make_subscription(licence, ends_on=date(2026, 3, 20))
    return packs.buy_pack(licence, quantity=5, at=NINE - days(1), by=make_manager(name="Mia Boss"))


def spend_on(pack, **fields):
    incident = make_incident(organisation=pack.organisation, **fields)
    assert packs.spend(pack, at=NINE)
    packs.record_consume(pack, incident=incident, at=NINE, by=incident.reporter)
    return incident


def url_of(pack) -> str:
    return reverse("entitlements:pack", args=[pack.pk])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_all_five_kinds_are_told_with_who_when_why_and_the_balance_after_each(client):
    pack, engineer = a_pack(), make_engineer(name="Ana Ionescu")
    incident = spend_on(pack, subject="Queue stuck")
    packs.refund(incident, kind="defect", reason="Fixed in 10.5.1", by=engineer, at=NINE)
    packs.adjust(pack, quantity=-2, reason="Entered twice", by=engineer, at=NINE)
    packs.expire_packs(NINE + days(30))
    client.force_login(make_contact(pack.organisation))

    answer = client.get(url_of(pack))

    text = text_of(answer)
    for words in (
        "0 of 5 left",
        "AXI-ONE",
        "Bought",
        "Mia Boss",
        "Spent",
        incident.number,
        "Queue stuck",
        "Given back: product defect",
        "Fixed in 10.5.1",
        "Ana Ionescu",
        "Put right",
        "Entered twice",
        "Expired",
        "Premium ended with a gap",
        "The desk",
    ):
        assert words in text
    assert [one.balance for one in answer.context["page_obj"]] == [5, 4, 5, 3, 0]
    assert f'href="/incidents/{incident.number}/"' in text


def test_staff_who_see_the_customer_see_it_with_their_own_links(client):
    pack = a_pack()
    incident = spend_on(pack)
    client.force_login(make_engineer())

    text = text_of(client.get(url_of(pack)))

    assert f'href="/admin/incidents/{incident.number}/"' in text
    assert pack.organisation.slug in text


def test_for_a_stranger_there_is_no_such_pack(client):
    pack = a_pack()
    client.force_login(make_contact())

    theirs, missing = client.get(url_of(pack)), client.get("/coverage/packs/987654321/")

    assert (theirs.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize("entries", (1, 3))
def test_it_costs_the_same_for_any_number_of_entries(client, entries):
    pack = a_pack()
    for _ in range(entries - 1):
        spend_on(pack)
    client.force_login(make_contact(pack.organisation))

    with asks(5):
        client.get(url_of(pack))


def test_the_coverage_page_leads_to_it(client):
    pack = a_pack()
    client.force_login(make_contact(pack.organisation))

    assert url_of(pack) in client.get("/coverage/").content.decode()
