"""Whoever is closed, moved or away keeps nothing silently."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions.people import assign as serve
from accounts.actions.people import change_staff, deactivate, move
from accounts.errors import LastAdminContact, NotForCustomers, NotYourPeople
from accounts.models import Person
from core.closing import foreseen
from core.journal import entries_of
from core.models import JournalEntry
from core.templatetags.looks import unbroken
from notices.models import Notice
from notices.outbox import notify
from tests import factories as make
from tests.factories import NINE
from tests.tickets.staff_pages import with_tabs
from tickets.actions.conversation import answer, write
from tickets.actions.dispatch.ownership import assign
from tickets.errors import OwnerAway, OwnerFull
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Person:
    return make.make_manager()


def owned(owner, **fields) -> Incident:
    return make.make_incident(owner=owner, **fields)


def fresh(thing):
    thing.refresh_from_db()
    return thing


def about(incident, template) -> list[Person]:
    found = Notice.objects.filter(subject=f"tickets.incident:{incident.pk}", template=template)
    return [one.to for one in found.select_related("to").order_by("pk") if one.to]


# Closed.


def test_a_closed_engineers_incidents_go_to_a_colleague_at_once(manager):
    engineer, colleague = make.make_engineer(), make.make_engineer()
    open_one, done = owned(engineer), owned(engineer, state="solved")

    deactivate(engineer, by=manager, at=NINE)

    assert fresh(open_one).owner == colleague
    assert fresh(done).owner == engineer
    assert entries_of(open_one).filter(kind="incident.owner_left").get().by == manager


def test_where_nobody_fits_the_leads_are_told(manager):
    lead = make.make_manager(is_lead=True)
    engineer = make.make_engineer()
    incident = owned(engineer)

    deactivate(engineer, by=manager, at=NINE)

    assert fresh(incident).owner is None
    assert lead in about(incident, "incident_unassigned")


def test_what_they_took_to_call_back_waits_for_another(manager):
    engineer = make.make_engineer()
    contact = make.make_contact()
    call_back = make.make_call_back(contact, claimed_by=engineer, claimed_at=NINE)

    deactivate(engineer, by=manager, at=NINE)

    assert fresh(call_back).claimed_by is None


def test_an_account_manager_who_is_gone_manages_nobody_and_managers_are_asked(manager):
    organisation = make.make_organisation()
    tam = make.make_tam(organisation)

    deactivate(tam, by=manager, at=NINE)

    assert fresh(organisation).tam is None
    assert Notice.objects.filter(template="tam_left", to=manager).exists()


def test_it_is_said_before(manager):
    engineer = make.make_engineer()
    incident = owned(engineer)
    make.make_call_back(make.make_contact(), claimed_by=engineer, claimed_at=NINE)
    make.make_shift(person=engineer)

    said = " ".join(foreseen(engineer, at=NINE))

    assert incident.number in said
    assert "1 open incident of theirs goes back to dispatch" in said
    assert "1 call-back that they took waits" in said
    assert "not counted any more" in said
    assert fresh(incident).owner == engineer


def test_of_a_reporter_it_is_said_whether_anybody_else_reads_the_answers():
    reporter = make.make_contact()
    alone = make.make_incident(organisation=reporter.organisation, reporter=reporter)
    followed = make.make_incident(organisation=reporter.organisation, reporter=reporter)
    make.make_participant(followed, person=make.make_contact(reporter.organisation))

    said = foreseen(reporter, at=NINE)

    assert said[0].startswith("2 open incidents that they reported go on")
    assert f"Nobody else is mailed the answers to {alone.number}:" in said[1]


def test_the_portal_says_it_before_and_then_does_it(client):
    admin = make.make_admin_contact()
    person = make.make_contact(admin.organisation)
    incident = make.make_incident(organisation=admin.organisation, reporter=person)
    client.force_login(admin)
    url = reverse("accounts:deactivate", args=[person.pk])

    page = client.get(url).content.decode()
    still = fresh(person).is_active
    client.post(url)

    assert f'<span class="nowrap">{incident.number}</span>' in page
    assert still
    assert not fresh(person).is_active


def test_the_staffs_list_says_it_before_and_then_does_it(client, manager, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    engineer = make.make_engineer()
    incident = owned(engineer)
    client.force_login(manager)
    url = reverse("admin:accounts_person_changelist")
    chosen = {"action": "close", "_selected_action": [engineer.pk]}

    page = client.post(url, chosen)
    still = fresh(engineer).is_active
    client.post(url, chosen | {"sure": "yes"})

    assert page.status_code == 200
    assert incident.number in page.content.decode()
    assert still
    assert not fresh(engineer).is_active


def test_a_sentence_keeps_its_numbers_on_one_line_and_is_escaped():
    assert unbroken("<b>2</b> go on: AX-2026-000001, AXG-B-7714-2201.") == (
        "&lt;b&gt;2&lt;/b&gt; go on: "
        '<span class="nowrap">AX-2026-000001</span>, <span class="nowrap">AXG-B-7714-2201</span>.'
    )


# Moved.


def test_who_serves_others_now_keeps_only_their_incidents(manager):
    ours, theirs = make.make_organisation(), make.make_organisation()
    engineer, colleague = make.make_engineer(ours, theirs), make.make_engineer()
    kept, gone = owned(engineer, organisation=ours), owned(engineer, organisation=theirs)

    serve(engineer, [ours], by=manager, at=NINE)

    assert (fresh(kept).owner, fresh(gone).owner) == (engineer, colleague)


def test_who_is_no_engineer_any_more_keeps_none(manager):
    engineer, colleague = make.make_engineer(), make.make_engineer()
    incident = owned(engineer)

    change_staff(engineer, role="tam", by=manager, at=NINE)

    assert fresh(incident).owner == colleague


def test_a_customers_person_moves_and_history_stays(manager):
    old, new = make.make_organisation(), make.make_organisation()
    person = make.make_contact(old)
    incident = make.make_incident(organisation=old, reporter=person)
    followed = make.make_incident(organisation=old)
    participant = make.make_participant(followed, person=person)
    token = make.make_token(person)
    make.make_quiet_hours(person)

    move(person, new, by=manager, at=NINE)

    assert fresh(person).organisation == new
    assert (fresh(incident).organisation, incident.reporter) == (old, person)
    assert not Incident.objects.visible_to(person).exists()
    assert fresh(participant).left_at is not None
    assert fresh(token).revoked_at == NINE
    assert person.quiet_hours.organisation == new
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"person.moved", "person.moved_away"} <= kinds


def test_who_moved_is_mailed_nothing_of_where_they_were(manager):
    person = make.make_contact()
    incident = make.make_incident(organisation=person.organisation, reporter=person)
    move(person, make.make_organisation(), by=manager, at=NINE)

    notify([fresh(person)], "incident_solved", key="late", at=NINE, about=incident)

    assert not Notice.objects.filter(to=person, template="incident_solved").exists()


def test_moving_is_the_managers_and_of_customers_alone(manager):
    admin = make.make_admin_contact()
    with pytest.raises(NotYourPeople):
        move(make.make_contact(admin.organisation), make.make_organisation(), by=admin, at=NINE)
    with pytest.raises(NotForCustomers):
        move(make.make_engineer(), make.make_organisation(), by=manager, at=NINE)
    with pytest.raises(LastAdminContact):
        move(admin, make.make_organisation(), by=manager, at=NINE)


def test_a_manager_moves_somebody_on_their_page(client, manager, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person, new = make.make_contact(), make.make_organisation()
    client.force_login(manager)
    url = reverse("admin:accounts_person_change", args=[person.pk])

    client.post(url, {"role": "contact", "move_to": new.pk})

    assert fresh(person).organisation == new


# Away, or without room.


def test_assigning_to_somebody_away_asks_first(manager):
    engineer = make.make_engineer()
    make.make_absence(person=engineer, starts_at=NINE, ends_at=NINE + timedelta(days=3))
    incident = make.make_incident()

    with pytest.raises(OwnerAway, match="away until 5 March 2026"):
        assign(incident, to=engineer, by=manager, at=NINE)

    assert assign(incident, to=engineer, by=manager, at=NINE, anyway=True).owner == engineer


def test_assigning_to_somebody_without_room_asks_first(manager):
    engineer = make.make_engineer()
    make.make_profile(engineer, capacity=1)
    owned(engineer)

    with pytest.raises(OwnerFull):
        assign(make.make_incident(), to=engineer, by=manager, at=NINE)


def test_what_a_customer_writes_to_somebody_away_reaches_a_colleague():
    engineer, colleague = make.make_engineer(), make.make_engineer()
    incident = owned(engineer)
    make.make_absence(person=engineer, starts_at=NINE, ends_at=NINE + timedelta(days=3))

    write(incident, author=incident.reporter, body="Still broken", at=NINE)

    assert fresh(incident).owner == colleague
    assert about(incident, "incident_customer_wrote") == [colleague]


def test_where_nobody_else_is_the_leads_hear_of_it_too():
    lead, engineer = make.make_manager(is_lead=True), make.make_engineer()
    incident = owned(engineer)
    make.make_absence(person=engineer, starts_at=NINE, ends_at=NINE + timedelta(days=3))

    write(incident, author=incident.reporter, body="Still broken", at=NINE)

    assert about(incident, "incident_customer_wrote") == [engineer, lead]


@pytest.mark.parametrize("had", ("nobody", "a closed account"))
def test_what_a_customer_writes_never_reaches_nobody(had):
    lead = make.make_manager(is_lead=True)
    owner = make.make_engineer(is_active=False) if had == "a closed account" else None
    incident = owned(owner)
    Incident.objects.filter(pk=incident.pk).update(dispatch_tried_at=NINE)  # and nobody fitted

    write(fresh(incident), author=incident.reporter, body="Hello?", at=NINE)

    assert lead in about(incident, "incident_customer_wrote")


# An answer to nobody.


@pytest.mark.parametrize("gone", ("closed", "moved"))
def test_an_answer_that_nobody_is_left_to_read_meets_nothing_and_says_so(client, gone, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    engineer = make.make_engineer()
    incident = owned(engineer)
    target = make.make_target(incident)
    if gone == "closed":
        Person.objects.filter(pk=incident.reporter_id).update(is_active=False)
    else:
        elsewhere = make.make_organisation()
        Person.objects.filter(pk=incident.reporter_id).update(organisation=elsewhere)

    message = answer(fresh(incident), author=engineer, body="Restart it.", at=NINE)

    assert fresh(message).taken_back_at == NINE
    assert fresh(target).met_at is None
    client.force_login(engineer)
    assert "nobody of theirs has an open account" in with_tabs(client, incident)


def test_a_colleague_who_reads_it_makes_it_an_answer():
    engineer = make.make_engineer()
    incident = owned(engineer)
    target = make.make_target(incident)
    make.make_participant(incident, person=make.make_contact(incident.organisation))
    Person.objects.filter(pk=incident.reporter_id).update(is_active=False)

    answer(fresh(incident), author=engineer, body="Restart it.", at=NINE)

    assert fresh(target).met_at == NINE
