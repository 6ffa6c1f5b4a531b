"""Priorities from impact and urgency (ITIL): filed, changed with a reason, asked on the pages."""

import pytest
from django.urls import reverse

from core.models import JournalEntry
from entitlements.models import CoverageDecision
from tests.factories import NINE, make_contact, make_engineer, make_incident, make_service
from tests.tickets.api.client import URL, client_of
from tests.tickets.desk import covered, filed
from tickets.actions.dispatch.ownership import set_priority
from tickets.errors import PriorityUnknown
from tickets.models import Incident
from tickets.rules.priorities import priority_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    (
        *((1, 1, 1), (1, 2, 2), (1, 3, 3)),
        *((2, 1, 2), (2, 2, 3), (2, 3, 4)),
        *((3, 1, 3), (3, 2, 4), (3, 3, 4)),
    ),
)
def test_the_matrix(impact, urgency, priority):
    assert priority_of(impact, urgency) == priority


@pytest.mark.parametrize(
    ("said", "priority"),
    (
        ({}, 3),
        ({"impact": 1, "urgency": 1}, 1),
        ({"impact": 1}, 3),
        ({"priority": 4, "impact": 1, "urgency": 1}, 4),
    ),
)
def test_a_report_follows_what_was_said_and_a_priority_stands_for_itself(said, priority):
    incident = filed(covered(), **said)

    assert incident.priority == priority
    assert incident.impact == said.get("impact")


def test_an_engineer_changes_one_of_the_two_with_a_reason():
    incident, engineer = make_incident(impact=2, urgency=2), make_engineer()

    set_priority(incident, urgency=1, by=engineer, at=NINE, reason="They can not work at all.")

    kept = Incident.objects.get()
    assert (kept.impact, kept.urgency, kept.priority) == (2, 1, 2)
    entry = JournalEntry.objects.get(kind="incident.priority")
    assert (entry.facts["before"], entry.facts["after"], entry.facts["urgency"]) == (3, 2, 1)


def test_a_change_that_says_nothing_is_refused():
    incident = make_incident()

    with pytest.raises(PriorityUnknown):
        set_priority(incident, impact=1, by=make_engineer(), at=NINE, reason="Hm.")


def test_the_portal_asks_in_the_customers_words(client):
    contact = make_contact()
    make_service(key="troubleshooting")
    client.force_login(contact)

    page = client.get("/incidents/new/").content.decode()
    client.post(
        "/incidents/new/",
        {
            "key": "k",
            "service": "troubleshooting",
            "impact": 1,
            "urgency": 2,
            "subject": "Hi",
            "body": "How?",
        },
    )

    assert "Who is affected?" in page
    assert "How much does it hinder?" in page
    assert Incident.objects.get().priority == 2
    assert CoverageDecision.objects.count() == 1


def test_staff_change_it_on_the_incidents_page(client):
    incident = make_incident()
    client.force_login(make_engineer())
    page_action = reverse("admin:incident_action", args=[incident.number, "priority"])

    refused = client.post(page_action, {"key": "a", "reason": "Worse than it looked"})
    client.post(
        page_action, {"key": "b", "impact": 1, "urgency": 1, "reason": "Worse than it looked"}
    )

    assert refused.status_code == 400
    assert "Say whom it hits" in refused.content.decode()
    assert Incident.objects.get().priority == 1
    page = client.get(reverse("admin:incident_details", args=[incident.number])).content.decode()
    assert "Everybody, or a whole service" in page


def test_the_api_takes_and_gives_them():
    licence = covered()
    contact = make_contact(licence.organisation)
    asked = {"service": "troubleshooting", "subject": "Hi", "body": "How?", "licence": licence.key}

    body = client_of(contact).post(URL, asked | {"impact": 1, "urgency": 1}, format="json").json()

    assert (body["priority"], body["impact"], body["urgency"]) == (1, 1, 1)
