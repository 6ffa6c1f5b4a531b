"""A message that the browser sends twice is added once; what nothing covers says the way on."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.factories import (
    NINE,
    days,
    make_admin_contact,
    make_contact,
    make_incident,
    make_level,
    make_licence,
    make_manager,
)
from tests.tickets.desk import filed
from tickets.actions.goodwill import accept
from tickets.enums import State
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(client):
    contact = make_contact()
    client.force_login(contact)
    return make_incident(organisation=contact.organisation, reporter=contact)


def page_of(incident) -> str:
    return reverse("tickets:detail", args=[incident.number])


def key_in(body: str) -> str:
    (key,) = re.findall(r'name="key" value="(\w{32})"', body)
    return str(key)


def test_a_double_click_adds_one_message(client, incident):
    sent = {"key": key_in(client.get(page_of(incident)).content.decode()), "body": "Any news?"}

    answers = [client.post(page_of(incident), sent) for _ in range(6)]

    assert {one.headers["Location"] for one in answers} == {f"{page_of(incident)}#newest"}
    assert [one.body for one in incident.messages.all()] == ["Any news?"]


def test_the_same_words_in_a_fresh_form_are_a_second_message(client, incident):
    for _ in range(2):
        key = key_in(client.get(page_of(incident)).content.decode())
        client.post(page_of(incident), {"key": key, "body": "Any news?"})

    assert incident.messages.count() == 2


def test_a_form_that_was_changed_since_is_not_lost(client, incident):
    client.post(page_of(incident), {"key": "one-key", "body": "Any news?"})

    changed = client.post(page_of(incident), {"key": "one-key", "body": "Any news today?"})
    page = changed.content.decode()
    client.post(page_of(incident), {"key": key_in(page), "body": "Any news today?"})

    assert changed.status_code == 422
    assert "Send it again to add a second message" in page
    assert "Any news today?" in page
    assert [one.body for one in incident.messages.all()] == ["Any news?", "Any news today?"]


def test_a_double_click_on_what_was_closed_long_ago_files_one_incident(client, incident):
    Incident.objects.update(state=State.CLOSED, closed_at=timezone.now() - days(20))
    sent = {"key": "one-key", "body": "It is back."}

    answers = [client.post(page_of(incident), sent) for _ in range(2)]

    fresh = Incident.objects.get(follows=incident)
    assert {one.headers["Location"] for one in answers} == {f"{page_of(fresh)}#newest"}
    assert Message.objects.filter(body="It is back.").count() == 1


@pytest.mark.parametrize(
    ("make", "ordering"),
    (
        (make_admin_contact, "Order support for this licence"),
        (make_contact, "admin contact can order support"),
    ),
)
def test_what_nothing_covers_says_why_what_would_and_leads_there(client, make, ordering):
    contact = make()
    licence = make_licence(contact.organisation)
    uncovered = filed(licence, reporter=contact)
    client.force_login(contact)

    body = " ".join(client.get(page_of(uncovered)).content.decode().split())

    assert "Nothing covers this incident, so no answer is promised." in body
    assert "your account manager decides whether we can help anyway" in body
    assert ordering in body
    assert (f"/orders/new/?licence={licence.pk}" in body) is (make is make_admin_contact)
    for words in [*uncovered.decision.remedies, uncovered.decision.considered[0]["sentence"]]:
        assert escape(words) in body


def test_without_a_licence_the_way_on_is_to_register_one(client):
    contact = make_contact()
    client.force_login(contact)
    uncovered = make_incident(reporter=contact, level=None)

    assert "Register a licence" in client.get(page_of(uncovered)).content.decode()


def test_what_is_accepted_says_that_it_is_goodwill(client, incident):
    uncovered = filed(make_licence(incident.organisation), reporter=incident.reporter)
    accept(uncovered, level=make_level(), by=make_manager(), at=NINE, reason="A loyal customer.")

    body = client.get(page_of(uncovered)).content.decode()

    assert "out of goodwill, and nothing is charged" in body
    assert "A loyal customer." not in body
