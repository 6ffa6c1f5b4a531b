"""The coverage page, the public programme, the staff's catalogue."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entitlements.actions import packs
from entitlements.models import Licence
from entitlements.reads.matrix import matrix_of_today
from tests.factories import (
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_organisation,
    make_project,
    make_subscription,
)

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def covered_licence(organisation=None, **fields) -> Licence:
    """Premium since a month and for eleven more, seen from now."""
    licence = make_licence(organisation, **fields)
    today = timezone.now().date()
    term = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=335)}
    make_subscription(licence, **term)
    return licence


def test_a_contact_sees_each_licence_with_its_gold_and_the_ledger_below():
    licence = covered_licence(key="AXI-PREMIUM")
    make_project(licence.organisation, name="New cluster")
    contact, engineer = make_contact(licence.organisation), make_engineer(name="Ana Ionescu")
    now = timezone.now()
    pack = packs.buy_pack(licence, quantity=5, at=now - timedelta(days=1), by=None)
    incident = make_incident(reporter=contact, subject="Queue stuck")
    packs.spend(pack, at=now)
    packs.record_consume(pack, incident=incident, at=now, by=contact)
    packs.refund(incident, kind="defect", reason="Fixed in 10.5.1", by=engineer, at=now)

    page = signed_in(contact).get(reverse("entitlements:coverage"))

    text = " ".join(page.content.decode().split())
    assert page.status_code == 200
    for words in (
        "AXI-PREMIUM",
        "An answer within 6 hours, round the clock",
        "5 Gold incidents left",
        "Free call-back hotline: on",
        "Web portal, E-mail, Telephone",
        "Given back: product defect",
        "Fixed in 10.5.1",
        "Ana Ionescu",
        incident.number,
        "New cluster",
    ):
        assert words in text


def test_a_lapsed_licence_is_told_what_would_help():
    contact = make_contact(make_licence().organisation)

    page = signed_in(contact).get(reverse("entitlements:coverage"))

    text = page.content.decode()
    assert "No support now" in text
    assert "Subscribe to FIRsT or Premium to be answered in time." in text
    assert "35 % of the licence price a year" in text


def test_nobody_sees_a_strangers_licence_or_ledger():
    theirs = covered_licence(key="AXI-THEIRS")
    packs.buy_pack(theirs, quantity=5, at=timezone.now(), by=None)

    page = signed_in(make_contact()).get(reverse("entitlements:coverage"))

    assert "AXI-THEIRS" not in page.content.decode()
    assert "No licence is registered yet" in page.content.decode()


def own_queries(client: Client, address: str) -> int:
    """Without what every request needs: session, person, walls."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len([one for one in queries if "entitlements_" in one["sql"]])


def test_the_coverage_page_costs_the_same_for_one_licence_and_for_three():
    organisation = make_organisation()
    client = signed_in(make_contact(organisation))
    counts = []

    for _ in range(3):
        licence = covered_licence(organisation)
        packs.buy_pack(licence, quantity=5, at=timezone.now(), by=None)
        counts.append(own_queries(client, reverse("entitlements:coverage")))

    assert counts == [19, 18, 18]  # the first of a process reads the levels, too


def test_many_licences_come_in_pages_that_read_only_their_own(monkeypatch):
    monkeypatch.setattr("entitlements.views.coverage.PAGE", 2)
    organisation = make_organisation()
    for number in range(5):
        covered_licence(organisation, key=f"AXI-{number}")
    client = signed_in(make_contact(organisation))

    pages = [
        [one.licence.key for one in client.get(f"/coverage/?licences={n}").context["licences"]]
        for n in (1, 2, 3, 99, "x")
    ]
    found = client.get("/coverage/?key=xi-3")

    assert pages == [["AXI-0", "AXI-1"], ["AXI-2", "AXI-3"], ["AXI-4"], ["AXI-4"], pages[0]]
    assert [one.licence.key for one in found.context["licences"]] == ["AXI-3"]
    assert "No licence fits" in client.get("/coverage/?key=zzz").content.decode()


def test_the_page_says_how_to_reach_the_vendor_now():
    licence = covered_licence()
    page = signed_in(make_contact(licence.organisation)).get(reverse("entitlements:coverage"))
    lapsed = signed_in(make_contact(make_licence().organisation)).get("/coverage/")

    text = " ".join(page.content.decode().split())
    assert 'Telephone: <a href="tel:+40215550100">+40 21 555 0100</a>' in text
    assert "Included in Premium, until" in text
    assert "none were bought: order a pack." in text
    assert "It needs a special technical contract: ask us for one." in text
    assert "No support runs now" in lapsed.content.decode()
    assert "Telephone: off" in lapsed.content.decode()


def test_staff_and_strangers_are_led_elsewhere():
    address = reverse("entitlements:coverage")

    staff = signed_in(make_engineer()).get(address)
    stranger = Client().get(address)

    assert (staff.status_code, staff["Location"]) == (302, reverse("admin:queue"))
    assert stranger["Location"] == f"{reverse('account_login')}?next={quote(address)}"


def test_the_programme_is_public_and_shows_every_level_and_limit():
    page = Client().get(reverse("entitlements:programme"))

    text = " ".join(page.content.decode().split())
    assert page.status_code == 200
    for words in ("Gold", "GoLive", "24 working hours", "Monthly service report", "Level 2 CSE"):
        assert words in text
    assert "Migrating from the product to other messaging products is outside." in text
    assert own_queries(Client(), reverse("entitlements:programme")) == 2


def test_the_matrix_says_the_same_as_the_catalogue():
    matrix = matrix_of_today()
    rows = {row.label: row.cells for group in matrix.groups for row in group.rows}

    assert [one.label for one in matrix.columns] == ["Basic", "FIRsT", "Premium", "Gold", "GoLive"]
    assert rows["Telephone support"] == [False, False, True, True, True]
    assert rows["Free call-back hotline"] == [False, False, False, True, True]
    assert rows["On-site support"] == [True] * 5
    assert rows["Monthly service report"] == [False, False, False, True, True]
    assert rows["Price"][1] == "20 % of the licence price a year, first year free"


@pytest.mark.parametrize("make", (make_engineer, make_manager))
def test_staff_read_the_catalogue_and_the_manager_may_change_it(make):
    person = make()

    page = signed_in(person).get(reverse("admin:catalogue"))

    assert page.status_code == 200
    assert ("Make the next version" in page.content.decode()) == person.is_manager


def test_the_catalogue_page_of_the_staff_is_not_the_customers():
    assert signed_in(make_contact()).get(reverse("admin:catalogue")).status_code == 404
