"""Answers that come back: C8's second half, through real mails."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.test import Client

from entitlements.enums import Level
from mailroom.enums import MailOutcome
from notices.bounces.addresses import clear
from notices.enums import Cleared
from notices.models import BouncingAddress, Notice
from notices.sending.delivery import send_one
from telephone.actions.calls import log_call
from telephone.actions.records import CallFacts
from tests.factories import NINE, hours, make_contact, make_engineer, make_licence
from tests.factories import make_subscription as subscribed
from tests.mailroom.arriving import arrived
from tests.mailroom.making import delivery_report
from tests.tickets.desk import filed, journal, moment, target_of, told
from tests.tickets.staff_pages import with_tabs
from tickets.actions.conversation import answer, write
from tickets.actions.participants import join
from tickets.actions.promises.alarms import note_breach, notify_of_warning
from tickets.actions.promises.audit import audit
from tickets.actions.thread_headers import return_path
from tickets.enums import State
from tickets.models import Incident, Message
from tickets.reads.promise import promise_of

pytestmark = pytest.mark.django_db

DUE = NINE + hours(6)


@pytest.fixture
def incident():
    """Premium, due at three in the afternoon, with an owner."""
    return filed()


@pytest.fixture
def engineer(incident):
    return make_engineer(email="ts1@desk.example")


def answered(incident: Incident, engineer, *, at: datetime, then: str = State.WAITING) -> Message:
    """An answer that was mailed to everybody who is notified."""
    message = answer(incident, author=engineer, body="Restart it.", at=at, then=then)
    said = Notice.objects.filter(key=f"message:{message.pk}")
    for notice in said.exclude(template="incident_followed"):
        assert send_one(notice.pk, at=at)
    return message


def bounced(message: Message, *addresses: str, at: datetime, code: str = "5.1.1"):
    """A bounce of the mail to each address comes to the envelope sender that it was given."""
    action = "failed" if code.startswith("5") else "delayed"
    for address in addresses:
        notice = next(
            one
            for one in Notice.objects.filter(key=f"message:{message.pk}")
            if one.recipient.lower() == address.lower()
        )
        report = delivery_report(
            (address, action, code), returned_id=message.message_id, to=return_path(notice)
        )
        stored = arrived(report, at=at)
    return stored


def works(person, *, at: datetime) -> None:
    assert clear(person.email, how=Cleared.SAID, at=at)


def test_a_hard_bounce_to_everybody_takes_the_answer_back_and_the_old_due_stands(
    incident, engineer
):
    message = answered(incident, engineer, at=NINE + hours(1))

    stored = bounced(message, incident.reporter.email, at=NINE + hours(1.1))

    target = target_of(incident)
    incident.refresh_from_db()
    message.refresh_from_db()
    assert (target.met_at, target.met_by, target.due_at) == (None, None, DUE)
    assert (incident.state, message.taken_back_at) == (State.OPEN, NINE + hours(1.1))
    assert (stored.outcome, stored.incident) == (MailOutcome.AUTOMATIC, incident)
    assert told(incident, "answer_bounced") == {engineer.email}
    assert journal(incident)[-2:] == ["incident.answer_taken_back", "incident.state"]


def test_the_next_answer_meets_it_and_the_audit_agrees(incident, engineer):
    first = answered(incident, engineer, at=NINE + hours(1))
    bounced(first, incident.reporter.email, at=NINE + hours(1.1))

    works(incident.reporter, at=NINE + hours(1.2))
    answered(incident, engineer, at=NINE + hours(2))

    assert target_of(incident).met_at == NINE + hours(2)
    assert promise_of(incident, at=DUE).state == "met"
    assert audit(NINE.date(), at=NINE + hours(40)).differences == 0


def test_without_another_answer_it_is_breached_at_its_own_moment(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))
    bounced(message, incident.reporter.email, at=DUE + hours(1))

    assert note_breach(target_of(incident).pk, at=DUE + hours(1.1))

    assert promise_of(incident, at=DUE + hours(2)).state == "breached"
    assert audit(NINE.date(), at=NINE + hours(40)).differences == 0


def test_warnings_that_are_still_ahead_are_told_again(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))
    bounced(message, incident.reporter.email, at=NINE + hours(5))

    first, second = target_of(incident).warnings.order_by("percent")  # at 13:30 and 14:24

    assert (first.skipped_at, second.skipped_at) == (NINE + hours(1), None)
    assert notify_of_warning(second.pk, at=second.due_at)


def test_an_answer_that_was_given_since_meets_it(incident, engineer):
    first = answered(incident, engineer, at=NINE + hours(1))
    answered(incident, engineer, at=NINE + hours(2))

    bounced(first, incident.reporter.email, at=NINE + hours(3))

    assert target_of(incident).met_at == NINE + hours(2)
    assert audit(NINE.date(), at=NINE + hours(40)).differences == 0


def test_both_answers_come_back_one_after_the_other(incident, engineer):
    messages = [answered(incident, engineer, at=NINE + hours(n)) for n in (1, 2)]

    for message in messages:
        bounced(message, incident.reporter.email, at=NINE + hours(3))

    assert target_of(incident).met_at is None
    assert audit(NINE.date(), at=NINE + hours(5)).differences == 0


def test_somebody_else_got_it(incident, engineer):
    bob = make_contact(incident.organisation, email="bob@northwind.example")
    join(incident, bob, by=bob, at=NINE)
    message = answered(incident, engineer, at=NINE + hours(1))

    bounced(message, incident.reporter.email, at=NINE + hours(1.1))
    assert target_of(incident).met_at == NINE + hours(1)

    bounced(message, bob.email.upper(), at=NINE + hours(1.2))
    assert target_of(incident).met_at is None


def test_what_was_answered_by_telephone_was_heard(incident, engineer):
    said = {"contact": incident.reporter, "by": engineer, "told": "Restart it."}
    log_call(incident, CallFacts(minutes=5), at=NINE + hours(1), **said)
    message = incident.messages.get(kind="answer")
    for notice in Notice.objects.filter(key=f"message:{message.pk}"):
        send_one(notice.pk, at=NINE + hours(1))

    bounced(message, incident.reporter.email, at=NINE + hours(1.1))

    message.refresh_from_db()
    assert message.taken_back_at is None
    assert target_of(incident).met_by == engineer
    assert told(incident, "answer_bounced") == {engineer.email}


def test_a_delay_takes_nothing_back_and_is_noted_once(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))

    for _ in range(2):
        bounced(message, incident.reporter.email, at=NINE + hours(2), code="4.4.1")

    assert target_of(incident).met_at == NINE + hours(1)
    assert journal(incident).count("incident.answer_delayed") == 1


def test_the_same_bounce_twice_does_nothing_more(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))
    bounced(message, incident.reporter.email, at=NINE + hours(2))
    works(incident.reporter, at=NINE + hours(2.5))
    answered(incident, engineer, at=NINE + hours(3))

    bounced(message, incident.reporter.email, at=NINE + hours(4))

    assert target_of(incident).met_at == NINE + hours(3)
    assert Notice.objects.filter(template="answer_bounced").count() == 1


def test_who_wrote_back_has_read_it(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))
    write(incident, author=incident.reporter, body="It helps.", at=NINE + hours(2))

    bounced(message, incident.reporter.email, at=NINE + hours(3))

    assert incident.targets.get(cycle=1).met_at == NINE + hours(1)
    assert audit(NINE.date(), at=NINE + hours(4)).differences == 0


@pytest.mark.parametrize("named", ("alias@else.example", ""))
def test_whomever_a_bounce_names_it_is_of_whom_the_mail_went_to(incident, engineer, named):
    message = answered(incident, engineer, at=NINE + hours(1))
    notice = Notice.objects.get(key=f"message:{message.pk}")
    failed = [(named, "failed", "5.1.1")] if named else []

    arrived(delivery_report(*failed, to=return_path(notice)), at=NINE + hours(2))

    assert target_of(incident).met_at is None


def test_who_knows_the_answers_message_id_can_silence_nobody(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))
    colleague = make_contact(incident.organisation, email="bob@northwind.example")
    own = return_path(Notice(pk=Notice.objects.get(key=f"message:{message.pk}").pk, to=colleague))

    for to in ("support@axigen.example", own):
        forged = delivery_report(
            (incident.reporter.email, "failed", "5.1.1"), returned_id=message.message_id, to=to
        )
        stored = arrived(forged, at=NINE + hours(2))

        assert (stored.outcome, stored.incident) == (MailOutcome.AUTOMATIC, incident)
        assert "without proof" in stored.reason
    assert target_of(incident).met_at == NINE + hours(1)
    assert not BouncingAddress.objects.exists()
    assert journal(incident).count("incident.bounce_unproven") == 2


def test_the_envelope_sender_is_of_its_own_and_the_header_stays(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1))

    notice, sent = Notice.objects.get(key=f"message:{message.pk}"), outbox.outbox[-1]

    assert sent.from_email == return_path(notice)
    assert sent.message()["From"] == settings.DEFAULT_FROM_EMAIL


def test_a_bounce_of_a_mail_that_we_never_sent_is_believed_by_nobody(incident, engineer):
    answered(incident, engineer, at=NINE + hours(1))
    forged = delivery_report(
        (incident.reporter.email, "failed", "5.1.1"),
        returned_id=f"<axs.{incident.number}.0011223344556677@axigen.example>",
    )

    stored = arrived(forged, at=NINE + hours(2))

    assert (stored.outcome, stored.incident) == (MailOutcome.AUTOMATIC, None)
    assert target_of(incident).met_at == NINE + hours(1)


def test_a_solved_incident_is_open_again(incident, engineer):
    message = answered(incident, engineer, at=NINE + hours(1), then=State.SOLVED)

    bounced(message, incident.reporter.email, at=NINE + hours(2))

    incident.refresh_from_db()
    assert (incident.state, incident.solved_at) == (State.OPEN, None)


def test_the_engineer_sees_it_on_the_page(incident, engineer, client: Client):
    message = answered(incident, engineer, at=NINE + hours(1))
    bounced(message, incident.reporter.email, at=NINE + hours(2))
    client.force_login(engineer)

    shown = " ".join(with_tabs(client, incident).split())

    assert "Nobody got it" in shown
    assert f"{incident.reporter.email}: It came back: its mailbox does not exist." in shown
    assert "Nobody got it; one is owed by" in shown


def test_s37_an_answer_that_bounced_is_none_until_the_right_address_gets_it():
    licence = make_licence()
    subscribed(licence, level=Level.FIRST)
    engineer = make_engineer()
    incident = filed(licence, at=moment("2026-02-11T10:00+01:00"))

    message = answered(incident, engineer, at=moment("2026-02-11T16:00+01:00"))
    bounced(message, incident.reporter.email, at=moment("2026-02-11T16:03+01:00"))
    owed = target_of(incident)
    assert (owed.met_at, owed.due_at) == (None, moment("2026-02-12T10:00+01:00"))

    incident.reporter.email = "right@northwind.example"
    incident.reporter.save()
    answered(incident, engineer, at=moment("2026-02-12T09:59:59+01:00"))

    assert outbox.outbox[-1].to == ["right@northwind.example"]
    assert promise_of(incident, at=moment("2026-02-13T10:00+01:00")).state == "met"
    assert target_of(incident).met_at == moment("2026-02-12T09:59:59+01:00")


def test_the_customers_page_says_nothing_of_it(incident, engineer, client: Client):
    message = answered(incident, engineer, at=NINE + hours(1))
    bounced(message, incident.reporter.email, at=NINE + hours(2))
    client.force_login(incident.reporter)

    shown = client.get(f"/incidents/{incident.number}/").text

    assert "Nobody got it" not in shown
