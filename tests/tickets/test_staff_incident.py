"""The incident's page, and every action on it: by the right person, and by the wrong one."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from tests.factories import (
    make_attachment,
    make_cause,
    make_contact,
    make_decision,
    make_dispatch,
    make_engineer,
    make_handover,
    make_incident,
    make_manager,
    make_message,
    make_notice,
    make_organisation,
    make_participant,
    make_partner_engineer,
    make_tam,
)
from tests.tickets.staff_pages import action_of, answer, answers, asks, form, page_of, reported
from tickets.enums import MessageKind, State
from tickets.models import Message

pytestmark = pytest.mark.django_db


def test_page_shows_conversation_coverage_customer_and_what_happened(client):
    organisation = make_organisation(name="Northwind", timezone="Asia/Tokyo")
    decision = make_decision(
        organisation,
        considered_facts=[
            {"level": "gold", "code": "not_elected", "sentence": "Gold was not asked for."},
            {"level": "premium", "code": "chosen", "sentence": "Premium serves it."},
        ],
    )
    incident = reported(organisation=organisation, decision=decision, owner=make_engineer())
    note = make_message(incident, kind="note", author=make_engineer(), body="Looks like DNS.")
    attachment = make_attachment(note)
    make_handover(incident, tried="We restarted it.")
    make_incident(organisation=organisation, subject="Another one")
    make_incident(subject="A stranger's")
    make_notice(about=incident, to=incident.reporter, last_error="550 no such user", attempts=1)
    client.force_login(make_engineer())

    tabs = [
        reverse(f"admin:incident_{name}", args=[incident.number])
        for name in ("customer", "details", "history", "notified")
    ]
    body = "".join(client.get(one).content.decode() for one in (page_of(incident), *tabs))

    for words in (
        "It stopped this morning.",
        "Looks like DNS.",
        "Internal note",
        f"/attachments/{attachment.pk}/",
        "Gold was not asked for.",
        "Premium serves it.",
        "Asia/Tokyo",
        "We restarted it.",
        "Another one",
        "550 no such user",
        incident.reporter.email,
    ):
        assert words in body
    assert "A stranger&#x27;s" not in body


@pytest.mark.parametrize("messages", (1, 5))
@pytest.mark.parametrize(("make", "cost"), ((make_engineer, 10), (make_manager, 10)))
def test_page_costs_the_same_for_any_number_of_messages(client, messages, make, cost):
    incident = reported(owner=make_engineer())
    for _ in range(messages):
        make_attachment(make_message(incident))
        make_notice(about=incident)
        make_handover(incident)
        make_participant(incident)
        make_dispatch(incident, to=incident.owner)
        make_incident(organisation=incident.organisation, owner=make_engineer())
    client.force_login(make())

    with asks(cost):
        client.get(page_of(incident))


def test_page_is_not_there_for_those_who_do_not_serve_the_customer(client):
    incident = reported()
    strangers = [
        make_contact(incident.organisation),
        make_contact(),
        make_partner_engineer(),
        make_engineer(make_organisation()),
        make_engineer(role="ts2"),
        make_tam(make_organisation()),
    ]

    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(page_of(incident)).status_code == 404
        assert client.post(action_of(incident, "answer"), answer(incident)).status_code == 404

    assert answers(incident) == []


def test_answer_meets_the_target_and_is_mailed(client):
    incident = reported()
    engineer = make_engineer()
    client.force_login(engineer)
    files = [SimpleUploadedFile("fix.txt", b"patch")]

    response = client.post(
        action_of(incident, "answer"), answer(incident, then="waiting", files=files), follow=True
    )

    incident.refresh_from_db()
    target = incident.targets.get()
    assert answers(incident) == ["Restart IMAP."]
    assert (incident.state, incident.owner, target.met_by) == (State.WAITING, engineer, engineer)
    assert Notice.objects.get(template="incident_answered").to == incident.reporter
    assert "Your answer is on its way" in response.content.decode()


def test_same_form_sent_twice_answers_once(client):
    incident = reported()
    client.force_login(make_engineer())
    sent = answer(incident)

    first = client.post(action_of(incident, "answer"), sent)
    second = client.post(action_of(incident, "answer"), sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert answers(incident) == ["Restart IMAP."]


def test_form_sent_again_with_other_words_is_shown_again_and_then_taken(client):
    incident = reported()
    client.force_login(make_engineer())
    sent = answer(incident)
    client.post(action_of(incident, "answer"), sent)

    response = client.post(action_of(incident, "answer"), sent | {"body": "And one more."})

    again = response.context["forms"]["answer"]
    assert response.status_code == 422
    assert "And one more." in response.content.decode()
    client.post(
        action_of(incident, "answer"),
        {name: again[name].value() for name in ("key", "seen", "body", "then")},
    )
    assert answers(incident) == ["Restart IMAP.", "And one more."]


def test_answer_that_crosses_another_message_is_held_back_with_its_text(client):
    incident = reported()
    client.force_login(make_engineer())
    sent = answer(incident)
    make_message(incident, body="It works again!", sent_at=timezone.now())

    response = client.post(action_of(incident, "answer"), sent)

    body = response.content.decode()
    assert response.status_code == 409
    assert "Somebody wrote while you did." in body
    assert body.count("Written since you opened the page") == 1
    assert body.index("Written since") < body.index("It works again!")
    assert "Restart IMAP." in body
    assert answers(incident) == []
    again = response.context["forms"]["answer"]
    client.post(action_of(incident, "answer"), sent | {"seen": again["seen"].value()})
    assert answers(incident) == ["Restart IMAP."]


def test_refused_answer_keeps_what_was_typed_and_says_why(client, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    incident = reported()
    client.force_login(make_engineer())
    files = [SimpleUploadedFile("log.txt", b"x" * 11)]
    said = {"solution": "A restart", "cause": make_cause().key}

    response = client.post(
        action_of(incident, "answer"), answer(incident, then="solved", files=files, **said)
    )

    body = response.content.decode()
    assert response.status_code == 413
    assert "log.txt" in body
    assert "Restart IMAP." in body
    assert re.search(r'<option value="solved" selected>', body)
    assert not Message.objects.filter(kind=MessageKind.ANSWER).exists()


def test_empty_answer_is_refused(client):
    incident = reported()
    client.force_login(make_engineer())

    response = client.post(action_of(incident, "answer"), answer(incident, body=" \0 "))

    assert response.status_code == 400
    assert answers(incident) == []


def test_answer_to_an_incident_closed_meanwhile_keeps_its_text(client):
    incident = make_incident(state=State.CLOSED)
    client.force_login(make_engineer())

    response = client.post(action_of(incident, "answer"), answer(incident))

    assert response.status_code == 409
    assert "Reopen it to write on it." in response.content.decode()
    assert "Restart IMAP." in response.content.decode()


def test_note_stays_inside(client):
    incident = reported()
    client.force_login(make_engineer())

    client.post(action_of(incident, "note"), form(body="Looks like DNS."))

    note = incident.messages.get(kind=MessageKind.NOTE)
    assert note.body == "Looks like DNS."
    assert incident.targets.get().met_at is None
    assert not Notice.objects.exists()


def test_unknown_action_is_not_there_and_no_action_is_done_by_a_link(client):
    incident = reported()
    client.force_login(make_manager())

    assert client.post(action_of(incident, "bribe"), form()).status_code == 404
    assert client.get(action_of(incident, "take")).status_code == 404


def test_journal_of_the_incident_is_for_managers_and_account_managers(client):
    incident = reported()
    client.force_login(make_engineer())
    client.post(action_of(incident, "take"), form())

    seen = {}
    for person in (make_engineer(), make_tam(incident.organisation), make_manager()):
        client.force_login(person)
        history = reverse("admin:incident_history", args=[incident.number])
        body = client.get(history).content.decode()
        seen[person.role] = ("took it" in body, "incident.assigned" in body)

    assert seen == {"ts1": (True, False), "tam": (True, True), "manager": (True, True)}
