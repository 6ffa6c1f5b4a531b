"""What a customer reads of an incident between its messages, and what is offered next."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.journal import record
from core.kinds import kinds
from entitlements.enums import Level
from tests.factories import (
    days,
    hours,
    make_attachment,
    make_contact,
    make_engineer,
    make_incident,
    make_licence,
    make_message,
    make_organisation,
    make_subscription,
    make_target,
)
from tests.tickets.desk import HANDOVER, filed
from tickets.actions import conversation, lifecycle
from tickets.actions.ladder.escalation import escalate
from tickets.enums import MessageKind, State
from tickets.reads.customers_history import _WORDS, history_of

pytestmark = pytest.mark.django_db


def page(client, incident, **headers):
    url = reverse("tickets:detail", args=[incident.number])
    return client.get(url, **headers).content.decode()


@pytest.fixture
def contact(client):
    contact = make_contact(make_organisation())
    client.force_login(contact)
    return contact


def test_what_became_of_it_stands_between_the_messages_in_the_customers_words(client):
    incident = filed()
    at, engineer = incident.received_at, make_engineer(role="ts1", name="Ioana Radu")
    conversation.note(incident, author=engineer, body="grumpy", at=at + hours(0.5))
    escalate(incident, by=engineer, at=at + hours(1), **HANDOVER)
    conversation.answer(
        incident, author=engineer, body="Restart it.", at=at + hours(2), then=State.SOLVED
    )
    client.force_login(incident.reporter)

    body = page(client, incident)

    told = r'class="event".*?</svg> ([^<]+?) <time|>(It stopped[^<]*|Restart it\.)<'
    said = re.findall(told, body)
    flat = [one or two for one, two in said]
    assert flat == [
        "It stopped this morning.",
        "Our testing team looks into it",
        "Restart it.",
        "Solved",
    ]
    for hidden in ("grumpy", "Escalated to TS2", HANDOVER["tried"], "Waiting for customer"):
        assert hidden not in body
    assert "Does it work now?" in body
    assert 'id="newest"' in body


def test_only_declared_kinds_are_told():
    assert set(_WORDS) <= set(kinds)


def test_the_same_is_not_said_twice_in_a_row():
    incident = make_incident()
    for minutes in (1, 2):
        at = incident.received_at + hours(minutes / 60)
        record("incident.state", incident, at=at, by=None, before="new", after="open")

    assert [one.text for one in history_of(incident, [])] == ["We work on it"]


def test_it_works_closes_it(client, contact):
    incident = make_incident(reporter=contact, state=State.SOLVED)

    client.post(reverse("tickets:close", args=[incident.number]))

    incident.refresh_from_db()
    assert incident.state == State.CLOSED
    assert "Does it work now?" not in page(client, incident)
    assert lifecycle.reopen(incident, by=contact, at=timezone.now())


@pytest.mark.parametrize(("level", "calls"), ((Level.PREMIUM, True), (Level.BASIC, False)))
def test_a_broken_promise_looks_broken_and_gives_the_telephone_where_it_is_included(
    client, contact, settings, level, calls
):
    licence = make_licence(contact.organisation, registered_on=timezone.now().date())
    if level == Level.PREMIUM:
        today = timezone.now().date()
        make_subscription(licence, starts_on=today - days(9), ends_on=today + days(300))
    incident = make_incident(reporter=contact, licence=licence)
    now = timezone.now()
    make_target(incident, opened_at=now - hours(9), due_at=now - hours(1))

    body = page(client, incident)

    assert "is-broken" in body
    promise = body[body.index("is-broken") : body.index("Your message")]
    assert (settings.VENDOR["phone"] in promise) is calls


def test_each_message_has_a_heading_and_its_pictures_stand_in_place(client, contact):
    incident = make_incident(reporter=contact)
    message = make_message(incident, kind=MessageKind.ANSWER, author=make_engineer(name="Ioana"))
    picture = make_attachment(message, name="shot.png", content_type="image/png")

    body = page(client, incident)

    assert "<h3><strong>Ioana</strong></h3>" in body
    assert f'<img src="{picture.get_absolute_url()}" alt="shot.png"' in body


def test_the_way_back_keeps_what_the_list_was_narrowed_to(client, contact):
    incident = make_incident(reporter=contact)
    came = "http://testserver/incidents/?state=waiting&page=2"

    assert 'href="/incidents/?state=waiting&amp;page=2"' in page(
        client, incident, HTTP_REFERER=came
    )
    for other in (
        "http://evil.example/incidents/?x=1",
        "http://testserver/other/?x=1",
        "http://[x",
    ):
        assert '<a href="/incidents/">Incidents</a>' in page(client, incident, HTTP_REFERER=other)
