"""Checklists of the hand-over to TS2, by service (X1)."""

import pytest

from core.errors import NotAllowed
from tests.factories import NINE, hours, make_engineer, make_incident, make_manager, make_service
from tests.tickets.desk import HANDOVER
from tests.tickets.staff_pages import action_of, asks, form, page_of
from tickets.actions.ladder.checklists import set_checklists
from tickets.actions.ladder.escalation import escalate
from tickets.errors import ChecklistTooLong, HandoverIncomplete
from tickets.models import HandoverChecklist

pytestmark = pytest.mark.django_db

ITEMS = ["The log of the hour", "A restart was tried"]
PAGE = "/admin/checklists/"


@pytest.fixture
def manager():
    return make_manager()


@pytest.fixture
def incident(manager):
    owner = make_engineer()
    found = make_incident(owner=owner)
    set_checklists({found.service_id: ITEMS}, by=manager, at=NINE)
    return found


def test_what_is_ticked_is_kept_with_the_version_it_was_ticked_by(incident, manager):
    first = escalate(incident, by=incident.owner, at=NINE, ticked=ITEMS, **HANDOVER)

    set_checklists({incident.service_id: ["Something else"]}, by=manager, at=NINE + hours(1))

    first.refresh_from_db()
    assert first.checked == [(one, True) for one in ITEMS]
    assert (first.checklist.version, first.unticked_because) == (1, "")


def test_what_is_left_out_needs_a_reason(incident):
    with pytest.raises(HandoverIncomplete, match="The log of the hour"):
        escalate(incident, by=incident.owner, at=NINE, ticked=ITEMS[1:], **HANDOVER)

    handover = escalate(
        incident,
        by=incident.owner,
        at=NINE,
        ticked=[*ITEMS[1:], "No item of the list"],
        unticked_because="It was rotated away.",
        **HANDOVER,
    )

    assert handover.checked == [(ITEMS[0], False), (ITEMS[1], True)]
    assert handover.unticked_because == "It was rotated away."


def test_other_services_and_ts3_ask_for_nothing(incident, manager):
    other = make_incident(owner=incident.owner, service=make_service(key="migration"))
    up = make_incident(owner=incident.owner, service=incident.service, tier=2)

    assert escalate(other, by=incident.owner, at=NINE, **HANDOVER).checklist is None
    assert escalate(up, by=manager, at=NINE, **HANDOVER).checklist is None


def test_only_managers_make_lists_and_only_changes_make_versions(incident, manager):
    service = incident.service_id

    made = set_checklists({service: [" ", *ITEMS, ITEMS[0]]}, by=manager, at=NINE)
    emptied = set_checklists({service: []}, by=manager, at=NINE)

    assert made == []
    assert [one.version for one in emptied] == [2]
    assert escalate(incident, by=incident.owner, at=NINE, **HANDOVER).checklist is None
    with pytest.raises(NotAllowed):
        set_checklists({service: ITEMS}, by=incident.owner, at=NINE)
    with pytest.raises(ChecklistTooLong):
        set_checklists({service: [str(n) for n in range(21)]}, by=manager, at=NINE)


def test_it_is_ticked_on_the_incidents_page_and_shown_to_ts2(client, incident):
    client.force_login(incident.owner)
    short = client.post(action_of(incident, "escalate"), form(ticked=ITEMS[:1], **HANDOVER))
    asked = form(ticked=ITEMS[:1], unticked_because="It may not stop.", **HANDOVER)
    client.post(action_of(incident, "escalate"), asked)
    client.force_login(make_engineer(role="ts2"))

    page = client.get(page_of(incident)).content.decode()

    assert "A restart was tried (tick it, or say why" in short.content.decode()
    assert "It may not stop." in page
    assert "Left out</span> A restart was tried" in page


def test_a_manager_edits_them_on_their_page(client, incident, manager):
    client.force_login(manager)
    field = f"items{incident.service_id}"

    saved = client.post(PAGE, {field: "One\nTwo\n"})
    refused = client.post(PAGE, {field: "x" * 201})

    assert (saved.status_code, refused.status_code) == (302, 400)
    assert HandoverChecklist.objects.order_by("-version")[0].items == ["One", "Two"]
    client.force_login(incident.owner)
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("versions", (1, 3))
def test_the_page_costs_the_same_for_any_number_of_versions(client, manager, versions):
    service = make_service()
    for n in range(versions):
        set_checklists({service.pk: [f"Item {n}"]}, by=manager, at=NINE + hours(n))
    client.force_login(manager)

    with asks(6):
        page = client.get(PAGE).content.decode()

    assert f"Item {versions - 1}" in page
