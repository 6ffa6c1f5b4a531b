"""Which engineer gets a fresh incident (rule 6), and how it changes hands."""

import pytest
from django.conf import LazySettings

from accounts.enums import Role
from core.errors import NotAllowed
from entitlements.enums import Level
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.desk import covered, filed, journal, target_of, told
from tickets import tasks
from tickets.actions.dispatch.dispatching import dispatch
from tickets.actions.dispatch.ownership import assign, set_priority, take
from tickets.enums import Priority, State
from tickets.errors import EmptyText, IncidentClosed, WrongOwner
from tickets.rules.dispatch.settings import AS_DELIVERED

pytestmark = pytest.mark.django_db


def load(engineer, count, **fields):
    for _ in range(count):
        make_incident(owner=engineer, **fields)


def test_who_has_the_least_to_do_gets_it():
    busy, idle = make_engineer(), make_engineer()
    load(busy, 2)

    assert filed().owner == idle


def test_urgent_work_weighs_more_than_much_work():
    urgent, much = make_engineer(), make_engineer()
    load(urgent, 1, priority=Priority.CRITICAL)
    load(much, 5, priority=Priority.LOW)

    assert filed(priority=Priority.CRITICAL).owner == much


def test_finished_work_is_no_load():
    first, second = make_engineer(), make_engineer()
    load(first, 3, state=State.CLOSED, received_at=NINE - hours(9))
    load(second, 1)

    assert filed().owner == first


def test_equals_take_turns():
    engineers = {make_engineer(), make_engineer(), make_engineer()}
    licence = covered()

    owners = [filed(licence, at=NINE + hours(n)).owner for n in range(3)]

    assert set(owners) == engineers


def test_who_speaks_the_language_of_the_reporter_comes_first():
    idle, romanian = make_engineer(), make_engineer(language="ro")
    load(romanian, 4)
    licence = covered()
    reporter = make_contact(licence.organisation, language="ro")

    assert filed(licence, reporter=reporter).owner == romanian
    assert filed(licence).owner == idle


@pytest.mark.parametrize(
    "fields",
    (
        {"is_on_duty": False},
        {"is_active": False},
        {"role": Role.TS2},
        {"role": Role.TS3},
    ),
)
def test_who_is_away_or_works_on_another_level_gets_nothing(fields):
    make_engineer(**fields)
    make_tam()
    make_manager()

    assert filed().owner is None


def test_an_engineer_gets_only_the_organisations_they_serve():
    licence = covered()
    make_engineer(make_organisation())
    theirs = make_engineer(licence.organisation)

    assert filed(licence).owner == theirs


def test_the_local_partner_serves_its_own_organisations_and_the_vendor_the_others():
    partner = make_partner()
    ours = make_partner_engineer(partner)
    make_partner_engineer()
    vendors = make_engineer()
    theirs = covered(Level.FIRST, organisation=make_organisation(partner=partner))

    assert filed(theirs).owner == ours
    assert filed().owner == vendors


def test_when_nobody_has_room_the_sweep_gives_it_later():
    engineer = make_engineer()
    load(engineer, AS_DELIVERED.capacity)
    incident = filed(at=NINE)
    waited, nobody = incident.owner, tasks.dispatch_waiting()
    engineer.owned_incidents.all()[0].delete()

    given = tasks.dispatch_waiting()

    incident.refresh_from_db()
    assert (waited, nobody, given) == (None, 0, 1)
    assert incident.owner == engineer
    assert told(incident, "incident_assigned") == {engineer.email}
    assert journal(incident)[-1] == "incident.dispatched"


def test_what_nothing_covers_waits_for_a_human():
    make_engineer()

    incident = filed(make_licence())

    assert (incident.owner, tasks.dispatch_waiting()) == (None, 0)


def test_what_has_an_owner_is_not_dispatched_again():
    make_engineer()
    incident = filed()

    assert dispatch(incident, at=NINE + hours(1)) is None


def test_an_engineer_takes_it_and_the_former_owner_is_told(settings: LazySettings):
    former, new = make_engineer(), make_engineer()
    incident = make_incident(owner=former)

    taken = take(incident, by=new, at=NINE)

    assert taken.owner == new
    assert told(incident, "incident_assigned") == {former.email}


def test_taking_what_is_ones_own_changes_nothing():
    owner = make_engineer()
    incident = make_incident(owner=owner)

    take(incident, by=owner, at=NINE)

    assert journal(incident) == []


@pytest.mark.parametrize("make", (make_manager, lambda: make_engineer(is_lead=True)))
def test_leads_and_managers_give_it_to_others(make):
    incident, to = make_incident(owner=make_engineer()), make_engineer()

    given = assign(incident, to=to, by=make(), at=NINE, reason="On leave.")

    assert given.owner == to
    assert to.email in told(incident, "incident_assigned")


def test_the_owner_hands_it_over_and_others_do_not():
    owner, other = make_engineer(), make_engineer()
    incident = make_incident(owner=owner)

    with pytest.raises(NotAllowed):
        assign(incident, to=other, by=other, at=NINE)

    assert assign(incident, to=other, by=owner, at=NINE).owner == other


@pytest.mark.parametrize(
    "make",
    (make_manager, make_contact, make_partner_engineer, lambda: make_engineer(is_active=False)),
)
def test_only_engineers_who_see_it_own_it(make):
    with pytest.raises(WrongOwner):
        assign(make_incident(), to=make(), by=make_manager(), at=NINE)


def test_what_is_closed_gets_no_new_owner():
    with pytest.raises(IncidentClosed):
        take(make_incident(state=State.CLOSED), by=make_engineer(), at=NINE)


def test_the_priority_changes_with_its_reason_and_the_promise_stays():
    incident = filed()

    set_priority(incident, priority=1, by=make_engineer(), at=NINE, reason="All are down.")

    incident.refresh_from_db()
    assert (incident.priority, target_of(incident).due_at) == (1, NINE + hours(6))


def test_a_priority_without_a_reason_or_by_the_customer_stays():
    incident = make_incident()

    with pytest.raises(EmptyText):
        set_priority(incident, priority=1, by=make_engineer(), at=NINE, reason=" ")
    with pytest.raises(NotAllowed):
        set_priority(incident, priority=1, by=incident.reporter, at=NINE, reason="Now!")
