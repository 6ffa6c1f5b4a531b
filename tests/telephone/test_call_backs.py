"""Asking for a call-back: the hotline, the number, the moment (rule 9, L7)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed
from core.journal import entries_of
from core.journal import label as label_of
from entitlements.enums import Level
from entitlements.models import IncidentPack
from notices.models import Notice
from telephone.actions.call_backs import ask, withdraw
from telephone.enums import CallBackState
from telephone.errors import (
    AskedAlready,
    BadNumber,
    CallBackOver,
    HotlineOff,
    NotTheirPerson,
    SlotPassed,
    SlotTooFar,
    TooManyCallBacks,
)
from telephone.models import CallBack
from tests.factories import (
    NINE,
    days,
    hours,
    make_call_back,
    make_contact,
    make_engineer,
    make_incident,
    make_organisation,
    make_partner_engineer,
    make_project,
    make_tam,
)
from tests.tickets.desk import covered
from tickets.enums import State
from tickets.errors import IncidentClosed

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora():
    """A contact of an organisation with Premium and two Gold incidents."""
    return make_contact(covered(gold=2).organisation)


def asked(contact, **fields):
    return ask(contact, **{"number": "0722 123 456", "by": contact, "at": NINE} | fields)


def notices(call_back, template):
    owed = Notice.objects.filter(subject=label_of(call_back), template=template)
    return set(owed.values_list("to__email", flat=True))


def test_a_call_at_once_is_promised_within_a_quarter_of_an_hour(nora):
    call_back = asked(nora, topic="IMAP \n stopped")

    assert (call_back.number, call_back.region) == ("+40722123456", "RO")
    assert (call_back.owed_at, call_back.due_at) == (NINE, NINE + hours(0.25))
    assert (call_back.state(NINE), call_back.topic) == (CallBackState.DUE, "IMAP stopped")
    assert [one.kind for one in entries_of(call_back)] == ["call_back.asked"]


def test_the_promise_is_a_setting(nora, settings):
    settings.CALL_BACK_WITHIN_MINUTES = 5

    assert asked(nora).due_at == NINE + hours(5 / 60)


def test_a_slot_is_owed_from_its_beginning(nora):
    call_back = asked(nora, slot_at=NINE + hours(5))

    assert call_back.due_at == NINE + hours(5.25)
    assert call_back.state(NINE + hours(4)) == CallBackState.ASKED
    assert call_back.state(NINE + hours(5)) == CallBackState.DUE


def test_asking_spends_no_gold_incident(nora):
    asked(nora)

    assert IncidentPack.objects.get().available == 2


def test_the_contact_is_told_and_so_are_those_who_can_call(nora):
    lead, tam = make_engineer(is_lead=True), make_tam(nora.organisation)
    incident = make_incident(organisation=nora.organisation, owner=make_engineer())

    call_back = asked(nora, incident=incident)

    assert notices(call_back, "call_back_confirmed") == {nora.email}
    assert notices(call_back, "call_back_asked") == {lead.email, tam.email, incident.owner.email}


@pytest.mark.parametrize("level", (Level.PREMIUM, Level.FIRST))
def test_without_gold_the_hotline_is_off_and_says_why(level):
    contact = make_contact(covered(level).organisation)

    with pytest.raises(HotlineOff, match="Gold") as refused:
        asked(contact)
    assert "portal" in str(refused.value)
    assert not CallBack.objects.exists()


def test_an_empty_pack_turns_the_hotline_off(nora):
    IncidentPack.objects.update(available=0)

    with pytest.raises(HotlineOff, match="No Gold incidents are left: order a pack"):
        asked(nora)


def test_a_golive_window_turns_it_on():
    contact = make_contact()
    make_project(contact.organisation)

    assert asked(contact).pk


def test_a_slot_after_the_end_of_support_is_refused(nora):
    last = days(365)
    at = NINE + last - days(40)
    with pytest.raises((HotlineOff, SlotTooFar)):
        asked(nora, at=at, slot_at=NINE + last)


@pytest.mark.parametrize(
    "number", ("0906 123 4567", "+1 876 555 1234", "+881612345678", "112", "call me", "")
)
def test_a_number_that_is_not_at_a_standard_charge_is_refused_with_the_reason(nora, number):
    with pytest.raises(BadNumber) as refused:
        asked(nora, number=number)
    assert str(refused.value).startswith("We can not call this number. ")
    assert refused.value.facts["reason"]


def test_a_slot_lies_ahead_and_not_too_far(nora):
    with pytest.raises(SlotPassed):
        asked(nora, slot_at=NINE - hours(0.01))
    with pytest.raises(SlotTooFar):
        asked(nora, slot_at=NINE + days(14) + hours(0.01))
    assert asked(nora, slot_at=NINE + days(14)).pk


def test_a_slot_of_the_person_s_wall_clock_is_kept_across_a_clock_change(nora):
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime(2026, 3, 28, 12, tzinfo=berlin)

    call_back = asked(nora, at=at, slot_at=datetime(2026, 3, 29, 9, tzinfo=berlin))

    assert call_back.owed_at.astimezone(berlin).hour == 9
    assert call_back.owed_at - at.astimezone(UTC) == hours(20)  # 21 on the wall


def test_one_call_at_once_for_one_contact(nora):
    asked(nora)

    with pytest.raises(AskedAlready, match="722 123 456"):
        asked(nora, number="+442079460958")
    assert asked(make_contact(nora.organisation)).pk


def test_five_slots_are_enough(nora):
    for n in range(5):
        asked(nora, slot_at=NINE + hours(n + 1))

    with pytest.raises(TooManyCallBacks):
        asked(nora, slot_at=NINE + hours(9))


def test_it_may_be_about_an_open_incident_of_the_organisation(nora):
    closed = make_incident(organisation=nora.organisation, state=State.CLOSED)

    with pytest.raises(NotTheirPerson):
        asked(nora, incident=make_incident())
    with pytest.raises(IncidentClosed):
        asked(nora, incident=closed)


def test_staff_log_what_was_asked_by_telephone(nora):
    engineer = make_engineer(nora.organisation)

    call_back = asked(nora, by=engineer, through="fax")

    assert (call_back.contact, call_back.asked_by, call_back.through) == (nora, engineer, "fax")


def test_others_ask_for_nobody(nora):
    for other in (make_contact(), make_partner_engineer(), make_engineer(make_organisation())):
        with pytest.raises(NotAllowed):
            asked(nora, by=other)


def test_a_colleague_withdraws_it_and_it_is_over(nora):
    call_back = asked(nora)

    withdraw(call_back, by=make_contact(nora.organisation), at=NINE + hours(0.1))

    call_back.refresh_from_db()
    assert call_back.state(NINE + hours(1)) == CallBackState.WITHDRAWN
    with pytest.raises(CallBackOver):
        withdraw(call_back, by=nora, at=NINE + hours(0.2))
    assert asked(nora, at=NINE + hours(0.3)).pk


def test_strangers_withdraw_nothing(nora):
    with pytest.raises(NotAllowed):
        withdraw(asked(nora), by=make_contact(), at=NINE)


@pytest.mark.parametrize(
    "fields",
    (
        {"number": "0722"},
        {"through": "pigeon"},
        {"end": "done"},
        {"ended_at": NINE},
        {"ended_at": NINE, "end": "done"},
        {"claimed_at": NINE},
        {"due_at": NINE - hours(1)},
    ),
)
def test_the_database_refuses_a_call_back_that_can_not_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call_back(**fields)


def test_ts2_sees_those_of_the_incidents_that_came_up(nora):
    incident = make_incident(organisation=nora.organisation, tier=2)
    make_call_back(nora)
    about = make_call_back(make_contact(nora.organisation), incident=incident)

    assert list(CallBack.objects.visible_to(make_engineer(role="ts2"))) == [about]
