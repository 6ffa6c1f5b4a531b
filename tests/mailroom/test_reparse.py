"""Stored mails, read again after a fix: nothing comes twice, nothing is lost."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from entitlements.models import Service
from mailroom.actions.deciding import dismiss
from mailroom.actions.intake import GIVE_UP_AFTER, handle, store
from mailroom.actions.reading_again import read_again
from mailroom.enums import MailOutcome
from notices.models import Notice
from tests.factories import NINE, hours, make_contact, make_engineer, make_mail
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import file, mail, multipart, part
from tickets.models import Incident, Message, ResponseTarget

pytestmark = pytest.mark.django_db


def reparse(*words) -> list[dict[str, object]]:
    out = StringIO()
    call_command("reparse", *words, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_mail_that_failed_is_handled_once_the_fault_is_mended(ana):
    Service.objects.update(reportable=False)
    stored = store(mail("Help"), at=NINE)
    for n in range(GIVE_UP_AFTER):
        handle(stored.pk, at=NINE + hours(n))
    Service.objects.update(reportable=True)

    first, second = reparse("--outcome", "failed"), reparse("--outcome", "failed")

    incident = Incident.objects.get()
    assert second == []
    assert [(one["before"], one["did"], one["incident"]) for one in first] == [
        ("unreadable", "handled", incident.number)
    ]
    assert incident.received_at == NINE


def test_a_stranger_who_became_a_contact_gets_an_incident_and_nobody_is_told_again():
    make_engineer(is_lead=True)
    kept = arrived(mail("Help"))
    still = reparse("--outcome", "held")
    told = Notice.objects.filter(template="mail_held").count()
    make_contact(email=ANA)

    done = reparse(str(kept.pk))

    assert [(one["did"], one["outcome"]) for one in still] == [("handled", "held")]
    assert told == 1
    assert done[0]["outcome"] == "incident"


def test_what_a_taken_mail_shows_is_mended_and_no_clock_moves(ana):
    raw = multipart(part("It stops."), file(b"refused\n", "text/plain", "imap.log"))
    stored = arrived(raw)
    message = Message.objects.get()
    message.attachments.all().delete()
    Message.objects.update(body="??", quoted="")
    told, due = Notice.objects.count(), ResponseTarget.objects.get().due_at

    done = [reparse("--since", "2020-01-01")[0]["did"] for _ in range(2)]

    message.refresh_from_db()
    assert done == ["refreshed", "unchanged"]
    assert message.body == "It stops."
    assert [one.name for one in message.attachments.all()] == ["imap.log"]
    assert (Notice.objects.count(), ResponseTarget.objects.get().due_at) == (told, due)
    assert stored.became == message


def test_an_answer_keeps_its_quotation_folded(ana):
    incident = arrived(mail("First")).incident
    raw = mail(
        "Better now.\r\n\r\nOn Mon, 5 May 2025, Bob <bob@x.example> wrote:\r\n> Restart.\r\n",
        Subject=f"Re: [{incident.number}]",
        Message_ID="<2@northwind.example>",
    )
    answer = arrived(raw)
    before = (answer.became.body, answer.became.quoted)
    Message.objects.filter(pk=answer.became.pk).update(body="x", quoted="")

    read_again(answer.pk, at=NINE)

    answer.became.refresh_from_db()
    assert (answer.became.body, answer.became.quoted) == before
    assert before[0] == "Better now."


def test_what_a_person_dismissed_copies_automatic_and_cut_mails_are_left_alone(ana):
    raw = mail("Help")
    arrived(raw)
    copy = arrived(raw)
    dismissed = arrived(mail("Buy!", sender="x@spam.example"))
    dismiss(dismissed, reason="Advertising", by=make_engineer(), at=NINE)
    machine = arrived(
        mail("Gone", Auto_Submitted="auto-replied", Message_ID="<3@x>", References="<4@x>")
    )
    cut = make_mail(raw=mail("A beginning"), size=10**8, sender=ANA)

    done = reparse(*(str(one.pk) for one in (copy, dismissed, machine, cut)))

    assert [one["did"] for one in done] == ["left"] * 4
    assert Incident.objects.count() == 1


def test_a_mail_that_was_hidden_for_a_mark_is_taken_up_and_what_is_hidden_still_is_left(ana):
    """Of before the rule that nothing is hidden for a mark alone (M2)."""
    marked = mail("Since the night nothing works.", Precedence="bulk", Message_ID="<1@x>")
    hidden = make_mail(raw=marked, outcome=MailOutcome.AUTOMATIC, sender=ANA)
    gone = mail("I am away.", Auto_Submitted="auto-replied", Message_ID="<2@x>", References="<9@x>")
    still = make_mail(raw=gone, outcome=MailOutcome.AUTOMATIC, sender=ANA)
    stranger = make_mail(
        raw=mail("Buy!", sender="x@spam.example", Precedence="bulk", Message_ID="<3@x>"),
        outcome=MailOutcome.AUTOMATIC,
        sender="x@spam.example",
    )

    done = {one["mail"]: one for one in reparse("--outcome", "hidden")}

    assert (done[hidden.pk]["did"], done[hidden.pk]["outcome"]) == ("handled", "incident")
    assert done[still.pk]["did"] == "left"
    assert done[still.pk]["reason"]
    assert done[stranger.pk]["outcome"] != "incident"
    assert Incident.objects.count() == 1


def test_of_what_is_kept_no_longer_nothing_is_read(ana):
    gone = make_mail(raw=b"", raw_gone_at=NINE, outcome=MailOutcome.INCIDENT)

    (done,) = reparse(str(gone.pk))

    assert (done["did"], done["reason"]) == ("left", "Its original is kept no longer.")


def test_one_says_which_mails():
    with pytest.raises(CommandError, match="Say which mails"):
        reparse()
    with pytest.raises(CommandError, match="no day or moment"):
        reparse("--since", "yesterday")


def test_a_mail_that_still_fails_is_owed_again_and_not_lost(ana):
    stored = arrived(mail("Help", sender="x@prospect.example"))
    make_contact(email="x@prospect.example")
    Service.objects.update(reportable=False)

    reparse(str(stored.pk))

    stored.refresh_from_db()
    assert (stored.outcome, stored.handled_at, stored.attempts) == (MailOutcome.RECEIVED, None, 1)
