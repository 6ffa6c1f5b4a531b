"""Mail in: what becomes of each mail, and that nothing of it is lost."""

from datetime import date

import pytest
from django.conf import LazySettings
from django.core import mail as outbox

from accounts.enums import Role
from entitlements.enums import EntryKind, Level
from entitlements.models import LedgerEntry
from mailroom.actions.intake import handle
from mailroom.actions.limits import notify_of_kept
from mailroom.enums import MailOutcome
from notices.models import Notice
from notices.tasks import send_owed
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_licence,
    make_organisation,
    make_person,
    make_subscription,
)
from tests.mailroom.arriving import ANA, arrived, kept_with_a_reason
from tests.mailroom.making import delivery_report, mail, proven
from tests.tickets.desk import covered, filed, level_of, moment, target_of, told
from tickets.actions.conversation import answer
from tickets.actions.lifecycle import close
from tickets.enums import State
from tickets.models import Incident

pytestmark = pytest.mark.django_db


def test_a_known_senders_mail_becomes_an_incident_with_coverage_and_target(ana):
    stored = arrived(mail("IMAP stops.\r\nSince ten.", Subject="Queue stops"))

    incident = Incident.objects.get()
    message = incident.messages.get()
    assert (stored.outcome, stored.incident) == (MailOutcome.INCIDENT, incident)
    assert (incident.reporter, incident.channel, incident.subject) == (ana, "email", "Queue stops")
    assert (level_of(incident), target_of(incident).due_at) == (Level.PREMIUM, NINE + hours(6))
    assert (message.body, message.message_id) == (
        "IMAP stops.\nSince ten.",
        "<1@northwind.example>",
    )
    assert told(incident, "incident_filed") == {ANA}


def test_the_address_is_found_whatever_its_case(ana):
    arrived(mail(sender="ANA <Ana@NorthWind.Example>"))

    assert Incident.objects.get().reporter == ana


def test_s29_what_was_received_counts_not_when_it_was_handled_nor_its_own_date():
    licence = make_licence(
        make_organisation(timezone="Europe/Berlin"), registered_on=date(2026, 3, 15)
    )
    make_contact(licence.organisation, email=ANA)
    raw = mail("Help", Date="Sun, 14 Mar 2027 10:00:00 +0100")

    arrived(
        raw,
        at=moment("2027-03-15T23:58+01:00"),
        handled_at=moment("2027-03-16T06:10+01:00"),
    )

    incident = Incident.objects.get()
    assert incident.received_at == moment("2027-03-15T23:58+01:00")
    assert level_of(incident) == Level.BASIC
    assert target_of(incident).due_at == moment("2027-03-18T14:00+01:00")


def test_the_licence_that_the_mail_names_is_meant_else_the_best_one(ana):
    best = ana.organisation.licences.get()
    first = make_licence(ana.organisation, key="AXI-FIRST")
    make_subscription(first, level=Level.FIRST)

    arrived(mail("About axi-first: help."))
    arrived(mail("Help.", Message_ID="<2@northwind.example>"))

    named, other = Incident.objects.order_by("pk")
    assert (named.licence, other.licence) == (first, best)


@pytest.mark.parametrize("how", ("message id", "references", "reply address", "subject"))
def test_an_answer_goes_to_its_incident(ana, how):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    answer(incident, author=make_engineer(), body="Restart.", at=NINE + hours(1), then="waiting")
    sent = Notice.objects.get(template="incident_answered").headers
    headers = {
        "message id": {"In_Reply_To": sent["Message-ID"]},
        "references": {"References": f"<x@y.example> {sent['Message-ID']}"},
        "reply address": {"To": sent["Reply-To"]},
        "subject": {"Subject": f"Re: [{incident.number}] IMAP"},
    }[how]

    stored = arrived(mail("Still broken.\r\n\r\n> Restart.\r\n", **headers), at=NINE + hours(2))

    incident.refresh_from_db()
    message = incident.messages.last()
    assert (stored.outcome, stored.incident) == (MailOutcome.MESSAGE, incident)
    assert (message.author, message.channel, message.body) == (ana, "email", "Still broken.")
    assert "Restart." in message.quoted
    assert incident.state == State.OPEN
    assert target_of(incident).cycle == 2
    assert Incident.objects.count() == 1


