"""What becomes of mails with marks (M2), by kind: one of four places, and never a fifth."""

import pytest

from mailroom.actions.deciding import add_to_incident, make_incident
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from notices.models import Notice
from tests.factories import NINE, hours, make_engineer
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import mail, multipart, part
from tests.tickets.desk import filed, journal
from tickets.actions.conversation import answer
from tickets.models import Incident

pytestmark = pytest.mark.django_db

OWN = "support@axigen.example"
ACCEPTED = (
    "BEGIN:VEVENT\r\nSUMMARY:Restart\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c\r\nEND:VEVENT"
)

FRESH = {
    "a list of the customer's": {"List_Id": "<ops.northwind.example>", "Precedence": "list"},
    "a list of ours": {"List_Id": "<support.axigen.example>", "List_Unsubscribe": "<mailto:x@y.z>"},
    "suppress all": {"X_Auto_Response_Suppress": "All"},
    "bulk": {"Precedence": "bulk"},
    "a ticket system": {"Auto_Submitted": "auto-generated"},
    "about absences": {"Subject": "Automatic reply: not sent", "User_Agent": "Thunderbird"},
    "about absences, a bare client": {"Subject": "Out of office"},
    "a loop mark": {"X_Loop": "tickets@northwind.example"},
    "auto-replied by mistake": {"Auto_Submitted": "auto-replied"},
    "no envelope sender": {"Return_Path": "<>"},
    "a title of receipts": {"Subject": "Read: the manual says otherwise"},
}

ANSWERS = {
    "out of office": {"Auto_Submitted": "auto-replied"},
    "out of office without marks": {"Subject": "Abwesenheitsnotiz: Ihre Antwort"},
    "a ticket system's receipt": {"Auto_Submitted": "auto-generated", "Subject": "[SD-1] got it"},
    "bulk without a person": {"Precedence": "bulk"},
    "a receipt": {"Subject": "Gelesen: Ihre Antwort"},
}


@pytest.mark.parametrize("headers", FRESH.values(), ids=FRESH)
def test_a_fresh_mail_of_a_contact_opens_an_incident_whatever_marks_it_has(ana, headers):
    stored = arrived(mail("It stands still.", To=OWN, **headers))

    assert stored.outcome == MailOutcome.INCIDENT, stored.reason


@pytest.mark.parametrize(
    "kind", ("suppress all", "bulk", "a ticket system", "a list of the customer's")
)
def test_no_machine_answers_what_is_marked(ana, kind):
    arrived(mail("It stands still.", **FRESH[kind]))

    assert not Notice.objects.filter(template="incident_filed").exists()


@pytest.mark.parametrize("headers", ANSWERS.values(), ids=ANSWERS)
def test_what_answers_us_automatically_opens_nothing_and_is_a_small_line(ana, headers):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    answer(incident, author=make_engineer(), body="Restart.", at=NINE + hours(1), then="waiting")
    sent = Notice.objects.get(template="incident_answered").headers["Message-ID"]

    stored = arrived(mail("I am away.", In_Reply_To=sent, **headers), at=NINE + hours(2))

    incident.refresh_from_db()
    assert (stored.outcome, stored.incident) == (MailOutcome.AUTOMATIC, incident)
    assert (incident.state, incident.messages.count(), Incident.objects.count()) == (
        "waiting",
        2,
        1,
    )
    assert journal(incident)[-1] == "incident.mail_suppressed"


@pytest.mark.parametrize(
    "headers",
    (
        {"X_Auto_Response_Suppress": "All", "X_Mailer": "Microsoft Outlook 16.0"},
        {"Precedence": "bulk", "User_Agent": "Thunderbird"},
        {"List_Id": "<ops.northwind.example>"},
    ),
)
def test_a_persons_answer_is_a_message_whatever_marks_it_has(ana, headers):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    body = f"Still broken.\r\n\r\n> [{incident.number}] Restart.\r\n"

    stored = arrived(mail(body, Subject=f"Re: [{incident.number}] IMAP", **headers))

    assert (stored.outcome, stored.incident) == (MailOutcome.MESSAGE, incident)


def test_an_accepted_invitation_and_a_reaction_open_nothing(ana):
    calendar = part(ACCEPTED, "text/calendar; method=REPLY")
    thumb = part("{}", "text/vnd.google.email-reaction+json")

    for index, one in enumerate((calendar, thumb)):
        raw = multipart(part("\r\n"), one, Message_ID=f"<{index}@x.example>")
        assert arrived(raw).outcome == MailOutcome.AUTOMATIC
    assert not Incident.objects.exists()


def test_a_form_of_ours_and_a_munged_list_name_who_wrote(ana):
    form = mail(sender=f"Form <{OWN}>", Reply_To=ANA)
    munged = mail(sender=f"'Ana' via Support <{OWN}>", X_Original_From=ANA, Message_ID="<2@x.y>")

    for raw in (form, munged):
        stored = arrived(raw)
        assert (stored.outcome, stored.sender) == (MailOutcome.INCIDENT, ANA)
        assert stored.proof == "unproven"


def test_two_senders_and_our_own_address_alone_wait_for_a_human(ana):
    twice = mail().replace(b"To:", b"From: evil@elsewhere.example\r\nTo:", 1)
    ours = mail(sender=OWN, Message_ID="<3@x.example>")

    for raw in (twice, ours):
        assert arrived(raw).outcome == MailOutcome.HELD


def test_the_same_id_with_other_content_is_another_mail(ana):
    first = arrived(mail("The queue stops."))
    other = arrived(mail("The licence server is gone.", Subject="Licence"), at=NINE + hours(9))
    again = arrived(b"Received: by mx\r\n" + mail("The queue stops."))

    assert [one.outcome for one in (first, other, again)] == ["incident", "incident", "duplicate"]


def test_the_copy_through_a_list_is_the_mail_that_came_straight(ana):
    footer = "\r\n_______________________________________________\r\nops mailing list\r\n"
    listed = {"List_Id": "<ops.northwind.example>", "Subject": "[ops] Disk full"}

    straight = arrived(mail("It is full.", Subject="Disk full"))
    copy = arrived(mail("It is full." + footer, **listed))
    other = arrived(mail("Another one is full." + footer, **listed))

    assert [one.outcome for one in (straight, copy, other)] == ["incident", "duplicate", "incident"]


def test_what_opened_nothing_can_be_made_an_incident_or_a_message(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)
    lead = make_engineer(is_lead=True)
    headers = {"Auto_Submitted": "auto-replied", "Subject": f"Re: [{incident.number}] IMAP"}
    first, second = (
        arrived(mail("It is urgent.", Message_ID=f"<{n}@x.example>", **headers)) for n in range(2)
    )

    made = make_incident(first, email=ANA, by=lead, at=NINE + hours(1))
    added = add_to_incident(second, incident, email=ANA, by=lead, at=NINE + hours(1))

    assert (made.reporter, added.incident) == (ana, incident)
    outcomes = InboundMail.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["incident", "message"]


def test_spam_of_a_stranger_is_kept_and_told_to_nobody(ana):
    make_engineer(is_lead=True)

    stored = arrived(mail("Buy.", sender="x@spam.example", X_Spam_Flag="YES"))
    contact = arrived(mail("It hangs.", X_Spam_Flag="YES", Message_ID="<2@x.y>"))

    assert (stored.outcome, contact.outcome) == (MailOutcome.HELD, MailOutcome.INCIDENT)
    assert not Notice.objects.filter(template="mail_held").exists()
