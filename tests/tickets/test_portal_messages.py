"""A message that the browser sends twice is added once."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import days, make_contact, make_incident
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

    assert {one.headers["Location"] for one in answers} == {page_of(incident)}
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
    assert {one.headers["Location"] for one in answers} == {page_of(fresh)}
    assert Message.objects.filter(body="It is back.").count() == 1
