"""The keys' table, and what the palette offers to whom where."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from core.journal import entries_of
from tests.factories import make_contact, make_engineer, make_incident, make_tam
from tests.tickets.staff_pages import asks, page_of, reported
from tickets.actions.seen import mark_seen
from tickets.reads.keys import sections

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:palette")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "keys.md"


def offered(client, here="/admin/queue/"):
    answer = client.get(ADDRESS, {"here": here})
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.json()["commands"]


def words(commands, group):
    return [one["words"] for one in commands if one["group"] == group]


def test_on_an_incident_it_offers_what_this_person_may_do_there(client):
    engineer = make_engineer(is_lead=True)
    colleague = make_engineer(name="Ada Colleague")
    incident = reported(owner=engineer, priority=3)
    client.force_login(engineer)

    commands = offered(client, page_of(incident))

    assert words(commands, "Priority") == ["Critical", "High", "Low"]
    assert any(colleague.name in one for one in words(commands, "Give it to"))
    assert not any(engineer.name in one for one in words(commands, "Give it to"))
    assert {"Answer the customer", "Escalate to TS2"} <= set(words(commands, "Do"))
    assert "Accept it out of goodwill" not in words(commands, "Do")


def test_who_may_not_is_not_offered_it(client):
    incident = reported(owner=make_engineer())
    client.force_login(make_tam(incident.organisation))

    commands = offered(client, page_of(incident))

    assert words(commands, "Give it to") == []
    assert "Take it" not in words(commands, "Do")


@pytest.mark.parametrize(
    "here", ("", "nonsense", "//[", "/admin/incidents/", "/admin/incidents/AX-1/", "x" * 5000)
)
def test_anywhere_else_it_offers_the_pages(client, here):
    client.force_login(make_engineer())

    commands = offered(client, here)

    assert "Queue" in words(commands, "Go to")
    assert words(commands, "Do") == []


def test_it_says_nothing_of_an_incident_that_is_not_theirs(client):
    incident = reported()
    client.force_login(make_tam())

    assert words(offered(client, page_of(incident)), "Do") == []
    client.force_login(make_contact())
    assert client.get(ADDRESS, {"here": page_of(incident)}).status_code == 404


def test_what_was_looked_at_last_comes_first(client):
    engineer = make_engineer()
    client.force_login(engineer)
    for number in range(3):
        incident = reported(subject=f"Incident {number}")
        message = incident.messages.get()
        incident.last_message_id = message.pk
        incident.save()
        mark_seen(incident, by=engineer, upto=message.pk, at=incident.received_at)
    make_incident(subject="Never seen")

    assert sorted(words(offered(client), "Recent")) == ["Incident 0", "Incident 1", "Incident 2"]


@pytest.mark.parametrize("colleagues", (1, 5))
def test_it_costs_the_same_for_any_number_of_colleagues(client, colleagues):
    engineer = make_engineer(is_lead=True)
    incident = reported(owner=engineer)
    for _ in range(colleagues):
        make_engineer()
    client.force_login(engineer)

    with asks(10):
        offered(client, page_of(incident))


def test_the_docs_have_every_key():
    text = DOCS.read_text()
    for section in sections():
        assert f"## {section.title}" in text
        for key in section.keys:
            assert f"| `{key.press}` | {key.does} |" in text


def test_no_key_does_two_things_in_one_place():
    for section in sections():
        pressed = [one for key in section.keys for one in key.press.split(" or ")]
        assert len(pressed) == len(set(pressed)), section.title


def test_keys_are_shown_as_a_page_and_as_a_part(client):
    client.force_login(make_engineer())

    page = client.get(reverse("admin:keys")).content.decode()
    part = client.get(reverse("admin:keys"), headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page
    assert "<html" not in part
    assert all("Answer the customer" in one for one in (page, part))


def test_single_keys_are_a_choice_of_staff(client):
    engineer, contact = make_engineer(), make_contact()
    said = {"name": "Ada", "phone": "", "timezone": "Europe/Berlin", "language": "en"}
    client.force_login(engineer)
    assert 'data-single="on"' in client.get(reverse("admin:keys")).content.decode()

    client.post(reverse("accounts:profile"), said)

    engineer.refresh_from_db()
    assert engineer.single_keys is False
    assert 'data-single="off"' in client.get(reverse("admin:keys")).content.decode()
    assert [one.kind for one in entries_of(engineer)] == ["person.profile"]
    client.force_login(contact)
    assert "single_keys" not in client.get(reverse("accounts:profile")).content.decode()
    client.post(reverse("accounts:profile"), said)
    contact.refresh_from_db()
    assert contact.single_keys is True
