"""The incident's page, and every deed on it: by the right person, and by the wrong one."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import JournalEntry
from notices.models import Notice
from tests.factories import (
    NINE,
    days,
    hours,
    make_attachment,
    make_contact,
    make_decision,
    make_engineer,
    make_handover,
    make_incident,
    make_ledger_entry,
    make_level,
    make_licence,
    make_manager,
    make_message,
    make_notice,
    make_organisation,
    make_pack,
    make_partner_engineer,
    make_tam,
    make_target,
)
from tests.tickets.staff_pages import asks, deed_of, form, page_of
from tickets.enums import MessageKind, State, Tier
from tickets.models import Handover, Message

pytestmark = pytest.mark.django_db


def reported(**fields):
    """An incident with the customer's report and a target that runs for six hours more."""
    now = timezone.now()
    incident = make_incident(received_at=now - hours(1), **fields)
    make_message(incident, sent_at=now - hours(1))
    make_target(incident, opened_at=now - hours(1), due_at=now + hours(6))
    return incident


def answer(incident, **fields):
    seen = incident.messages.order_by("-pk").first()
    return form(body="Restart IMAP.", then="open", seen=seen.pk if seen else 0) | fields


def answers(incident):
    return [m.body for m in incident.messages.filter(kind=MessageKind.ANSWER)]


HANDOVER = {
    "reason": "It needs the debugger.",
    "tried": "A restart.",
    "reproduction": "Sign in 200 times.",
    "environment": "10.5 on Debian 12",
    "logs": "",
}