def test_what_we_really_send_comes_back_to_its_incident(ana, settings: LazySettings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    answer(incident, author=make_engineer(), body="Restart.", at=NINE + hours(1))
    send_owed()
    (sent,) = [one for one in outbox.outbox if "Restart." in str(one.body)]

    stored = arrived(
        mail(
            "Thanks.",
            To=sent.extra_headers["Reply-To"],
            Subject=f"Re: {sent.subject}",
            Message_ID="<2@northwind.example>",
        )
    )

    assert stored.incident == incident
    assert incident.number in sent.subject


def test_a_colleagues_answer_goes_there_too(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    colleague = make_contact(ana.organisation)

    arrived(mail("Me too.", sender=colleague.email, Subject=f"Re: [{incident.number}]"))

    assert incident.messages.last().author == colleague


def test_a_mail_to_what_was_closed_long_ago_becomes_an_incident_that_follows_it(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    close(incident, by=ana, at=NINE + hours(1))

    stored = arrived(mail("Again.", Subject=f"Re: [{incident.number}]"), at=NINE + days(20))

    assert stored.incident.follows == incident
    assert stored.incident.messages.get().body == "Again."


def test_a_stranger_who_quotes_a_number_is_kept_for_a_human(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    raw = mail("Let me in.", sender="eve@evil.example", Subject=f"Re: [{incident.number}]")

    stored = arrived(raw)

    assert (stored.outcome, stored.incident) == (MailOutcome.HELD, None)
    assert incident.number in stored.reason
    assert kept_with_a_reason(stored, raw)
    assert incident.messages.count() == 1


def test_another_customer_who_quotes_a_number_opens_an_incident_of_their_own(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    other = make_contact()

    stored = arrived(
        mail("Mine?", sender=other.email, Subject=f"Re: [{incident.number}] IMAP"),
    )

    assert stored.outcome == MailOutcome.INCIDENT
    assert stored.incident.organisation == other.organisation
    assert incident.messages.count() == 1


def test_a_thread_between_two_customers_is_an_incident_of_each(ana):
    bob = make_contact()
    first = arrived(mail("Hello all."), at=NINE).incident
    answered = {"sender": bob.email, "In_Reply_To": "<1@northwind.example>"}
    second = arrived(mail("Here too.", Message_ID="<b1@x.example>", **answered)).incident

    refs = "<1@northwind.example> <b1@x.example>"
    arrived(mail("Still.", Message_ID="<2@northwind.example>", References=refs), at=NINE + hours(1))

    assert (first.messages.count(), second.messages.count()) == (2, 1)


@pytest.mark.parametrize(
    "raw",
    (
        mail("I am away.", Auto_Submitted="auto-replied", In_Reply_To="<x@axigen.example>"),
        mail("News", sender="News <n@shop.example>", List_Unsubscribe="<x>", List_Id="<n.example>"),
        delivery_report((ANA, "failed", "5.1.1")),
        mail("Our own", Message_ID="<notice.7.0011223344556677@axigen.example>"),
    ),
)
def test_an_automatic_mail_opens_and_answers_nothing(ana, raw):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    before = Notice.objects.count()

    stored = arrived(raw)

    assert (stored.outcome, stored.incident) == (MailOutcome.AUTOMATIC, None)
    assert kept_with_a_reason(stored, raw)
    assert (Incident.objects.count(), incident.messages.count()) == (1, 1)
    assert Notice.objects.count() == before


def test_an_unknown_sender_is_kept_and_the_leads_are_told_once():
    lead = make_engineer(is_lead=True)
    raw = mail("Hello?", sender="new@prospect.example")

    stored = arrived(raw)
    handle(stored.pk, at=NINE + hours(1))

    assert stored.outcome == MailOutcome.HELD
    assert kept_with_a_reason(stored, raw)
    assert [notice.to for notice in Notice.objects.all()] == [lead]
    assert not Incident.objects.exists()


def test_an_unknown_senders_mail_that_comes_again_is_a_duplicate_and_told_no_more():
    make_engineer(is_lead=True)
    raw = mail("Hello?", sender="new@prospect.example")
    arrived(raw)

    again = arrived(b"Received: by mx\r\n" + raw)
    other = arrived(mail("Hello?", sender="new@prospect.example", Message_ID="<2@p.example>"))

    assert again.outcome == MailOutcome.DUPLICATE
    assert other.outcome == MailOutcome.HELD
    assert Notice.objects.count() == 1  # what came within the hour is notified together
    assert notify_of_kept(at=NINE + hours(1.1)) == 1
    assert notify_of_kept(at=NINE + hours(1.2)) == 0
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("person", ({"role": Role.TS1}, {"role": Role.MANAGER}))
def test_mail_of_our_own_people_opens_nothing(person):
    colleague = make_person(**person)

    stored = arrived(mail("FYI", sender=colleague.email))

    assert stored.outcome == MailOutcome.HELD
    assert "who works here" in stored.reason
    assert Notice.objects.get(template="mail_not_taken").to == colleague


def test_who_left_is_unknown():
    make_contact(email=ANA, is_active=False)

    assert arrived(mail()).outcome == MailOutcome.HELD


def test_s32_a_mail_that_is_delivered_again_is_one_incident_and_one_gold(ana, filtered):
    licence = covered(organisation=ana.organisation, gold=3)
    ana.organisation.gold_default = "always"
    ana.organisation.save()
    raw = proven(mail(f"About {licence.key}: it stopped."))

    first = arrived(raw)
    second = arrived(b"Received: from mx2\r\n" + raw, at=NINE + hours(1))

    assert (first.outcome, second.outcome) == (MailOutcome.INCIDENT, MailOutcome.DUPLICATE)
    assert second.incident == first.incident == Incident.objects.get()
    assert LedgerEntry.objects.filter(kind=EntryKind.CONSUME).count() == 1
    assert licence.incident_packs.get().available == 2


def test_an_answer_that_is_delivered_again_is_one_message(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    raw = mail("Again.", Subject=f"Re: [{incident.number}]")

    outcomes = [arrived(raw).outcome for _ in range(2)]

    assert outcomes == [MailOutcome.MESSAGE, MailOutcome.DUPLICATE]
    assert incident.messages.count() == 2


def test_a_mail_without_message_id_is_told_apart_by_what_is_in_it(ana):
    raws = [mail(text, Message_ID=None) for text in ("One", "Two", "One")]

    outcomes = [arrived(raw).outcome for raw in raws]

    assert outcomes == [MailOutcome.INCIDENT, MailOutcome.INCIDENT, MailOutcome.DUPLICATE]
