"""Calling back: one engineer at a time, three attempts, an incident at the end (rule 9)."""

import pytest

from core.errors import NotAllowed
from core.journal import entries_of
from core.journal import label as label_of
from entitlements.enums import Channel, Level
from entitlements.models import IncidentPack
from notices.models import Notice
from telephone.actions.call_backs import withdraw
from telephone.actions.calling import claim, not_reached, note_late, reached, release
from telephone.enums import CallBackState, CallOutcome
from telephone.errors import CallBackNotYours, CallBackOver, CallBackTaken, CallBackTooEarly
from telephone.models import CallBack
from tests.factories import (
    NINE,
    days,
    hours,
    make_call_back,
    make_contact,
    make_engineer,
    make_organisation,
    make_project,
    make_tam,
)
from tests.tickets.desk import covered, filed, level_of, target_of
from tickets.errors import EmptyText
from tickets.models import Incident

pytestmark = pytest.mark.django_db

SOON = NINE + hours(0.1)


@pytest.fixture
def licence():
    return covered(gold=2)


@pytest.fixture
def call_back(licence):
    return make_call_back(make_contact(licence.organisation), topic="IMAP")


@pytest.fixture
def ioana():
    return make_engineer(name="Ioana")


def new(licence, **fields):
    report = {
        "service": "troubleshooting",
        "subject": "",
        "licence": licence,
        "said": "It stopped.",
    }
    return report | {"use_gold": True} | fields


def told(call_back, template):
    owed = Notice.objects.filter(subject=label_of(call_back), template=template)
    return sorted(owed.values_list("to__email", flat=True))


def left():
    return IncidentPack.objects.get().available


def test_who_takes_it_holds_it(call_back, ioana):
    claim(call_back, by=ioana, at=SOON)
    claim(call_back, by=ioana, at=SOON + hours(0.1))

    call_back.refresh_from_db()
    assert (call_back.claimed_by, call_back.claimed_at) == (ioana, SOON)
    with pytest.raises(CallBackTaken, match="Ioana calls this customer right now"):
        claim(call_back, by=make_engineer(), at=SOON + hours(0.5))


def test_what_was_taken_an_hour_ago_may_be_taken_over(call_back, ioana):
    other = make_engineer()
    claim(call_back, by=ioana, at=SOON)

    assert claim(call_back, by=other, at=SOON + hours(1.01)).claimed_by == other
    with pytest.raises(CallBackNotYours):
        not_reached(call_back, outcome=CallOutcome.BUSY, by=ioana, at=SOON + hours(1.1))


def test_what_is_given_back_is_free(call_back, ioana):
    claim(call_back, by=ioana, at=SOON)
    release(call_back, by=ioana, at=SOON)

    assert claim(call_back, by=make_engineer(), at=SOON).claimed_by != ioana


def test_a_slot_is_not_taken_long_before_it(licence, ioana):
    slot = make_call_back(make_contact(licence.organisation), slot_at=NINE + hours(2))

    with pytest.raises(CallBackTooEarly):
        claim(slot, by=ioana, at=NINE + hours(1))
    assert claim(slot, by=ioana, at=NINE + hours(1.95)).claimed_by == ioana


def test_customers_and_engineers_of_others_take_nothing(call_back):
    for other in (call_back.contact, make_engineer(make_organisation())):
        with pytest.raises(NotAllowed):
            claim(call_back, by=other, at=SOON)


def test_nothing_is_written_down_without_taking_it(call_back, licence, ioana):
    with pytest.raises(CallBackNotYours):
        reached(call_back, by=ioana, at=SOON, **new(licence))
    assert not Incident.objects.exists()


def test_the_call_makes_an_incident_which_spends_the_gold_incident(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)

    incident = reached(call_back, by=ioana, at=NINE + hours(1), minutes=12, **new(licence))

    call_back.refresh_from_db()
    call = incident.calls.get()
    assert (incident.channel, level_of(incident), left()) == (Channel.CALLBACK, Level.GOLD, 1)
    assert (call.call_back, call.minutes, call.direction) == (call_back, 12, "out")
    assert call_back.state(NINE + hours(2)) == CallBackState.DONE
    assert (call_back.incident, call_back.called_at) == (incident, SOON)


def test_an_answer_in_the_call_meets_the_new_incident_s_target(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)

    incident = reached(call_back, by=ioana, at=SOON, told="Restart it.", **new(licence))

    assert (target_of(incident).met_at, target_of(incident).met_by) == (SOON, ioana)


def test_without_gold_it_is_a_report_by_telephone(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)

    incident = reached(call_back, by=ioana, at=SOON, **new(licence, use_gold=False))

    assert (incident.channel, level_of(incident), left()) == (Channel.PHONE, Level.PREMIUM, 2)
    assert Incident.objects.count() == 1


