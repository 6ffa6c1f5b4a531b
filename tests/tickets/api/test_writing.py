"""Messages and actions in `/api/v1/`, and its schema."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.enums import Role
from tests.factories import days, make_engineer, make_incident, make_tam, make_target
from tests.tickets.api.client import KEY, URL, client_of, page_action
from tests.tickets.desk import HANDOVER
from tickets.enums import MessageKind, State
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db


def test_a_customer_writes_and_an_engineer_answers_or_notes(api, contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    for sender, said in (
        (api, {"body": "Still broken."}),
        (engineer, {"body": "Hm.", "kind": "note"}),
        (engineer, {"body": "Restart it.", "then": "waiting"}),
    ):
        response = sender.post(page_action(incident, "messages"), said, format="json")
        assert response.status_code == 201
        assert (response.json()["body"], response.json()["incident"]) == (
            said["body"],
            incident.number,
        )

    incident.refresh_from_db()
    assert incident.state == State.WAITING
    assert [one.kind for one in incident.messages.all()] == ["report", "note", "answer"]
    assert incident.targets.get().met_at is not None


def test_a_customers_message_is_never_an_answer(api, contact):
    incident = make_incident(reporter=contact, owner=make_engineer())
    make_target(incident)

    api.post(
        page_action(incident, "messages"),
        {"body": "Solved!", "kind": "answer", "then": "solved"},
        format="json",
    )

    assert Message.objects.get().kind == MessageKind.REPORT
    assert incident.targets.get().met_at is None


@pytest.mark.parametrize(
    "wrong", ({}, {"body": ""}, {"body": "\0"}, {"body": "x", "then": "closed"})
)
def test_a_wrong_message_is_refused(contact, wrong):
    incident = make_incident(reporter=contact)

    response = client_of(make_engineer()).post(
        page_action(incident, "messages"), wrong, format="json"
    )

    assert (response.status_code, Message.objects.exists()) == (400, False)


def test_a_message_on_what_was_closed_long_ago_says_where_it_went(api, contact):
    old = make_incident(reporter=contact, state=State.CLOSED, closed_at=timezone.now() - days(20))

    body = api.post(page_action(old, "messages"), {"body": "Again."}, format="json").json()

    fresh = Incident.objects.get(follows=old)
    assert body["incident"] == fresh.number
    assert api.get(f"{URL}{fresh.number}/").json()["follows"] == old.number


def test_an_engineer_escalates_with_the_hand_over(contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    response = engineer.post(page_action(incident, "escalate"), HANDOVER, format="json")

    assert (response.status_code, response.json()["tier"]) == (200, "TS2")
    assert incident.handovers.get().tried == "A restart."


def test_escalating_needs_the_hand_over_and_the_right_role(api, contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())

    incomplete = engineer.post(
        page_action(incident, "escalate"), HANDOVER | {"tried": " "}, format="json"
    )
    customer = api.post(page_action(incident, "escalate"), HANDOVER, format="json")
    developer = client_of(make_engineer(role=Role.TS3)).post(
        page_action(incident, "escalate"), HANDOVER, format="json"
    )

    assert (incomplete.status_code, incomplete.json().keys()) == (400, {"tried"})
    assert (customer.status_code, customer.json()["code"]) == (403, "not_allowed")
    assert developer.status_code == 404  # it was never escalated to them
    assert not incident.handovers.exists()


def test_closing_and_reopening(api, contact):
    incident = make_incident(reporter=contact)

    closed = api.post(page_action(incident, "close"))
    twice = api.post(page_action(incident, "close"))
    opened = api.post(page_action(incident, "reopen"), {"body": "It is back."}, format="json")
    again = api.post(page_action(incident, "reopen"))

    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_finished")
    assert (opened.json()["state"], opened.json()["messages"][0]["body"]) == (
        "open",
        "It is back.",
    )
    assert (again.status_code, again.json()["code"]) == (409, "not_finished")


def test_the_tam_does_not_close_what_owes_an_answer(contact):
    incident = make_incident(reporter=contact)
    make_target(incident)
    tam = client_of(make_tam(contact.organisation))

    response = tam.post(page_action(incident, "close"))

    assert (response.status_code, response.json()["code"]) == (409, "answer_owed")


@pytest.mark.parametrize("method", ("put", "patch", "delete"))
def test_nothing_is_changed_in_another_way(api, contact, method):
    incident = make_incident(reporter=contact)

    assert getattr(api, method)(f"{URL}{incident.number}/").status_code == 405


def test_the_schema_is_whole_and_its_pages_open(api, capsys, tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
    )

    written = (tmp_path / "schema.yml").read_text()
    for path in (
        "/api/v1/incidents/",
        "/api/v1/incidents/{number}/",
        "/api/v1/incidents/{number}/messages/",
        "/api/v1/incidents/{number}/escalate/",
        "/api/v1/incidents/{number}/close/",
        "/api/v1/incidents/{number}/reopen/",
        "/api/v1/coverage/",
        "/api/v1/reports/",
        "/api/v1/licences/",
        "/api/v1/incident-packs/",
    ):
        assert f"  {path}:" in written
    assert (api.get("/api/v1/docs/").status_code, api.get("/api/v1/schema/").status_code) == (
        200,
        200,
    )


def test_the_same_message_under_its_key_is_added_once(api, contact):
    incident = make_incident(reporter=contact)
    said = {"body": "It hangs again."}

    first = api.post(page_action(incident, "messages"), said, headers=KEY)
    again = api.post(page_action(incident, "messages"), said, headers=KEY)
    other = api.post(page_action(incident, "messages"), {"body": "Else."}, headers=KEY)
    elsewhere = api.post(
        page_action(make_incident(reporter=contact), "messages"), said, headers=KEY
    )

    assert [one.status_code for one in (first, again, other, elsewhere)] == [201, 200, 422, 422]
    assert again.json() == first.json()
    assert incident.messages.filter(body="It hangs again.").count() == 1


def test_an_engineers_answer_under_its_key_is_given_once(contact):
    incident = make_incident(reporter=contact)
    engineer = client_of(make_engineer())
    said = {"body": "Do this.", "then": "waiting"}

    answers = [engineer.post(page_action(incident, "messages"), said, headers=KEY) for _ in "ab"]

    assert [one.status_code for one in answers] == [201, 200]
    assert incident.messages.filter(body="Do this.").count() == 1
