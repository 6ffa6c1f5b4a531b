"""What staff see of the levels' own targets, and how a manager sets them (X2)."""

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from core.models import JournalEntry
from tests.factories import (
    NINE,
    hours,
    make_calendar,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_internal_target,
    make_manager,
    make_tier_target,
)
from tickets.actions.ladder.tier_targets import set_tier_targets
from tickets.errors import TierTargetUnusable
from tickets.models import TierTargetVersion
from tickets.reads.tier_clocks import tier_times

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/levels/"


@pytest.fixture
def office():
    for tier in (1, 2, 3):
        make_tier_target(tier, calendar="office")
    return make_calendar(calendar="office")


def typed(**fields):
    return {f"{name}{tier}": value for tier in (1, 2, 3) for name, value in fields.items()}


def test_a_manager_sets_them_and_only_what_differs_gets_a_version(client, office):
    client.force_login(make_manager())
    asked = typed(hours="8", calendar="office") | {"hours2": "4.5"}

    before = TierTargetVersion.objects.filter(tier=2).first().version
    first = client.post(SETTINGS, asked)
    client.post(SETTINGS, asked)

    assert first.status_code == 302
    newest = TierTargetVersion.objects.filter(tier=2).first()
    assert (newest.version, newest.target) == (before + 1, hours(4.5))
    assert JournalEntry.objects.filter(kind="tier_target.changed").count() == 1


def test_what_can_not_be_is_refused(client, office):
    manager = make_manager()
    client.force_login(manager)

    page = client.post(SETTINGS, typed(hours="0", calendar="office"))

    assert page.status_code == 400
    assert "more than nothing" in page.content.decode()
    with pytest.raises(TierTargetUnusable):
        set_tier_targets({2: (hours(1001), "office")}, by=manager, at=NINE)
    with pytest.raises(NotAllowed):
        set_tier_targets({2: (hours(1), "office")}, by=make_engineer(), at=NINE)


def test_managers_alone_find_the_settings(client):
    client.force_login(make_engineer())

    assert client.get(SETTINGS).status_code == 404


def test_the_incidents_pages_show_the_running_clock_and_the_time_at_each_level(client):
    incident = make_incident(tier=2, received_at=NINE - hours(3))
    make_handover(incident, at=NINE)
    make_internal_target(incident)
    client.force_login(make_engineer())

    page = client.get(reverse("admin:incident", args=[incident.number])).content.decode()
    proof = client.get(reverse("admin:incident_proof", args=[incident.number])).content.decode()

    assert "TS2's own target" in page
    assert "<dt>TS1</dt><dd>3 h</dd>" in proof
    assert "What the levels set themselves" in proof


def test_customers_read_nothing_of_it(client):
    contact = make_contact()
    incident = make_incident(organisation=contact.organisation, reporter=contact, tier=2)
    make_internal_target(incident)
    client.force_login(contact)

    page = client.get(f"/incidents/{incident.number}/").content.decode()

    assert "own target" not in page


def test_the_queue_names_the_levels_own_moment(client):
    incident = make_incident(tier=2)
    make_internal_target(incident)
    client.force_login(make_engineer(role="ts2"))

    (row,) = client.get("/admin/queue/").context["rows"]

    assert (row.clock.own, row.clock.due_at) == (True, incident.internal_targets.get().due_at)


def test_time_stops_when_it_is_solved():
    incident = make_incident(received_at=NINE, state="solved", solved_at=NINE + hours(2))

    times = tier_times(incident, [], at=NINE + hours(9))

    assert times.spent == [("TS1", hours(2))]
    assert times.running is None