def test_who_loses_the_last_gold_incident_is_served_by_premium(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)
    IncidentPack.objects.update(available=0)

    incident = reached(call_back, by=ioana, at=SOON, **new(licence))

    assert (incident.channel, level_of(incident)) == (Channel.PHONE, Level.PREMIUM)
    assert len(told(incident, "incident_filed")) == 1


def test_a_golive_project_spends_nothing(ioana):
    contact = make_contact()
    project = make_project(contact.organisation)
    call_back = make_call_back(contact)
    claim(call_back, by=ioana, at=SOON)

    incident = reached(call_back, by=ioana, at=SOON, **new(None, project=project, use_gold=None))

    assert (incident.channel, level_of(incident)) == (Channel.CALLBACK, Level.GOLIVE)


def test_the_call_becomes_part_of_an_incident_and_spends_nothing(call_back, licence, ioana):
    incident = filed(licence, reporter=call_back.contact, use_gold=False)
    claim(call_back, by=ioana, at=SOON)

    reached(call_back, by=ioana, at=SOON, incident=incident, said="Worse.", told="Restart it.")

    said = list(incident.messages.order_by("pk").values_list("kind", "channel"))
    assert said[1:] == [("report", "callback"), ("answer", "callback")]
    assert (target_of(incident).met_by, left()) == (ioana, 2)
    assert Incident.objects.count() == 1


def test_a_refused_talk_leaves_the_call_owed(call_back, licence, ioana):
    incident = filed(licence)
    claim(call_back, by=ioana, at=SOON)

    with pytest.raises(EmptyText):
        reached(call_back, by=ioana, at=SOON, incident=incident)
    call_back.refresh_from_db()
    assert call_back.ended_at is None


def test_two_attempts_leave_it_owed_and_the_third_tells_the_customer_once(call_back, ioana):
    for attempt, at in enumerate((SOON, NINE + hours(0.5), NINE + hours(0.8)), start=1):
        claim(call_back, by=ioana, at=at)
        tried = not_reached(call_back, outcome=CallOutcome.NO_ANSWER, by=ioana, at=at, minutes=1)
        assert (tried.ended_at is None) == (attempt < 3)
        assert tried.claimed_by is None

    assert call_back.calls.count() == 3
    assert tried.state(NINE + days(1)) == CallBackState.FAILED
    assert told(call_back, "call_back_not_reached") == [call_back.contact.email]
    with pytest.raises(CallBackOver):
        claim(call_back, by=ioana, at=NINE + hours(1))


def test_after_an_attempt_it_is_tried_again_ten_minutes_later(call_back, ioana):
    claim(call_back, by=ioana, at=SOON)

    tried = not_reached(call_back, outcome=CallOutcome.BUSY, by=ioana, at=NINE + hours(0.2))

    assert tried.next_at == NINE + hours(0.2) + hours(1 / 6)
    assert tried.state(NINE + hours(0.2)) == CallBackState.CALLED


def test_what_the_customer_withdrew_is_not_written_down(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)
    withdraw(call_back, by=call_back.contact, at=SOON)

    with pytest.raises(CallBackOver):
        reached(call_back, by=ioana, at=SOON, **new(licence))
    assert left() == 2


def test_a_late_call_is_noted_and_told_once(call_back):
    lead, tam = make_engineer(is_lead=True), make_tam(call_back.organisation)

    for _ in range(2):
        note_late([call_back.pk], at=NINE + hours(0.3))

    (late,) = entries_of(call_back).filter(kind="call_back.late")
    assert late.at == call_back.due_at
    assert told(call_back, "call_back_late") == sorted([lead.email, tam.email])


def test_at_the_promised_moment_itself_it_is_not_late(call_back):
    assert note_late([call_back.pk], at=call_back.due_at) == 0


def test_who_talks_since_before_the_moment_is_not_late(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)

    assert note_late([call_back.pk], at=NINE + hours(0.9)) == 0
    reached(call_back, by=ioana, at=NINE + hours(0.95), **new(licence))
    assert note_late([call_back.pk], at=NINE + hours(3)) == 0


def test_who_took_it_and_never_called_does_not_hide_it(call_back, ioana):
    claim(call_back, by=ioana, at=SOON)

    assert note_late([call_back.pk], at=SOON + hours(1.01)) == 1


def test_a_call_that_came_late_between_two_sweeps_is_noted_all_the_same(call_back, licence, ioana):
    claim(call_back, by=ioana, at=NINE + hours(0.3))
    reached(call_back, by=ioana, at=NINE + hours(0.4), **new(licence))

    assert note_late([call_back.pk], at=NINE + hours(0.5)) == 1


def test_a_call_in_time_is_never_late(call_back, licence, ioana):
    claim(call_back, by=ioana, at=SOON)
    reached(call_back, by=ioana, at=SOON, **new(licence))

    assert not CallBack.objects.late_unnoted(NINE + days(9)).exists()
