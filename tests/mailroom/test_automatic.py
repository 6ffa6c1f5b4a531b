"""Automatic mails and bounces: what must open nothing and be answered by no machine."""

import pytest

from mailroom.text.reading import read_mail
from tests.mailroom.making import OWN, delivery_report, mail, multipart, part


@pytest.mark.parametrize(
    ("headers", "why"),
    (
        ({"Auto_Submitted": "auto-replied (vacation)"}, "auto_reply"),
        ({"Auto_Submitted": "auto-generated"}, "auto_reply"),
        ({"Precedence": "bulk"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"X_Auto_Response_Suppress": "All"}, "auto_reply"),
        ({"Return_Path": "<>"}, "auto_reply"),
        ({"X_Loop": "desk@fabrikam.example"}, "auto_reply"),
        ({"Subject": "Automatic reply: Queue stops"}, "auto_reply"),
        ({"Subject": "Out of Office"}, "auto_reply"),
        ({"Subject": "Abwesenheitsnotiz: Urlaub"}, "auto_reply"),
        ({"Subject": "Réponse automatique : absent"}, "auto_reply"),
        ({"Subject": "Răspuns automat: concediu"}, "auto_reply"),
        ({"List_Id": "<users.example>"}, "list"),
        ({"Precedence": "list"}, "list"),
        ({"Precedence": "bulk", "List_Unsubscribe": "<mailto:x@y>"}, "list"),
        ({"sender": "Desk <support@desk.example>"}, "own"),
        ({"sender": "Desk <SUPPORT+ax-2025-000001.abc@desk.example>"}, "own"),
        ({"Message_ID": "<axs.AX-2025-000001.0f3a9c@desk.example>"}, "own"),
    ),
)
def test_automatic_mail_is_known_and_never_answered(headers, why):
    read = read_mail(mail(**headers), own_addresses=OWN)

    assert (read.automatic, read.may_be_answered) == (why, False)


@pytest.mark.parametrize(
    "headers",
    (
        {"Auto_Submitted": "no"},
        {"Subject": "Automatic reply is not sent by the server"},
        {"Subject": "Absence of a licence key"},
        {"Subject": "Re: Out of Office: Queue stops"},
        {
            "sender": "postmaster@northwind.example",
            "Subject": "Undeliverable mails since noon",
            "User_Agent": "Thunderbird",
        },
    ),
)
def test_what_people_write_about_automatic_mail_is_not_automatic(headers):
    read = read_mail(mail(**headers), own_addresses=OWN)

    assert (read.automatic, read.bounce) == (None, None)


@pytest.mark.parametrize(
    "headers",
    (
        {"sender": "noreply@shop.example"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_RT_Loop_Prevention": "fabrikam"},
        {"List_Unsubscribe": "<mailto:x@y>"},
        {"sender": "nobody"},
    ),
)
def test_some_mail_is_taken_but_not_answered_by_a_machine(headers):
    read = read_mail(mail(**headers), own_addresses=OWN)

    assert (read.automatic, read.may_be_answered) == (None, False)


def test_a_mail_that_goes_round_several_desks_is_stopped():
    raw = b"Received: from desk by desk\r\n" * 50 + mail()

    assert read_mail(raw).automatic == "auto_reply"


def test_a_read_receipt_is_automatic_and_no_bounce():
    receipt = part("Final-Recipient: rfc822;a@x.example\r\n", "message/disposition-notification")

    read = read_mail(
        multipart(part("Read."), receipt, kind="report; report-type=disposition-notification")
    )

    assert (read.automatic, read.bounce) == ("auto_reply", None)


def test_a_hard_bounce_names_who_did_not_get_the_mail_and_which_mail():
    read = read_mail(delivery_report(("a@x.example", "failed", "5.1.1")), own_addresses=OWN)

    assert (read.automatic, read.bounce, read.bounced) == ("bounce", "permanent", ("a@x.example",))
    assert read.threads_to == "<r@desk.example>"


def test_of_several_recipients_the_hard_bounces_count():
    read = read_mail(
        delivery_report(
            ("a@x.example", "failed", "5.1.1"),
            ("b@x.example", "delayed", "4.4.1"),
            ("c@x.example", "relayed", "2.0.0"),
            ("d@x.example", "failed", "5.7.1"),
        )
    )

    assert (read.bounce, read.bounced) == ("permanent", ("a@x.example", "d@x.example"))


def test_a_delay_is_a_soft_bounce_for_each_of_its_recipients():
    read = read_mail(
        delivery_report(("a@x.example", "delayed", "4.4.1"), ("b@x.example", "failed", "4.2.2"))
    )

    assert (read.bounce, read.bounced) == ("temporary", ("a@x.example", "b@x.example"))


def test_a_report_of_success_is_automatic_and_bounces_nobody():
    read = read_mail(delivery_report(("a@x.example", "delivered", "2.0.0")))

    assert (read.automatic, read.bounce, read.bounced) == ("bounce", None, ())


@pytest.mark.parametrize(
    ("body", "headers", "kind", "bounced"),
    (
        (
            "Hi. This is the program at x.example.\nI'm afraid I wasn't able to deliver your "
            "message.\n\n<a@x.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\nReturn-Path: <s@y.example>\n",
            {"Subject": "failure notice"},
            "permanent",
            ("a@x.example",),
        ),
        (
            "A message that you sent could not be delivered to one or more of its recipients.\n\n"
            "  a@x.example\n    550 Unknown user\n  b@x.example\n    550 Unknown user\n",
            {"Subject": "Mail delivery failed: returning message to sender"},
            "permanent",
            ("a@x.example", "b@x.example"),
        ),
        (
            "Delivery failed, see the log.",
            {"Subject": "Delivery failure", "X_Failed_Recipients": "a@x.example, b@x.example"},
            "permanent",
            ("a@x.example", "b@x.example"),
        ),
        (
            "Your mail for <a@x.example> has not yet been delivered and will be retried.",
            {"Subject": "Delivery Status Notification (Delay)"},
            "temporary",
            ("a@x.example",),
        ),
    ),
)
def test_bounces_that_follow_no_standard_are_read_from_their_text(body, headers, kind, bounced):
    read = read_mail(mail(body, sender="MAILER-DAEMON@mx.example", **headers))

    assert (read.automatic, read.bounce, read.bounced) == ("bounce", kind, bounced)


def test_a_forwarded_bounce_is_what_a_person_asks_about():
    bounce = delivery_report(("a@x.example", "failed", "5.1.1"))

    read = read_mail(
        multipart(part("What is it?"), part(bounce, "message/rfc822"), boundary="outer")
    )

    assert (read.automatic, read.bounce, len(read.attachments)) == (None, None, 1)