def test_page_shows_conversation_coverage_customer_and_what_happened(client):
    organisation = make_organisation(name="Northwind", timezone="Asia/Tokyo")
    decision = make_decision(
        organisation,
        considered=[
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

    body = client.get(page_of(incident)).content.decode()

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
@pytest.mark.parametrize(("make", "cost"), ((make_engineer, 24), (make_manager, 23)))
def test_page_costs_the_same_for_any_number_of_messages(client, messages, make, cost):
    incident = reported(owner=make_engineer())
    for _ in range(messages):
        make_attachment(make_message(incident))
        make_notice(about=incident)
        make_handover(incident)
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
        assert client.post(deed_of(incident, "answer"), answer(incident)).status_code == 404

    assert answers(incident) == []


def test_answer_meets_the_target_and_is_mailed(client):
    incident = reported()
    engineer = make_engineer()
    client.force_login(engineer)
    files = [SimpleUploadedFile("fix.txt", b"patch")]

    response = client.post(
        deed_of(incident, "answer"), answer(incident, then="waiting", files=files), follow=True
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

    first = client.post(deed_of(incident, "answer"), sent)
    second = client.post(deed_of(incident, "answer"), sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert answers(incident) == ["Restart IMAP."]


def test_form_sent_again_with_other_words_is_shown_again_and_then_taken(client):
    incident = reported()
    client.force_login(make_engineer())
    sent = answer(incident)
    client.post(deed_of(incident, "answer"), sent)

    response = client.post(deed_of(incident, "answer"), sent | {"body": "And one more."})

    again = response.context["forms"]["answer"]
    assert response.status_code == 422
    assert "And one more." in response.content.decode()
    client.post(
        deed_of(incident, "answer"),
        {name: again[name].value() for name in ("key", "seen", "body", "then")},
    )
    assert answers(incident) == ["Restart IMAP.", "And one more."]


def test_answer_that_crosses_another_message_is_held_back_with_its_text(client):
    incident = reported()
    client.force_login(make_engineer())
    sent = answer(incident)
    make_message(incident, body="It works again!", sent_at=timezone.now())

    response = client.post(deed_of(incident, "answer"), sent)

    body = response.content.decode()
    assert response.status_code == 409
    assert "Somebody wrote while you did." in body
    assert body.count("Written since you opened the page") == 1
    assert body.index("Written since") < body.index("It works again!")
    assert "Restart IMAP." in body
    assert answers(incident) == []
    again = response.context["forms"]["answer"]
    client.post(deed_of(incident, "answer"), sent | {"seen": again["seen"].value()})
    assert answers(incident) == ["Restart IMAP."]


def test_refused_answer_keeps_what_was_typed_and_says_why(client, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    incident = reported()
    client.force_login(make_engineer())
    files = [SimpleUploadedFile("log.txt", b"x" * 11)]

    response = client.post(
        deed_of(incident, "answer"), answer(incident, then="solved", files=files)
    )

    body = response.content.decode()
    assert response.status_code == 413
    assert "log.txt" in body
    assert "Restart IMAP." in body
    assert "attach them again" in body
    assert re.search(r'<option value="solved" selected>', body)
    assert not Message.objects.filter(kind=MessageKind.ANSWER).exists()


def test_empty_answer_is_refused(client):
    incident = reported()
    client.force_login(make_engineer())

    response = client.post(deed_of(incident, "answer"), answer(incident, body=" \0 "))

    assert response.status_code == 400
    assert answers(incident) == []


def test_answer_to_an_incident_closed_meanwhile_keeps_its_text(client):
    incident = make_incident(state=State.CLOSED)
    client.force_login(make_engineer())

    response = client.post(deed_of(incident, "answer"), answer(incident))

    assert response.status_code == 409
    assert "Reopen it to write on it." in response.content.decode()
    assert "Restart IMAP." in response.content.decode()


def test_note_stays_inside(client):
    incident = reported()
    client.force_login(make_engineer())

    client.post(deed_of(incident, "note"), form(body="Looks like DNS."))

    note = incident.messages.get(kind=MessageKind.NOTE)
    assert note.body == "Looks like DNS."
    assert incident.targets.get().met_at is None
    assert not Notice.objects.exists()


def test_engineer_takes_it(client):
    incident = reported()
    engineer = make_engineer()
    client.force_login(engineer)

    client.post(deed_of(incident, "take"), form())

    incident.refresh_from_db()
    assert incident.owner == engineer


def test_account_manager_can_not_take_it(client):
    incident = reported()
    client.force_login(make_tam(incident.organisation))

    response = client.post(deed_of(incident, "take"), form())

    assert response.status_code == 403
    assert (
        'action="' + deed_of(incident, "take") not in client.get(page_of(incident)).content.decode()
    )


def test_manager_gives_it_to_an_engineer(client):
    incident = reported()
    colleague = make_engineer()
    client.force_login(make_manager())

    client.post(deed_of(incident, "assign"), form(to=colleague.pk, reason="Knows IMAP"))

    incident.refresh_from_db()
    assert incident.owner == colleague


def test_it_can_not_be_given_to_who_does_not_see_it(client):
    incident = reported()
    outsiders = [make_engineer(make_organisation()), make_engineer(role="ts3"), make_manager()]
    client.force_login(make_manager())

    for outsider in outsiders:
        response = client.post(deed_of(incident, "assign"), form(to=outsider.pk, reason=""))
        assert response.status_code == 400

    incident.refresh_from_db()
    assert incident.owner is None


def test_engineer_gives_away_only_their_own(client):
    incident = reported(owner=make_engineer())
    engineer = make_engineer()
    client.force_login(engineer)

    response = client.post(deed_of(incident, "assign"), form(to=engineer.pk, reason=""))

    assert response.status_code == 403


def test_priority_needs_a_reason(client):
    incident = reported()
    client.force_login(make_engineer())

    without = client.post(deed_of(incident, "priority"), form(priority=1, reason=" "))
    client.post(deed_of(incident, "priority"), form(priority=1, reason="All mail stands still"))

    incident.refresh_from_db()
    assert (without.status_code, incident.priority) == (400, 1)
    assert "Priority critical, was normal" in client.get(page_of(incident)).content.decode()


def test_escalation_needs_what_the_next_team_needs_and_keeps_what_was_typed(client):
    incident = reported()
    client.force_login(make_engineer())

    response = client.post(deed_of(incident, "escalate"), form(**HANDOVER | {"tried": ""}))

    body = response.content.decode()
    assert response.status_code == 400
    assert "Sign in 200 times." in body
    assert re.search(r'<details class="more" id="escalate" open>', body)
    assert not Handover.objects.exists()


def test_escalated_incident_is_with_ts2_who_gives_it_back(client):
    incident = reported(owner=make_engineer())
    ts1, ts2 = make_engineer(), make_engineer(role="ts2")
    client.force_login(ts1)
    client.post(deed_of(incident, "escalate"), form(**HANDOVER))
    client.force_login(ts2)
    page = client.get(page_of(incident))
    assert "It needs the debugger." in page.content.decode()

    client.post(deed_of(incident, "give-back"), form(to_tier=1, result="Set a higher limit."))

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

    client.post(deed_of(incident, "escalate"), sent)
    client.post(deed_of(incident, "escalate"), sent)

    incident.refresh_from_db()
    assert incident.tier == Tier.TS2


def test_account_manager_does_not_escalate(client):
    incident = reported()
    client.force_login(make_tam(incident.organisation))

    response = client.post(deed_of(incident, "escalate"), form(**HANDOVER))

    assert response.status_code == 403
    assert not Handover.objects.exists()


def test_incident_is_closed_only_when_no_answer_is_owed(client):
    incident = reported()
    client.force_login(make_engineer())

    owed = client.post(deed_of(incident, "close"), form())
    client.post(deed_of(incident, "answer"), answer(incident, then="solved"))
    client.post(deed_of(incident, "close"), form())

    incident.refresh_from_db()
    assert owed.status_code == 409
    assert "still waits for an answer" in owed.content.decode()
    assert incident.state == State.CLOSED


def test_closed_incident_is_opened_again(client):
    now = timezone.now()
    incident = make_incident(state=State.CLOSED, solved_at=now, closed_at=now)
    client.force_login(make_engineer())

    client.post(deed_of(incident, "reopen"), form())

    incident.refresh_from_db()
    assert incident.state == State.OPEN


def test_long_closed_incident_is_not_opened_again(client):
    incident = make_incident(state=State.CLOSED, closed_at=timezone.now() - days(15))
    client.force_login(make_engineer())

    response = client.post(deed_of(incident, "reopen"), form())

    assert response.status_code == 409
    assert "over 14 days ago" in response.content.decode()


def test_account_manager_accepts_out_of_goodwill(client):
    level = make_level("first")
    incident = make_incident(level=None)
    client.force_login(make_tam(incident.organisation))

    client.post(deed_of(incident, "goodwill"), form(level=level.pk, reason="An old customer"))

    incident.refresh_from_db()
    assert incident.decision.goodwill
    assert incident.targets.get().level == level


def test_engineer_does_not_accept_out_of_goodwill(client):
    level = make_level("first")
    incident = make_incident(level=None)
    client.force_login(make_engineer())

    response = client.post(deed_of(incident, "goodwill"), form(level=level.pk, reason="Nice"))

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

    client.post(deed_of(incident, "refund"), form(kind="defect", reason="A bug of ours"))
    again = client.post(deed_of(incident, "refund"), form(kind="defect", reason="Again"))

    pack.refresh_from_db()
    assert (pack.available, again.status_code) == (3, 409)
    assert JournalEntry.objects.filter(kind="pack.refunded").count() == 1


def test_partner_engineer_does_not_give_gold_back(client):
    incident, pack = gold()
    engineer = make_partner_engineer()
    incident.organisation.partner = engineer.partner
    incident.organisation.save()
    client.force_login(engineer)

    response = client.post(deed_of(incident, "refund"), form(kind="defect", reason="Free"))

    pack.refresh_from_db()
    assert (response.status_code, pack.available) == (403, 2)


def test_unknown_deed_is_not_there_and_no_deed_is_done_by_a_link(client):
    incident = reported()
    client.force_login(make_manager())

    assert client.post(deed_of(incident, "bribe"), form()).status_code == 404
    assert client.get(deed_of(incident, "close")).status_code == 405


def test_journal_of_the_incident_is_for_managers_and_account_managers(client):
    incident = reported()
    client.force_login(make_engineer())
    client.post(deed_of(incident, "take"), form())

    seen = {}
    for person in (make_engineer(), make_tam(incident.organisation), make_manager()):
        client.force_login(person)
        body = client.get(page_of(incident)).content.decode()
        seen[person.role] = ("took it" in body, "incident.assigned" in body)

    assert seen == {"ts1": (True, False), "tam": (True, True), "manager": (True, True)}
