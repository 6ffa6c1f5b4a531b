"""From one page: why an answer was due then, who was notified when, and who had the incident."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from entitlements.models import CalendarVersion, LevelVersion
from notices.models import Notice
from notices.sending.delivery import send_one
from tests.factories import (
    NINE,
    hours,
    make_calendar,
    make_engineer,
    make_incident,
    make_level,
    make_manager,
    make_organisation,
    make_partner_engineer,
    make_tam,
    make_target,
    make_warning,
)
from tests.tickets.staff_pages import asks
from tickets.actions import conversation, lifecycle
from tickets.actions.dispatch import ownership
from tickets.actions.ladder import escalation
from tickets.actions.promises import alarms
from tickets.models import ResponseTarget, TargetWarning
from tickets.reads.proof import proof_of

pytestmark = pytest.mark.django_db

OFFICE = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def office(**fields) -> CalendarVersion:
    return make_calendar(timezone="Europe/Berlin", hours=OFFICE, **fields)


def counted_on(calendar: CalendarVersion, span: timedelta) -> LevelVersion:
    return make_level(level="basic", calendar=calendar, response_time=span)


def text_of(client, incident) -> str:
    page = client.get(reverse("admin:incident_proof", args=[incident.number]))
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_each_counted_piece_and_each_gap_is_shown_with_the_holiday_by_name(client):
    calendar = office(holidays=["2026-10-05"], holiday_names={"2026-10-05": "Company day"})
    level = counted_on(calendar, hours(10))
    opened_at = datetime(2026, 10, 2, 14, 0, tzinfo=UTC)  # a Friday, 16:00 in Berlin
    due_at = datetime(2026, 10, 6, 15, 0, tzinfo=UTC)
    incident = make_incident(received_at=opened_at, level=level)
    make_target(incident, opened_at=opened_at, due_at=due_at)
    client.force_login(make_manager())

    text = text_of(client, incident)

    assert "Fri 2 Oct, 16:00:00" in text
    assert "Not counted: night, weekend, holiday on Monday 5 October: Company day" in text
    assert "Tue 6 Oct, 17:00:00" in text
    assert "1:00:00" in text
    assert "10:00:00" in text
    assert "is not the one that its calendar gives" not in text


def test_a_due_moment_that_somebody_changed_is_shown_as_such(client):
    incident = make_incident()
    make_target(incident, due_at=NINE + hours(7))
    client.force_login(make_manager())

    assert "is not the one that its calendar gives" in text_of(client, incident)


def test_who_was_told_when_and_when_the_mail_went_out(client):
    organisation = make_organisation()
    tam, owner = make_tam(organisation, name="Tamara"), make_engineer(name="Otto")
    incident = make_incident(organisation=organisation, owner=owner)
    target = make_target(incident)
    warning = make_warning(target)
    alarms.notify_of_warning(warning.pk, at=NINE + hours(5))
    alarms.note_breach(target.pk, at=NINE + hours(6) + timedelta(seconds=5))
    breach = Notice.objects.get(key__startswith="breach:", to=owner)
    send_one(breach.pk, at=NINE + hours(6) + timedelta(seconds=9))

    proof = proof_of(incident, at=NINE + hours(7))

    told, broken = proof.targets[0].alarms
    assert (told.percent, told.due_at, told.noted_at) == (75, warning.due_at, NINE + hours(5))
    assert {str(tam), str(owner)} <= {name for one in told.notifications for name in one.people}
    assert (broken.percent, broken.due_at) == (None, target.due_at)
    assert broken.noted_at == NINE + hours(6) + timedelta(seconds=5)
    sent = {name: one.sent_at for one in broken.notifications for name in one.people}
    assert sent["Otto"] == NINE + hours(6) + timedelta(seconds=9)
    assert sent["Tamara"] is None
    client.force_login(make_manager())
    assert "Warning at 75 %" in text_of(client, incident)


def test_who_had_it_in_which_span_and_when_it_was_due():
    ann, ben = make_engineer(name="Ann"), make_engineer(name="Ben")
    lead = make_engineer(name="Lea", is_lead=True)
    incident = make_incident()
    target = make_target(incident)
    ownership.take(incident, by=ann, at=NINE + hours(1))
    ownership.assign(incident, to=ben, by=lead, at=NINE + hours(5), reason="Ann is ill")
    alarms.note_breach(target.pk, at=NINE + hours(6.1))
    ownership.take(incident, by=ann, at=NINE + hours(7))
    conversation.answer(incident, author=ann, body="Restart.", at=NINE + hours(8))
    escalation.escalate(
        incident,
        by=ann,
        at=NINE + hours(9),
        reason="A crash",
        tried="A restart",
        reproduction="Always",
        environment="Linux",
        logs="-",
    )
    incident.refresh_from_db()
    lifecycle.close(incident, by=incident.reporter, at=NINE + hours(12))
    incident.refresh_from_db()

    proof = proof_of(incident, at=NINE + hours(20))

    assert [(one.since - NINE, one.owner, one.tier, one.how) for one in proof.owners] == [
        (hours(0), "", "TS1", "reported"),
        (hours(1), "Ann", "TS1", "took it"),
        (hours(5), "Ben", "TS1", "given by Lea: Ann is ill"),
        (hours(7), "Ann", "TS1", "took it"),
        (hours(9), "Ann", "TS2", "escalated by Ann"),
    ]
    assert [one.until for one in proof.owners][:-1] == [one.since for one in proof.owners][1:]
    assert proof.owners[-1].until == NINE + hours(12)
    assert proof.targets[0].owner_when_due == "Ben"
    assert proof.targets[0].owner_at_end == "Ann"


def test_an_answer_to_what_nobody_had_makes_it_its_authors():
    ann = make_engineer(name="Ann")
    incident = make_incident()
    make_target(incident)

    conversation.answer(incident, author=ann, body="Restart.", at=NINE + hours(2))

    owners = proof_of(incident, at=NINE + hours(3)).owners
    assert [(one.owner, one.how) for one in owners] == [("", "reported"), ("Ann", "answered it")]


def test_an_incident_that_nothing_covers_has_no_clock(client):
    incident = make_incident(level=None)
    client.force_login(make_manager())

    assert "No answer was ever owed" in text_of(client, incident)


@pytest.mark.parametrize("cycles", (1, 3))
def test_the_page_costs_the_same_for_any_number_of_answers(client, cycles):
    incident = make_incident(owner=make_engineer())
    for cycle in range(1, cycles + 1):
        ended = {"met_at": NINE + hours(7), "met_by": make_engineer()} if cycle < cycles else {}
        target = make_target(incident, cycle=cycle, **ended)
        alarms.notify_of_warning(make_warning(target).pk, at=NINE + hours(5))
        alarms.note_breach(target.pk, at=NINE + hours(8))
        ownership.take(incident, by=make_engineer(), at=NINE + hours(cycle))
    client.force_login(make_engineer())

    with asks(12):
        client.get(reverse("admin:incident_proof", args=[incident.number]))

    assert ResponseTarget.objects.count() == TargetWarning.objects.count() == cycles


def test_staff_who_do_not_serve_the_customer_find_nothing(client):
    incident = make_incident()
    client.force_login(make_partner_engineer())

    page = client.get(reverse("admin:incident_proof", args=[incident.number]))

    assert page.status_code == 404


def test_the_incidents_page_leads_to_it(client):
    incident = make_incident()
    make_target(incident)
    client.force_login(make_engineer())

    page = client.get(reverse("admin:incident", args=[incident.number])).content.decode()

    assert reverse("admin:incident_proof", args=[incident.number]) in page
