"""The team works by mail (M4), and every mail carries its thread (M5)."""

import pytest
from django.core import mail as outbox

from entitlements.enums import Channel
from mailroom.enums import MailOutcome
from notices.models import Notice
from notices.rules.threads import Ours, TeamAddress
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from tests.factories import NINE, hours, make_engineer
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import mail, proven
from tests.tickets.desk import filed, target_of
from tickets.actions.conversation import note, write
from tickets.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer():
    return make_engineer(email="ion@axsupport.example", name="Ion Pop")


@pytest.fixture
def incident(ana, engineer):
    """Owned by the engineer, who was notified that it is theirs."""
    return filed(ana.organisation.licences.get(), reporter=ana)


def told(template: str, to=None):
    found = Notice.objects.filter(template=template, **({"to": to} if to else {})).last()
    assert found is not None
    return mail_of(found)


def answered(incident, engineer, body: str, *, to: str = "", n: int = 1, **headers) -> bytes:
    address = to or told("incident_assigned", engineer).extra_headers["Reply-To"]
    raw = mail(body, sender=engineer.email, To=address, Message_ID=f"<{n}@v.example>", **headers)
    return proven(raw, "dmarc=pass header.from=axsupport.example")


def test_a_proven_reply_to_their_notice_is_an_answer_and_meets_the_target(
    incident, engineer, filtered
):
    body = "Restart it.\r\n\r\nOn 2 March 2026 Desk <s@desk.example> wrote:\r\n> Yours.\r\n"

    stored = arrived(answered(incident, engineer, body), at=NINE + hours(1))

    message = incident.messages.last()
    assert (stored.outcome, stored.became) == (MailOutcome.MESSAGE, message)
    assert (message.kind, message.author, message.body) == ("answer", engineer, "Restart it.")
    assert message.channel == Channel.EMAIL
    assert target_of(incident).met_at == NINE + hours(1)
    assert Notice.objects.filter(template="incident_answered").exists()


def test_note_in_the_first_line_keeps_it_among_us(incident, engineer, filtered):
    arrived(answered(incident, engineer, "#note  Looks like the defect.\r\nOf 10.6."))

    message = incident.messages.last()
    assert (message.kind, message.body) == ("note", "Looks like the defect.\nOf 10.6.")
    assert target_of(incident).met_at is None


def test_what_answers_a_mention_or_a_followed_note_is_a_note_itself(incident, engineer, filtered):
    note(incident, author=make_engineer(), body="@Ion Pop, is it the defect?", at=NINE)
    address = told("incident_mentioned", engineer).extra_headers["Reply-To"]

    arrived(answered(incident, engineer, "No, of 10.5.", to=address))

    message = incident.messages.last()
    assert (message.kind, message.body) == ("note", "No, of 10.5.")
    assert target_of(incident).met_at is None
    note(incident, author=make_engineer(), body="Then what is it?", at=NINE)
    follows = told("incident_followed", engineer).extra_headers["Reply-To"]
    assert follows == address


@pytest.mark.parametrize(("signed", "forged"), (("+t", "+n"), ("+n", "+t")))
def test_an_address_for_notes_is_none_for_answers_and_the_other_way_round(
    incident, engineer, signed, forged
):
    ours = Ours(secret="s", domain="desk.example", local_part="support")
    address = ours.for_engineer(7, incident.number, is_note=signed == "+n")

    assert ours.engineer(address) == TeamAddress(7, incident.number, is_note=signed == "+n")
    assert ours.engineer(address.replace(signed, forged)) is None


def test_the_same_mail_answers_once(incident, engineer, filtered):
    raw = answered(incident, engineer, "Restart it.")

    first, second = arrived(raw), arrived(b"Received: by mx\r\n" + raw)

    assert (first.outcome, second.outcome) == (MailOutcome.MESSAGE, MailOutcome.DUPLICATE)
    assert incident.messages.filter(kind="answer").count() == 1


