"""What engineers do to an incident besides answering: who may, what is asked, what it leaves."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import JournalEntry
from tests.factories import (
    NINE,
    days,
    make_cause,
    make_decision,
    make_engineer,
    make_incident,
    make_ledger_entry,
    make_level,
    make_licence,
    make_manager,
    make_organisation,
    make_pack,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.staff_pages import action_of, answer, form, page_of, reported
from tickets.enums import State, Tier
from tickets.models import Handover

pytestmark = pytest.mark.django_db


HANDOVER = {
    "reason": "It needs the debugger.",
    "tried": "A restart.",
    "reproduction": "Sign in 200 times.",
    "environment": "10.5 on Debian 12",
    "logs": "",
}


def test_engineer_takes_it(client):
    incident = reported()
    engineer = make_engineer()
    client.force_login(engineer)

    client.post(action_of(incident, "take"), form())

    incident.refresh_from_db()
    assert incident.owner == engineer


def test_account_manager_can_not_take_it(client):
    incident = reported()
    client.force_login(make_tam(incident.organisation))

    response = client.post(action_of(incident, "take"), form())

    assert response.status_code == 403
    assert (
        'action="' + action_of(incident, "take")
        not in client.get(page_of(incident)).content.decode()
    )


def test_manager_gives_it_to_an_engineer(client):
    incident = reported()
    colleague = make_engineer()
    client.force_login(make_manager())

    client.post(action_of(incident, "assign"), form(to=colleague.pk, reason="Knows IMAP"))

    incident.refresh_from_db()
    assert incident.owner == colleague


def test_it_can_not_be_given_to_who_does_not_see_it(client):
    incident = reported()
    outsiders = [make_engineer(make_organisation()), make_engineer(role="ts3"), make_manager()]
    client.force_login(make_manager())

    for outsider in outsiders:
        response = client.post(action_of(incident, "assign"), form(to=outsider.pk, reason=""))
        assert response.status_code == 400

    incident.refresh_from_db()
    assert incident.owner is None


def test_engineer_gives_away_only_their_own(client):
    incident = reported(owner=make_engineer())
    engineer = make_engineer()
    client.force_login(engineer)

    response = client.post(action_of(incident, "assign"), form(to=engineer.pk, reason=""))

    assert response.status_code == 403


def test_priority_needs_a_reason(client):
    incident = reported()
    client.force_login(make_engineer())

    without = client.post(action_of(incident, "priority"), form(priority=1, reason=" "))
    client.post(action_of(incident, "priority"), form(priority=1, reason="All mail stands still"))

    incident.refresh_from_db()
    assert (without.status_code, incident.priority) == (400, 1)
    history = client.get(reverse("admin:incident_history", args=[incident.number]))
    assert "Priority critical, was normal" in history.content.decode()


def test_escalation_needs_what_the_next_team_needs_and_keeps_what_was_typed(client):
    incident = reported()
    client.force_login(make_engineer())

    response = client.post(action_of(incident, "escalate"), form(**HANDOVER | {"tried": ""}))

    body = response.content.decode()
    assert response.status_code == 400
    assert "Sign in 200 times." in body
    assert re.search(r'<section class="sheet" id="escalate"', body)
    assert not Handover.objects.exists()


def test_escalated_incident_is_with_ts2_who_gives_it_back(client):
    incident = reported(owner=make_engineer())
    ts1, ts2 = make_engineer(), make_engineer(role="ts2")
    client.force_login(ts1)
    client.post(action_of(incident, "escalate"), form(**HANDOVER))
    client.force_login(ts2)
    page = client.get(page_of(incident))
    assert "It needs the debugger." in page.content.decode()

    client.post(action_of(incident, "give-back"), form(to_tier=1, result="Set a higher limit."))

    incident.refresh_from_db()
    steps = list(incident.handovers.values_list("from_tier", "to_tier"))
    assert (incident.tier, steps) == (Tier.TS1, [(1, 2), (2, 1)])


def test_same_escalation_sent_twice_goes_one_step(client):
    incident = reported()
    engineer = make_engineer()
    incident.owner = engineer
    incident.save()
    client.force_login(engineer)
    sent = form(**HANDOVER)

    client.post(action_of(incident, "escalate"), sent)
    client.post(action_of(incident, "escalate"), sent)

    incident.refresh_from_db()
    assert incident.tier == Tier.TS2


def test_account_manager_does_not_escalate(client):
    incident = reported()
    client.force_login(make_tam(incident.organisation))

    response = client.post(action_of(incident, "escalate"), form(**HANDOVER))

    assert response.status_code == 403
    assert not Handover.objects.exists()


def test_incident_is_closed_only_when_no_answer_is_owed(client):
    incident = reported()
    client.force_login(make_engineer())

    said = {"solution": "A restart", "cause": make_cause().key}
    owed = client.post(action_of(incident, "close"), form(**said))
    client.post(action_of(incident, "answer"), answer(incident, then="solved", **said))
    client.post(action_of(incident, "close"), form())

    incident.refresh_from_db()
    assert owed.status_code == 409
    assert "still waits for an answer" in owed.content.decode()
    assert incident.state == State.CLOSED


def test_closed_incident_is_opened_again(client):
    now = timezone.now()
    incident = make_incident(state=State.CLOSED, solved_at=now, closed_at=now)
    client.force_login(make_engineer())

    client.post(action_of(incident, "reopen"), form())

    incident.refresh_from_db()
    assert incident.state == State.OPEN


def test_long_closed_incident_is_not_opened_again(client):
    incident = make_incident(state=State.CLOSED, closed_at=timezone.now() - days(15))
    client.force_login(make_engineer())

    response = client.post(action_of(incident, "reopen"), form())

    assert response.status_code == 409
    assert "over 14 days ago" in response.content.decode()


def test_account_manager_accepts_out_of_goodwill(client):
    level = make_level("first")
    incident = make_incident(level=None)
    client.force_login(make_tam(incident.organisation))

    client.post(action_of(incident, "goodwill"), form(level=level.pk, reason="An old customer"))

    incident.refresh_from_db()
    assert incident.decision.goodwill
    assert incident.targets.get().level == level


def test_engineer_does_not_accept_out_of_goodwill(client):
    level = make_level("first")
    incident = make_incident(level=None)
    client.force_login(make_engineer())

    response = client.post(action_of(incident, "goodwill"), form(level=level.pk, reason="Nice"))

    assert response.status_code == 403
    assert not incident.targets.exists()


def gold():
    licence = make_licence()
    pack = make_pack(licence, quantity=3, available=2)
    decision = make_decision(licence.organisation, level=make_level("gold"), pack=pack)
    incident = make_incident(
        organisation=licence.organisation, licence=licence, decision=decision, received_at=NINE
    )
    make_ledger_entry(
        pack,
        kind="consume",
        debit="available",
        credit="consumed",
        balance=2,
        incident=incident,
    )
    return incident, pack


def test_gold_incident_is_given_back_once(client):
    incident, pack = gold()
    client.force_login(make_engineer())

    client.post(action_of(incident, "refund"), form(kind="defect", reason="A bug of ours"))
    again = client.post(action_of(incident, "refund"), form(kind="defect", reason="Again"))

    pack.refresh_from_db()
    assert (pack.available, again.status_code) == (3, 409)
    assert JournalEntry.objects.filter(kind="pack.refunded").count() == 1


def test_partner_engineer_does_not_give_gold_back(client):
    incident, pack = gold()
    engineer = make_partner_engineer()
    incident.organisation.partner = engineer.partner
    incident.organisation.save()
    client.force_login(engineer)

    response = client.post(action_of(incident, "refund"), form(kind="defect", reason="Free"))

    pack.refresh_from_db()
    assert (response.status_code, pack.available) == (403, 2)
