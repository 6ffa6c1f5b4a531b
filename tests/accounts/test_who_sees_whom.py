"""What each role sees of people, organisations and contracts: the table of the note, as a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation, Person
from entitlements import policies
from entitlements.models import Licence
from tests import factories as make
from tests.sources import ROOT

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
        "ts1 of all": make.make_engineer(name="V-all", phone="+40 1 33"),
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


VENDOR = {"ts1 of ours", "ts1 idle", "ts1 of all", "ts2", "ts3", "tam", "manager"}
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


# The rows of the table in docs/rules.md, by the people of this desk.
ROWS = {
    "contact": "contact",
    "admin contact": "admin contact",
    "partner": "partner",
    "TS1 of some": "ts1 of ours",
    "TS1 of everybody": "ts1 of all",
    "TS2": "ts2",
    "TS3": "ts3",
    "TAM": "tam",
    "manager": "manager",
}


def table() -> dict[str, list[str]]:
    """The cells of the table, by role."""
    lines = (ROOT / "docs" / "rules.md").read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| role | customers' people"))
    found = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        role, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        found[role] = cells
    return found


def of_two(ours: bool, other: bool) -> str:
    return "all" if ours and other else "theirs" if ours else "none"


def cells_of(desk: Desk, name: str, client: Client) -> list[str]:
    """What the role sees, in the words of the table."""
    person = desk.people[name]
    seen = {key for key, one in desk.people.items() if one in Person.objects.visible_to(person)}
    licences = {one.organisation for one in Licence.objects.visible_to(person)}
    client.force_login(person)
    page = client.get(reverse("admin:people")).content.decode() if person.is_staff else ""
    of_vendor, of_partners = seen & VENDOR, seen & PARTNERS
    own = {"partner", "partner's colleague"}
    contracts = [policies.may_see_contracts(person, one) for one in (desk.ours, desk.other)]
    paid = [policies.may_see_prices(person) and may for may in contracts]
    return [
        of_two("contact" in seen, "other's contact" in seen),
        "all" if of_vendor == VENDOR else "who work for theirs" if of_vendor else "none",
        "all" if of_partners == PARTNERS else "their own" if of_partners == own else "none",
        "all" if desk.people["ts1 of ours"].phone in page else "none",
        of_two(desk.ours in licences, desk.other in licences),
        of_two(*contracts),
        of_two(*paid),
    ]


@pytest.mark.parametrize("role", ROWS)
def test_the_table_of_the_documents_is_what_happens(desk, client, role):
    expected, name = table()[role], ROWS[role]
    if name in ("ts2", "ts3"):
        assert cells_of(desk, name, client)[0] == cells_of(desk, name, client)[4] == "none"
        escalate(desk, to=int(name[-1]))
        expected = [cell.replace("what came up", "theirs") for cell in expected]

    assert cells_of(desk, name, client) == expected


def test_the_table_has_a_row_for_every_role():
    assert set(table()) == set(ROWS)
    assert {one.value for one in Role} == {
        "contact",
        "admin_contact",
        "partner",
        "ts1",
        "ts2",
        "ts3",
        "tam",
        "manager",
    }
