"""A customer asks for the next technical level, and a lead decides."""

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from core.models import JournalEntry
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_escalation_request,
    make_incident,
    make_manager,
    make_organisation,
)
from tests.tickets.api.client import URL, client_of
from tests.tickets.desk import HANDOVER, told
from tickets.actions.ladder.escalation import escalate
from tickets.actions.ladder.escalation_requests import ask_escalation, decline_escalation
from tickets.errors import AlreadyFinished, EmptyText, EscalationAsked, HighestTier, NothingAsked
from tickets.models import EscalationRequest, Incident

pytestmark = pytest.mark.django_db

WHY = "All mail stands still."


@pytest.fixture
def owner():
    return make_engineer()


@pytest.fixture
def incident(owner):
    return make_incident(owner=owner)


def ask(incident, **fields):
    asked = {"reason": WHY, "by": incident.reporter, "at": NINE} | fields
    return ask_escalation(incident, **asked)


def test_leads_and_owner_are_told_once_and_nothing_moves(incident, owner):
    lead, manager = make_engineer(is_lead=True), make_manager(is_lead=True)

    ask(incident)
    with pytest.raises(EscalationAsked):
        ask(incident)

    assert told(incident, "escalation_asked") == {lead.email, manager.email, owner.email}
    assert Notice.objects.filter(template="escalation_asked").count() == 3
    assert Incident.objects.get().tier == 1


def test_an_escalation_accepts_what_was_asked(incident, owner):
    asked = ask(incident)

    escalate(incident, by=owner, at=NINE + hours(1), **HANDOVER)

    asked.refresh_from_db()
    assert (asked.is_accepted, asked.answered_by) == (True, owner)
    assert told(incident, "escalation_accepted") == {incident.reporter.email}
    assert ask(incident, at=NINE + hours(2)).pk != asked.pk


def test_a_lead_declines_with_an_answer_that_the_customer_reads(incident, client):
    ask(incident)
    lead = make_engineer(is_lead=True)

    decline_escalation(incident, reason="A patch comes tonight.", by=lead, at=NINE + hours(1))

    asked = EscalationRequest.objects.get()
    assert (asked.is_accepted, asked.answer) == (False, "A patch comes tonight.")
    assert told(incident, "escalation_declined") == {incident.reporter.email}
    assert JournalEntry.objects.filter(kind="incident.escalation_declined").count() == 1
    client.force_login(incident.reporter)
    page = client.get(f"/incidents/{incident.number}/").content.decode()
    assert "A patch comes tonight." in page
    with pytest.raises(NothingAsked):
        decline_escalation(incident, reason="No.", by=lead, at=NINE + hours(2))


def test_engineers_who_lead_nobody_do_not_decide(incident, owner):
    ask(incident)

    with pytest.raises(NotAllowed):
        decline_escalation(incident, reason="No.", by=owner, at=NINE)
    with pytest.raises(EmptyText):
        decline_escalation(incident, reason=" ", by=make_manager(), at=NINE)


def test_what_can_not_be_asked_is_refused(incident):
    with pytest.raises(EmptyText):
        ask(incident, reason="  ")
    with pytest.raises(NotAllowed):
        ask(incident, by=make_contact(make_organisation()))
    with pytest.raises(NotAllowed):
        ask(incident, by=make_engineer())
    with pytest.raises(HighestTier):
        ask(make_incident(tier=3))
    with pytest.raises(AlreadyFinished):
        ask(make_incident(state="solved", solved_at=NINE))
    assert not EscalationRequest.objects.exists()


def test_it_is_asked_in_the_portal_and_seen_by_staff(client, incident):
    lead = make_engineer(is_lead=True)
    client.force_login(incident.reporter)
    address = f"/incidents/{incident.number}/"

    client.post(f"{address}next-level/", {"reason": WHY})
    page = client.get(address).content.decode()

    assert "A lead of ours decides" in page
    assert "Ask that it goes further" not in page
    client.force_login(lead)
    staff = client.get(reverse("admin:incident", args=[incident.number])).content.decode()
    assert WHY in staff
    assert "Decline the next level" in staff
    page_action = reverse("admin:incident_action", args=[incident.number, "decline-escalation"])
    client.post(page_action, {"key": "k", "reason": "Not yet."})
    assert EscalationRequest.objects.get().is_accepted is False


def test_it_is_asked_by_the_api(incident):
    api = client_of(incident.reporter)

    answer = api.post(f"{URL}{incident.number}/ask-escalation/", {"reason": WHY}, format="json")
    again = api.post(f"{URL}{incident.number}/ask-escalation/", {"reason": WHY}, format="json")

    assert (answer.status_code, again.status_code) == (200, 409)
    assert EscalationRequest.objects.count() == 1


def test_colleagues_of_the_customer_see_what_was_asked(client, incident):
    make_escalation_request(incident)
    client.force_login(make_contact(incident.organisation))

    assert b"asked on" in client.get(f"/incidents/{incident.number}/").content
