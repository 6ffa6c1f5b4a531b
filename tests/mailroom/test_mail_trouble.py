"""Mails with odd contents, and mails that can not be handled: nothing is lost."""

import pytest
from django.conf import LazySettings
from django.utils import timezone

from entitlements.models import Service
from mailroom import tasks
from mailroom.actions.intake import GIVE_UP_AFTER, handle, store
from mailroom.enums import MailOutcome
from mailroom.errors import MailTooLarge
from mailroom.models import InboundMail
from notices.models import Notice
from tests.factories import NINE, hours, make_engineer
from tests.mailroom.arriving import arrived, kept_with_a_reason
from tests.mailroom.making import file, mail, multipart, part
from tests.tickets.desk import filed
from tickets.models import Incident, Message

pytestmark = pytest.mark.django_db


def test_attachments_come_along_and_what_does_not_fit_is_named(ana, settings: LazySettings):
    settings.ATTACHMENT_MAX_BYTES = 1000
    raw = multipart(
        part("See the logs."),
        file(b"refused\n", "text/plain", "imap.log"),
        file(bytes(5000), "application/octet-stream", "core.dump"),
    )

    incident = arrived(raw).incident

    message = Message.objects.get(incident=incident)
    assert [one.name for one in message.attachments.all()] == ["imap.log"]
    assert message.body.startswith("See the logs.")
    assert "too large or too many: core.dump" in message.body


@pytest.mark.parametrize("body", ("", " \r\n\t\r\n", "\0"))
def test_a_mail_without_text_is_an_incident_all_the_same(ana, body):
    incident = arrived(mail(body, Subject="Urgent")).incident

    assert incident.subject == "Urgent"
    assert "a mail without text" in incident.messages.get().body


def test_a_mail_with_nothing_in_it_but_a_quotation_is_kept_whole(ana):
    incident = filed(ana.organisation.licences.get(), reporter=ana)

    arrived(mail("> Restart.\r\n", Subject=f"Re: [{incident.number}]"))

    assert incident.messages.last().body == "> Restart."


@pytest.mark.parametrize(
    "raw", (b"", b"\0\xff\xfe", b"\n\n\n", b"GET / HTTP/1.0\r\n\r\n", bytes(range(256)) * 50)
)
def test_what_is_no_mail_is_kept_shown_and_counted(ana, raw):
    lead = make_engineer(is_lead=True)

    stored = arrived(raw)

    assert (stored.outcome, stored.handled_at) == (MailOutcome.UNREADABLE, NINE)
    assert kept_with_a_reason(stored, raw)
    assert InboundMail.objects.visible_to(lead).kept_for_a_human().get() == stored
    assert Notice.objects.get().to == lead


@pytest.mark.parametrize(
    "headers",
    (
        {"Subject": "=?utf-8?b?AAAA?= \x01"},
        {"Subject": "x" * 5000},
        {"Message_ID": "<" + "i" * 3000 + "@northwind.example>"},
        {"Subject": "\udcff\udcfe"},
        {"Content_Type": "text/plain; charset=utf-16"},
        {"Content_Type": "multipart/mixed"},
        {"References": "<r@x.example> " * 500},
    ),
)
def test_odd_headers_of_a_known_sender_lose_nothing(ana, headers):
    stored = arrived(mail("Help me.", **headers))

    assert stored.outcome == MailOutcome.INCIDENT, stored.reason


def test_a_mail_above_the_limit_is_refused(settings: LazySettings):
    settings.MAIL_MAX_BYTES = 1000

    with pytest.raises(MailTooLarge):
        store(bytes(1001), at=NINE)

    assert not InboundMail.objects.exists()


def test_a_mail_that_can_not_be_handled_is_tried_again_and_then_given_to_a_human(ana):
    lead = make_engineer(is_lead=True)
    Service.objects.update(reportable=False)  # nothing can be filed
    stored = store(mail("Help"), at=NINE)

    attempts = [handle(stored.pk, at=NINE + hours(n)) for n in range(GIVE_UP_AFTER)]

    assert [one.attempts for one in attempts] == [1, 2, 3, 4, 5]
    assert [one.outcome for one in attempts[:4]] == [MailOutcome.RECEIVED] * 4
    assert (attempts[4].outcome, attempts[4].handled_at) == (
        MailOutcome.UNREADABLE,
        NINE + hours(4),
    )
    assert "UnknownService" in attempts[4].reason
    assert [notice.to for notice in Notice.objects.all()] == [lead]
    assert not Message.objects.exists()


def test_a_mail_that_failed_is_handled_by_the_sweep_once_it_can_be(ana):
    Service.objects.update(reportable=False)
    stored = store(mail("Help"), at=timezone.now())
    failed = tasks.handle_mails()
    Service.objects.update(reportable=True)

    handled = tasks.handle_mails()

    stored.refresh_from_db()
    assert (failed, handled) == (0, 1)
    assert (stored.outcome, stored.attempts) == (MailOutcome.INCIDENT, 1)


def test_handling_twice_changes_nothing(ana):
    stored = arrived(mail("Help"))

    again = handle(stored.pk, at=NINE + hours(5))

    assert (again.handled_at, Incident.objects.count()) == (NINE, 1)


def test_more_mails_an_hour_than_a_person_writes_are_kept_and_told_once(
    ana, settings: LazySettings
):
    """An alarm system gone wild: nothing is dropped, nobody is mailed for each of them."""
    settings.MAILS_AN_HOUR = settings.UNPROVEN_MAILS_AN_HOUR = 3
    lead = make_engineer(is_lead=True)

    taken = [
        arrived(mail("Alarm", Message_ID=f"<{n}@northwind.example>"), at=NINE + hours(n / 60))
        for n in range(6)
    ]
    later = arrived(mail("Alarm", Message_ID="<99@northwind.example>"), at=NINE + hours(2))

    outcomes = [one.outcome for one in taken]
    assert outcomes == [MailOutcome.INCIDENT] * 3 + [MailOutcome.HELD] * 3
    assert later.outcome == MailOutcome.INCIDENT
    assert [one.to for one in Notice.objects.filter(template="mail_held")] == [lead]
    assert [one.to for one in Notice.objects.filter(template="mail_waits")] == [ana]


def test_a_desk_that_answers_our_acknowledgements_unmarked_is_answered_twice_and_no_more(ana):
    make_engineer(is_lead=True)
    taken = [
        arrived(
            mail(
                "We received your mail.",
                Subject=f"[AX-2099-00000{n}] Re: [{ana.pk}] Received",
                Message_ID=f"<{n}@northwind.example>",
            ),
            at=NINE + hours(n / 60),
        )
        for n in range(5)
    ]

    assert [one.outcome for one in taken] == [MailOutcome.INCIDENT] * 2 + [MailOutcome.HELD] * 3
    assert taken[4].reason.startswith("Another desk seems to answer")
    assert Notice.objects.filter(template="incident_filed").count() == 2
