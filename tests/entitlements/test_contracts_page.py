"""An organisation's contracts over time: who sees them, what is drawn, what is notified."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core.journal import record
from entitlements.actions import packs, subscriptions, technical_contracts
from entitlements.actions.licences import open_project, register_licence
from entitlements.enums import Level
from entitlements.models import LevelVersion, Licence
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_level,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_partner,
    make_partner_engineer,
    make_project,
    make_subscription,
    make_tam,
    make_technical_contract,
)
from tests.tickets.desk import filed
from tests.tickets.staff_pages import asks
from tickets.actions.goodwill import accept

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(organisation, **query) -> str:
    return reverse("admin:contracts", args=[organisation.slug], query=query)


def seen(person, organisation, **query) -> str:
    response = signed_in(person).get(page_of(organisation, **query))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def story(body: str) -> list[str]:
    """The texts of the events, as they stand below each other."""
    found = re.findall(r'<div class="timeline-text">(.*?)<time', body)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def sold(organisation, key="AXI-1", *, at=NINE) -> Licence:
    """A licence with Premium and a Gold pack, all through the actions."""
    licence = register_licence(
        organisation,
        key=key,
        edition="business",
        registered_on=at.date(),
        price=Decimal(1000),
        at=at,
        by=make_manager(name="Maria"),
    )
    subscriptions.subscribe(
        licence, level=Level.PREMIUM, starts_on=at.date(), at=at + hours(1), by=None
    )
    packs.buy_pack(licence, quantity=5, at=at + hours(2), by=None, price=Decimal("450.50"))
    return licence


def test_the_events_tell_who_what_when_why_and_for_how_much():
    organisation = make_organisation()
    licence = sold(organisation)
    pack = licence.incident_packs.get()
    incident = make_incident(organisation=organisation, licence=licence)
    packs.spend(pack, at=NINE + hours(3))
    packs.record_consume(pack, incident=incident, at=NINE + hours(3), by=None)
    packs.refund(
        incident, kind="defect", reason="Fixed in 10.5.1", by=make_engineer(), at=NINE + hours(4)
    )
    packs.adjust(pack, quantity=1, reason="A gift", by=None, at=NINE + hours(5))

    body = seen(make_manager(), organisation)

    assert story(body) == [
        "Gold pack corrected by hand AXI-1 1 Gold incident A gift",
        f"Gold incident given back AXI-1 {incident.number} Product defect Fixed in 10.5.1",
        f"Gold incident spent AXI-1 {incident.number}",
        "Gold pack bought AXI-1 5 Gold incidents, 450.50 EUR",
        "Subscription bought AXI-1 Premium, 2 Mar 2026 to 1 Mar 2027, 350.00 EUR",
        "Licence registered AXI-1 on 2 Mar 2026, Business edition, 1000 EUR",
    ]
    assert "Maria" in body


def test_goodwill_projects_and_technical_contracts_are_told_too():
    organisation = make_organisation()
    incident = filed(make_licence(organisation, key="AXI-9"))
    accept(
        incident,
        level=make_level(Level.PREMIUM),
        by=make_manager(),
        at=NINE + hours(1),
        reason="A loyal customer",
    )
    term: dict[str, Any] = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 6, 1), "by": None}
    open_project(organisation, name="New cluster", at=NINE + hours(2), **term)
    technical_contracts.sign(
        organisation, reference="TC-7", subject="Visits", at=NINE + hours(3), **term
    )

    body = seen(make_manager(), organisation)

    assert story(body) == [
        "Technical contract signed 1 Mar 2026 to 31 May 2026, TC-7",
        "GoLive project opened 1 Mar 2026 to 31 May 2026",
        f"Accepted out of goodwill {incident.number} Premium A loyal customer",
    ]
    assert f"/admin/incidents/{incident.number}/" in body
    assert "New cluster" in body


def test_a_new_version_of_a_level_is_told_to_whom_it_applied():
    premium, other = make_organisation(), make_organisation()
    now = timezone.now()
    sold(premium, at=now - days(30))
    register_licence(
        other,
        key="AXI-2",
        edition="business",
        registered_on=now.date(),
        at=now - days(30),
        by=None,
    )
    newest = LevelVersion.objects.filter(level=Level.PREMIUM).order_by("-version")[0]
    make_level(Level.PREMIUM, made_at=now - days(3), version=newest.version + 1)

    told = f"The catalogue's Premium changed to version {newest.version + 1}"

    assert told in seen(make_manager(), premium).replace("&#x27;", "'")
    assert "The catalogue" not in seen(make_manager(), other)
    assert "The catalogue" not in seen(make_manager(), premium, licence="AXI-1")


def test_an_event_without_words_of_its_own_is_told_by_its_name():
    organisation = make_organisation()
    subscription = make_subscription(make_licence(organisation, key="AXI-5"))
    record(
        "subscription.cut_short",
        subscription,
        at=NINE,
        by=None,
        reason="They moved",
        before="2027-01-01",
        after="2026-06-01",
    )

    assert story(seen(make_manager(), organisation)) == [
        "Subscription cut short AXI-5 1 Jan 2027, now 1 Jun 2026 They moved"
    ]


def test_the_key_narrows_lanes_and_events():
    organisation = make_organisation()
    sold(organisation, "AXI-ONE")
    sold(organisation, "AXI-TWO")

    body = seen(make_manager(), organisation, licence="axi-two")

    assert "AXI-ONE" not in body
    assert len(story(body)) == 3


def test_what_other_organisations_bought_is_not_told():
    sold(make_organisation(), "AXI-THEIRS")

    body = seen(make_manager(), make_organisation())

    assert "AXI-THEIRS" not in body
    assert "Nothing was registered or sold yet" in body
    assert "No event is recorded" in body


@pytest.mark.parametrize(
    ("make", "with_prices"),
    (
        (make_manager, True),
        (lambda: None, True),
        (make_engineer, False),
    ),
)
def test_prices_are_for_those_who_answer_for_the_account(make, with_prices):
    organisation = make_organisation()
    sold(organisation)
    person = make() or make_tam(organisation)

    assert ("350.00 EUR" in seen(person, organisation)) is with_prices


def test_whoever_has_nothing_to_do_with_it_finds_nothing():
    partner = make_partner()
    organisation = make_organisation(partner=partner)

    people = (
        make_partner_engineer(partner),
        make_contact(organisation),
        make_tam(make_organisation()),
        make_engineer(make_organisation()),
        make_engineer(role=Role.TS2),
        make_engineer(role=Role.TS3),
    )

    codes = [signed_in(one).get(page_of(organisation)).status_code for one in people]
    assert codes == [404] * len(people)


def test_only_managers_are_led_to_the_actions():
    organisation = make_organisation()
    licence = make_licence(organisation)

    manager, engineer = seen(make_manager(), organisation), seen(make_engineer(), organisation)

    assert f"/admin/entitlements/subscription/add/?licence={licence.pk}" in manager
    assert f"/admin/entitlements/licence/add/?organisation={organisation.pk}" in manager
    assert "/add/" not in engineer


def test_the_subscription_that_lasts_longest_can_be_renewed_from_here():
    organisation = make_organisation()
    licence = make_licence(organisation)
    year = {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 1, 1)}
    make_subscription(licence, level=Level.FIRST, **year)
    last = make_subscription(licence)

    body = seen(make_manager(), organisation)

    renewal = reverse("admin:entitlements_subscription_renew", args=[last.pk])
    assert f'href="{renewal}">Renew Premium' in body
    assert body.count("/renew/") == 1


def test_the_organisations_page_leads_here_and_for_a_partner_it_does_not():
    partner = make_partner()
    organisation = make_organisation(partner=partner)
    address = reverse("admin:organisation", args=[organisation.slug])

    manager = signed_in(make_manager()).get(address).content.decode()
    partners = signed_in(make_partner_engineer(partner)).get(address).content.decode()

    assert (page_of(organisation) in manager, page_of(organisation) in partners) == (True, False)


def test_a_table_says_what_the_drawing_shows():
    today = timezone.now().date()
    organisation = make_organisation()
    licence = make_licence(organisation, key="AXI-1", registered_on=today - days(1000))
    make_subscription(licence, starts_on=today - days(100), ends_on=today + days(265))
    make_pack(licence, purchased_at=timezone.now() - days(50))
    make_project(organisation, name="New cluster")
    make_technical_contract(organisation, reference="TC-1")

    body = seen(make_manager(), organisation)
    table = body.split("The same as a table")[1]

    for words in ("Registered", "Premium", "Gold pack", "Nothing", "New cluster", "TC-1: "):
        assert words in table
    for kind in ("deep", "grey", "warm", "gap", "violet", "onsite"):
        assert f'<rect class="life-{kind}" x="' in body
    assert " style=" not in body.split('id="main"')[1]


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_costs_the_same_for_any_number_of_licences(rows):
    organisation = make_organisation()
    for number in range(rows):
        licence = sold(organisation, f"AXI-{number}")
        pack = licence.incident_packs.get()
        incident = make_incident(organisation=organisation, licence=licence)
        packs.spend(pack, at=NINE + hours(3))
        packs.record_consume(pack, incident=incident, at=NINE + hours(3), by=None)
        make_project(organisation)
        make_technical_contract(organisation)
        uncovered = filed(make_licence(organisation))
        level = make_level(Level.PREMIUM)
        accept(uncovered, level=level, by=make_manager(), at=NINE + hours(9), reason="Why not")
    client = signed_in(make_manager())
    client.get(page_of(organisation))

    with asks(22):
        client.get(page_of(organisation))


def test_many_licences_and_events_come_in_pages():
    organisation = make_organisation()
    for number in range(25):
        licence = make_licence(organisation, key=f"AXI-{number:03d}")
        for step in range(2):
            record("licence.checked", licence, at=NINE + hours(number), by=None, number=str(step))

    first = seen(make_manager(), organisation)
    second = seen(make_manager(), organisation, lanes=2, page=2)

    assert "AXI-019 over time" in first
    assert "AXI-020 over time" not in first
    assert "Licences 21 to 25 of 25" in second
    assert "AXI-020 over time" in second
    assert (len(story(first)), len(story(second))) == (30, 20)


@pytest.mark.parametrize("asked", ("0", "-1", "x", "99999999999", "", "²"))
def test_a_page_that_is_none_is_the_first(asked):
    organisation = make_organisation()
    sold(organisation)

    body = seen(make_manager(), organisation, page=asked, lanes=asked)

    assert len(story(body)) in (0, 3)