def test_what_cannot_be_taken_is_kept_and_told_to_the_engineer(incident, engineer, filtered):
    other = make_engineer(email="eva@axsupport.example")
    address = told("incident_assigned", engineer).extra_headers["Reply-To"]
    not_signed = mail("Restart it.", sender=engineer.email, To=address)
    cases = {
        "unproven": not_signed,
        "of somebody else": answered(incident, other, "Restart it.", to=address, n=2),
        "no address": answered(incident, engineer, "FYI", to="support@axigen.example", n=3),
        "a number alone": answered(
            incident, engineer, "Hi", to="support@axigen.example", n=4, Subject=incident.number
        ),
        "forged token": answered(incident, engineer, "Hi", to=address.replace(".ax", "9.ax"), n=5),
    }

    for raw in cases.values():
        assert arrived(raw).outcome == MailOutcome.HELD
    assert incident.messages.count() == 1
    assert {one.to for one in Notice.objects.filter(template="mail_not_taken")} == {engineer, other}


def test_a_forward_of_the_team_is_whose_mail_it_was(ana, engineer, filtered):
    body = (
        "Came to me.\r\n\r\n---------- Forwarded message ---------\r\n"
        f"From: Ana <{ANA}>\r\nDate: Mon, 2 Mar 2026 at 08:40\r\nSubject: Relay\r\n"
        "To: <ion@axsupport.example>\r\n\r\nThe branch cannot relay.\r\n"
    )
    raw = mail(body, sender=engineer.email, Subject="Fwd: Relay refuses")

    unproven = arrived(raw)
    taken = arrived(proven(raw, "dmarc=pass"))

    assert unproven.outcome == MailOutcome.HELD
    assert (taken.outcome, taken.incident.reporter) == (MailOutcome.INCIDENT, ana)
    assert "The branch cannot relay." in taken.incident.messages.get().body


def test_a_forward_of_somebody_unknown_waits_for_a_human(engineer, filtered):
    body = "From: x@stranger.example\r\nDate: today\r\nSubject: a\r\nTo: b@c.example\r\n\r\nHello"
    raw = mail(f"See below.\r\n\r\n{body}", sender=engineer.email, Subject="Fwd: Hello")

    assert arrived(proven(raw, "dmarc=pass")).outcome == MailOutcome.HELD


def test_an_answer_to_the_acknowledgement_finds_its_incident_whatever_its_subject(ana):
    first = arrived(mail("It hangs.")).incident
    notice = Notice.objects.get(template="incident_filed")
    headers = mail_of(notice).extra_headers
    assert headers["In-Reply-To"] == "<1@northwind.example>"

    for n, fields in enumerate(
        (
            {"To": headers["Reply-To"]},
            {"In_Reply_To": headers["Message-ID"]},
            {"Subject": f"about {first.number}, once more"},
        )
    ):
        raw = mail(f"More {n}.", **({"Subject": "And the log"} | fields), Message_ID=f"<n{n}@x.y>")
        assert arrived(raw).incident == first
    assert Incident.objects.count() == 1


def test_a_bare_number_of_another_customer_opens_an_incident_of_ones_own(ana):
    theirs = filed()
    assert theirs.organisation != ana.organisation

    stored = arrived(mail("Give me access.", Subject=f"about {theirs.number}"))

    assert (stored.outcome, theirs.messages.count()) == (MailOutcome.INCIDENT, 1)


def test_every_mail_to_a_customer_carries_the_signed_address(ana, engineer):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    write(incident, author=ana, body="Still so.", at=NINE + hours(1))

    for notice in Notice.objects.filter(subject=f"tickets.incident:{incident.pk}"):
        reply_to = mail_of(notice).extra_headers["Reply-To"]
        kind = "+t" if notice.to == engineer else f"+{incident.number.lower()}."
        assert kind in reply_to, notice.template


def test_the_envelope_is_ours_alone_and_never_the_reply_address(ana):
    arrived(mail("It hangs."))
    notice = Notice.objects.get(template="incident_filed")

    assert send_one(notice.pk, at=NINE)

    sent = outbox.outbox[-1]
    assert sent.from_email.startswith(f"support+b{notice.pk}.")
    assert sent.from_email != sent.extra_headers["Reply-To"]
