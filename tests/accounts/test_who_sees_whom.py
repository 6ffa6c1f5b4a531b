"""What each role sees of people, organisations and contracts: the table of the note, as a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Organisation, Person
from entitlements.models import Licence
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """Two customers, of which the first is a partner's; people of every kind."""

    people: dict[str, Person]
    ours: Organisation
    other: Organisation


@pytest.fixture
def desk(settings: Any) -> Desk:
    settings.STAFF_NEED_SECOND_FACTOR = False
    local, rival = make.make_partner(), make.make_partner()
    ours, other = make.make_organisation(partner=local), make.make_organisation(partner=rival)
    for one in (ours, other):
        make.make_licence(one)
    people = {
        "contact": make.make_contact(ours, name="C-contact"),
        "admin contact": make.make_admin_contact(ours, name="C-admin"),
        "other's contact": make.make_contact(other, name="X-contact"),
        "partner": make.make_partner_engineer(local, name="P-one"),
        "partner's colleague": make.make_partner_engineer(local, name="P-two"),
        "rival": make.make_partner_engineer(rival, name="R-one"),
        "ts1 of ours": make.make_engineer(ours, name="V-ts1", phone="+40 1 11"),
        "ts1 idle": make.make_engineer(other, name="V-idle", phone="+40 1 22"),
        "ts2": make.make_engineer(role="ts2", name="V-ts2"),
        "ts3": make.make_engineer(role="ts3", name="V-ts3"),
        "tam": make.make_tam(ours, name="V-tam"),
        "manager": make.make_manager(name="V-manager"),
    }
    owner = people["ts1 of ours"]
    make.make_incident(organisation=ours, reporter=people["contact"], owner=owner)
    return Desk(people, ours, other)


def escalate(desk: Desk, to: int) -> None:
    incident = make.make_incident(organisation=desk.ours, reporter=desk.people["contact"])
    make.make_handover(incident, from_tier=to - 1, to_tier=to)


VENDOR = {"ts1 of ours", "ts1 idle", "ts2", "ts3", "tam", "manager"}
PARTNERS = {"partner", "partner's colleague", "rival"}
OURS = {"contact", "admin contact"}
SEES = {
    "contact": OURS,
    "admin contact": OURS,
    "partner": OURS | {"partner", "partner's colleague", "ts1 of ours", "tam"},
    "rival": {"other's contact", "rival"},
    "ts1 of ours": OURS | VENDOR | PARTNERS,
    "ts2": VENDOR | PARTNERS,
    "ts3": VENDOR | PARTNERS,
    "tam": OURS | VENDOR | PARTNERS,
    "manager": OURS | VENDOR | PARTNERS | {"other's contact"},
}


@pytest.mark.parametrize("role", SEES)
def test_whom_each_role_sees(desk, role):
    seen = set(Person.objects.visible_to(desk.people[role]))

    assert {name for name, one in desk.people.items() if one in seen} == SEES[role]


@pytest.mark.parametrize("role", ("ts2", "ts3"))
def test_a_level_sees_a_customer_and_its_contracts_once_something_came_up(desk, role):
    person = desk.people[role]
    before = (
        Organisation.objects.visible_to(person).count(),
        Licence.objects.visible_to(person).count(),
    )

    escalate(desk, to=int(role[-1]))

    assert before == (0, 0)
    assert list(Organisation.objects.visible_to(person)) == [desk.ours]
    assert [one.organisation for one in Licence.objects.visible_to(person)] == [desk.ours]
    assert desk.people["contact"] in Person.objects.visible_to(person)
    assert desk.people["other's contact"] not in Person.objects.visible_to(person)


def test_one_level_does_not_see_for_another(desk):
    escalate(desk, to=2)

    assert not Organisation.objects.visible_to(desk.people["ts3"]).exists()


def test_who_wrote_for_a_partners_customer_is_seen_by_the_partner(desk):
    incident = make.make_incident(organisation=desk.ours, reporter=desk.people["contact"])
    make.make_message(incident, author=desk.people["ts3"], kind="note")

    assert desk.people["ts3"] in Person.objects.visible_to(desk.people["partner"])


def test_a_partner_reads_the_name_of_the_vendors_people_and_no_telephone(desk, client):
    client.force_login(desk.people["partner"])
    worker, colleague = desk.people["ts1 of ours"], desk.people["partner's colleague"]

    page = client.get(reverse("admin:people")).content.decode()
    by_address = client.get(reverse("admin:people"), {"q": worker.email}).content.decode()

    shown = (worker.name, worker.email, worker.phone, colleague.email)
    assert [one in page for one in shown] == [True, False, False, True]
    assert worker.name not in by_address


@pytest.mark.parametrize("role", ("ts2", "ts3"))
def test_the_pages_of_organisations_follow(desk, client, role):
    client.force_login(desk.people[role])
    pages = ("admin:organisations", "admin:people")
    url = reverse("admin:organisation", args=[desk.ours.slug])

    before = [desk.ours.name in client.get(reverse(one)).content.decode() for one in pages]
    hidden = client.get(url).status_code
    escalate(desk, to=int(role[-1]))

    assert before == [False, False]
    assert hidden == 404
    assert client.get(url).status_code == 200
