"""A call is logged on an open incident or files a new one, and is the evidence of it (E2)."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed
from core.journal import entries_of
from entitlements.enums import Channel, Level
from telephone.actions.calls import log_call, log_report
from telephone.actions.records import CallFacts, forget_number, remember_number
from telephone.enums import CallOutcome, Direction
from telephone.errors import NotTheirPerson
from telephone.models import Call, PhoneNumber
from tests.factories import (
    NINE,
    hours,
    make_call,
    make_contact,
    make_engineer,
    make_organisation,
    make_phone_number,
)
from tests.tickets.desk import covered, filed, level_of, target_of, told
from tickets.actions import lifecycle
from tickets.actions.conversation import answer
from tickets.enums import MessageKind, State
from tickets.errors import EmptyText, IncidentClosed
from tickets.models import Incident
from tickets.reads.promise import verdict

pytestmark = pytest.mark.django_db

FACTS = CallFacts(number="+40722123456", minutes=12)
LATER = NINE + hours(2)


@pytest.fixture
def engineer():
    return make_engineer()


def call(incident, engineer, **fields):
    asked = {"contact": incident.reporter, "by": engineer, "at": LATER}
    return log_call(incident, fields.pop("facts", FACTS), **asked | fields)


def report(licence, engineer, **fields):
    asked = {
        "contact": make_contact(licence.organisation),
        "by": engineer,
        "at": NINE,
        "said": "IMAP stopped.",
        "service": "troubleshooting",
        "subject": "",
        "licence": licence,
    }
    return log_report(FACTS, **asked | fields)


def said_on(incident):
    return list(incident.messages.order_by("pk").values_list("kind", "channel", "body"))


def test_a_report_by_telephone_is_covered_and_keeps_its_call(engineer):
    incident = report(covered(), engineer)

    kept = incident.calls.get()
    assert (incident.channel, level_of(incident)) == (Channel.PHONE, Level.PREMIUM)
    assert (kept.number, kept.minutes, kept.by) == ("+40722123456", 12, engineer)
    assert (kept.contact, kept.direction, kept.answered) == (incident.reporter, "in", False)
    assert target_of(incident).met_at is None


def test_a_report_from_a_level_without_telephone_is_kept_and_not_covered(engineer):
    incident = report(covered(Level.FIRST), engineer)

    assert level_of(incident) is None
    assert incident.calls.count() == 1
    assert "FIRsT does not include telephone" in str(incident.decision.considered)
    assert told(incident, "incident_not_covered") == {incident.reporter.email}


def test_an_answer_in_the_first_call_meets_the_target_at_once(engineer):
    incident = report(covered(), engineer, told="Restart IMAP.", then=State.SOLVED)

    incident.refresh_from_db()
    assert (target_of(incident).met_at, target_of(incident).met_by) == (NINE, engineer)
    assert incident.state == State.SOLVED
    assert incident.calls.get().answered


def test_what_is_told_by_telephone_is_an_answer_of_a_person(engineer):
    incident = filed()

    call(incident, engineer, told="Restart IMAP, then tell us.")

    assert verdict(target_of(incident), LATER) == "met"
    assert said_on(incident)[-1] == ("answer", "phone", "Restart IMAP, then tell us.")
    assert told(incident, "incident_answered") == {incident.reporter.email}
    (entry,) = entries_of(incident).filter(kind="incident.called")
    assert entry.facts["answered"] is True
    assert entry.rule == "E2"


def test_it_counts_from_the_moment_it_is_logged_however_long_the_call_was(engineer):
    incident = filed()

    call(incident, engineer, told="Done.", at=NINE + hours(7), facts=CallFacts(minutes=90))

    assert verdict(target_of(incident), NINE + hours(7)) == "late"


def test_to_have_listened_is_no_answer(engineer):
    incident = filed()

    call(incident, engineer, said="It happens at night, too.")

    assert target_of(incident).met_at is None
    assert said_on(incident)[-1] == ("report", "phone", "It happens at night, too.")
    assert incident.messages.latest("pk").author == incident.reporter


def test_a_call_opens_a_target_while_no_answer_is_owed(engineer):
    incident = filed()
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))

    call(incident, engineer, said="That did not help.")

    assert (target_of(incident).cycle, target_of(incident).opened_at) == (2, LATER)


def test_where_the_level_has_no_telephone_the_words_are_a_note_and_nothing_runs(engineer):
    incident = filed(covered(Level.FIRST))
    answer(incident, author=engineer, body="Restart it.", at=NINE + hours(1))

    call(incident, engineer, said="That did not help.")

    kind, _, body = said_on(incident)[-1]
    assert kind == MessageKind.NOTE
    assert "That did not help." in body
    assert incident.targets.count() == 1


def test_an_attempt_that_reached_nobody_is_kept_without_words(engineer):
    incident = filed()
    facts = CallFacts(number="+40722123456", direction=Direction.OUT, outcome=CallOutcome.NO_ANSWER)

    call(incident, engineer, facts=facts)

    assert incident.calls.get().outcome == CallOutcome.NO_ANSWER
    assert incident.messages.count() == 1


def test_a_talk_about_nothing_is_refused(engineer):
    incident = filed()

    with pytest.raises(EmptyText):
        call(incident, engineer, said=" \n")
    assert not incident.calls.exists()


def test_a_closed_incident_takes_no_call(engineer):
    incident = filed()
    answer(incident, author=engineer, body="Done.", at=NINE + hours(1))
    lifecycle.close(incident, by=engineer, at=NINE + hours(1))

    with pytest.raises(IncidentClosed):
        call(incident, engineer, said="Hello?")


def test_a_call_with_somebody_of_another_organisation_is_refused(engineer):
    incident = filed()

    with pytest.raises(NotTheirPerson):
        call(incident, engineer, contact=make_contact(), said="Hello?")


def test_who_does_not_serve_the_customer_logs_nothing():
    licence = covered()
    other = make_engineer(make_organisation())

    with pytest.raises(NotAllowed):
        report(licence, other)
    with pytest.raises(NotAllowed):
        call(filed(licence), other, said="Hello?")
    assert not Call.objects.exists()


def test_the_call_and_the_incident_are_one_transaction(engineer):
    with pytest.raises(IntegrityError), transaction.atomic():
        log_report(
            CallFacts(number="nonsense"),
            contact=make_contact(covered().organisation),
            by=engineer,
            at=NINE,
            said="IMAP stopped.",
            service="troubleshooting",
            subject="",
        )

    assert not Incident.objects.exists()


def test_a_number_is_remembered_once_for_a_person_and_for_the_exchange(engineer):
    organisation = make_organisation()
    contact = make_contact(organisation)

    for person in (contact, contact, None, None):
        remember_number("+40722123456", organisation, person=person, by=engineer, at=NINE)

    assert set(PhoneNumber.objects.values_list("person", flat=True)) == {contact.pk, None}


def test_a_number_is_forgotten_by_who_serves_the_customer(engineer):
    known = make_phone_number()

    with pytest.raises(NotAllowed):
        forget_number(known, by=make_engineer(make_organisation()), at=NINE)
    forget_number(known, by=engineer, at=NINE)

    assert not PhoneNumber.objects.exists()


@pytest.mark.parametrize(
    "fields",
    (
        {"minutes": 1441},
        {"number": "0722"},
        {"direction": "up"},
        {"answered": True, "outcome": "busy"},
    ),
)
def test_the_database_refuses_a_call_that_can_not_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(**fields)
