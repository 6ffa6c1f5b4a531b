"""Giving an incident to a colleague: how each stands, and why not, is read before it is tried."""

from zoneinfo import ZoneInfo

import pytest

from tests.factories import (
    NINE,
    days,
    hours,
    make_absence,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner_engineer,
    make_profile,
)
from tests.tickets.staff_pages import action_of, reported
from tickets.actions.dispatch.ownership import assign
from tickets.enums import State
from tickets.errors import OwnerAway, OwnerFull
from tickets.forms.staff import possible_owners
from tickets.reads.colleagues import colleagues_of, in_groups

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def incident():
    return make_incident()


@pytest.fixture
def manager():
    return make_manager()


def standing(incident, giver, at=NINE):
    return colleagues_of(possible_owners(incident, giver), incident, at)


def words(incident, giver, at=NINE):
    return {one.person.name: one.words(ZONE) for one in standing(incident, giver, at)}


def test_duty_room_and_absence_of_each(incident, manager):
    make_engineer(name="Free")
    make_engineer(name="Off", is_on_duty=False)
    full, away = make_engineer(name="Full"), make_engineer(name="Away")
    make_profile(full, capacity=2)
    for _ in range(2):
        make_incident(owner=full)
    make_incident(owner=full, state=State.SOLVED)  # is no load
    make_absence(person=away, starts_at=NINE - hours(1), ends_at=NINE + days(2))

    found = words(incident, manager)

    assert found["Free"].startswith("on duty, 0 of ")
    assert found["Off"].startswith("not on duty, 0 of ")
    assert found["Full"] == "on duty, 2 of 2, no room"
    assert found["Away"].startswith("away until 4 March, 10:00, 0 of ")


def test_who_could_take_it_now_comes_first_by_load(incident, manager):
    busy, idle = make_engineer(name="A busy"), make_engineer(name="B idle")
    make_incident(owner=busy)
    make_engineer(name="C off", is_on_duty=False)

    groups = in_groups(standing(incident, manager), ZONE)

    assert [title for title, _ in groups] == ["Could take it now", "Not now"]
    assert [pk for pk, _ in groups[0][1]] == [idle.pk, busy.pk]


def test_what_the_words_say_is_what_the_action_does(incident, manager):
    """The list promises nobody whom `assign` would refuse, and refuses nobody whom it takes."""
    full, away = make_engineer(), make_engineer()
    make_profile(full, capacity=1)
    make_incident(owner=full)
    make_absence(person=away, starts_at=NINE - hours(1), ends_at=NINE + days(2))
    free = make_engineer()

    for one in standing(incident, manager):
        if one.is_free:
            assign(incident, to=one.person, by=manager, at=NINE)
        else:
            with pytest.raises((OwnerAway, OwnerFull)):
                assign(incident, to=one.person, by=manager, at=NINE)
    incident.refresh_from_db()
    assert incident.owner == free


def test_a_load_counts_what_the_giver_may_not_see_and_work_once():
    """Of other customers only the number is known: dispatch counts it, too."""
    organisation = make_organisation()
    lead = make_engineer(organisation, is_lead=True)
    colleague = make_engineer(name="Ana")
    tester = make_engineer(name="Tea", role="ts2")
    incident = make_incident(organisation=organisation, tier=2)
    make_incident(owner=colleague)
    make_incident(tier=2, owner=colleague, worker=tester)

    loads = {one.person: one.load for one in standing(incident, lead)}

    assert (loads[colleague], loads[tester]) == (2, 1)


def test_who_speaks_the_language_of_the_report(manager):
    incident = make_incident(language="de")
    make_engineer(name="Hans", language="de")
    make_engineer(name="Ana")

    found = words(incident, manager)

    assert found["Hans"].endswith("speaks German")
    assert "speaks" not in found["Ana"]


@pytest.mark.parametrize("count", (1, 3))
def test_it_costs_two_statements(django_assert_num_queries, incident, manager, count):
    for _ in range(count):
        make_engineer()
        make_incident(owner=make_engineer())

    with django_assert_num_queries(6):  # four of them open and shut the wall
        standing(incident, manager)


def test_the_form_shows_it_and_takes_whom_it_shows(client, manager):
    incident, away = reported(), make_engineer(name="Ana")
    make_absence(person=away, starts_at=NINE - days(900), ends_at=NINE + days(900))
    client.force_login(manager)

    form = client.get(action_of(incident, "assign"), headers={"HX-Request": "true"})

    page = form.content.decode()
    assert '<optgroup label="Not now">' in page
    assert "away until" in page


def test_a_partners_people_see_their_own(incident):
    partner = make_partner_engineer(is_lead=True)
    make_engineer(name="Ours")

    assert [one.person.name for one in standing(incident, partner)] == []
