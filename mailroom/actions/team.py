"""The team works by mail (M4): answers and notes to signed addresses, and what they forward."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Person
from core.errors import Refusal
from entitlements.enums import Channel
from mailroom.actions.ending import Ending, held, taken_before
from mailroom.actions.engagements import team_on_engagement
from mailroom.actions.forum import answer_of_forum
from mailroom.actions.matching import hints_of, sender_of
from mailroom.actions.taking import become_incident, marked_as_note, said_in
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.forwards import forwarded_from
from mailroom.text.reading import ReadMail
from notices.outbox import notify
from tickets import policies
from tickets.actions.asides import AsideWords, say_aside
from tickets.actions.conversation import answer, note
from tickets.enums import Proof
from tickets.models import Aside, Incident, Message

UNPROVEN = "Nothing proves that the mail is yours: your mail server has to sign it (DKIM)."
NO_ADDRESS = (
    "It comes from our own staff, but answers no notice of theirs: the address of a notice says"
    " for whom and for which incident it is."
)
NO_FILES = "Kept with the original mail, since a side conversation has no files"
ONCE_IN = timedelta(minutes=10)  # so often somebody hears of mails that were not taken


def of_the_team(mail: InboundMail, read: ReadMail, sender: Person, at: datetime) -> Ending:
    """A proven answer to their notice is an answer, or a note; a forward is whose mail it was.

    What cannot be taken is kept aside, and told to them at once.
    """
    why = UNPROVEN
    if mail.proof == Proof.PROVEN:
        try:
            with transaction.atomic():
                taken = _said_aside(mail, read, sender) or _answered(mail, read, sender)
                taken = taken or answer_of_forum(mail, read, sender)
                taken = taken or team_on_engagement(mail, read, sender)
                if taken is None and not _answers_a_notice(read):
                    taken = _forwarded(mail, read, sender)
            if taken is not None:
                return taken
            why = NO_ADDRESS
        except Refusal as refusal:
            why = str(refusal)
    ending = held(mail, f"Of {sender}, who works here: {why}")
    if ending.outcome == MailOutcome.HELD:
        _notify(mail, sender, why, at)
    return ending


def _answered(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    addressed = hints_of(read).engineer
    if addressed is None or addressed.person != sender.pk:
        return None
    incidents = Incident.objects.visible_to(sender).select_related("organisation", "decision")
    incident = incidents.filter(number=addressed.number).first()
    if incident is not None and incident.merged_into_id is not None:  # both are answered there (G1)
        incident = incidents.filter(pk=incident.merged_into_id).first()
    if incident is None or not policies.may_answer(sender, incident):
        return None
    mail.organisation = incident.organisation
    before = taken_before(mail)
    if before is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.", before.incident)
    mail.outcome = MailOutcome.MESSAGE
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])
    message = _said(mail, read, sender, incident, is_note=addressed.is_note)
    message.proof = mail.proof
    message.save(update_fields=["proof"])
    return Ending(MailOutcome.MESSAGE, "", incident, message)


def _answers_a_notice(read: ReadMail) -> bool:
    """Whether it came to an address that was signed for one notice, whoever's: what can not be
    taken there goes nowhere else, least of all to a customer whose mail it quotes (X4)."""
    hints = hints_of(read)
    return bool(hints.aside or hints.engineer or hints.forum)


def _said_aside(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    """What answers a mail of a side conversation stands in it, and never with the customer (X4)."""
    addressed = hints_of(read).aside
    if addressed is None or addressed.person != sender.pk:
        return None
    seen = Aside.objects.visible_to(sender).select_related("incident__organisation", "organisation")
    aside = seen.filter(pk=addressed.aside).first()
    if aside is None:
        return None
    mail.organisation = aside.organisation
    if taken_before(mail) is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.")
    mail.outcome = MailOutcome.MESSAGE
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])
    said = said_in(read, is_first=False)
    left_out = ", ".join(str(one.name) for one in said.files)
    words = AsideWords(
        body=said.body + (f"\n\n({NO_FILES}: {left_out})" if left_out else ""),
        channel=Channel.EMAIL,
        message_id=read.message_id[:250],
        quoted=said.quoted,
        proof=mail.proof,
    )
    say_aside(aside, words, author=sender, at=mail.received_at)
    number = aside.incident.number
    return Ending(MailOutcome.MESSAGE, f"It stands in a side conversation on {number}.")


def _said(
    mail: InboundMail, read: ReadMail, sender: Person, incident: Incident, *, is_note: bool
) -> Message:
    """A note where the notice was about one, or its first line says so; else an answer."""
    said = said_in(read, is_first=False)
    is_marked, body = marked_as_note(said.body)
    if is_note or is_marked:
        return note(incident, author=sender, body=body, at=mail.received_at, files=said.files)
    return answer(
        incident,
        author=sender,
        body=said.body,
        at=mail.received_at,
        files=said.files,
        channel=Channel.EMAIL,
    )


def _forwarded(mail: InboundMail, read: ReadMail, sender: Person) -> Ending | None:
    """The incident of whom it was forwarded from, where that is one contact of ours."""
    contact = sender_of(forwarded_from(read))
    if contact is None or contact.organisation is None:
        return None
    if not policies.may_file_for(sender, contact.organisation):
        return None
    message = become_incident(mail, read, reporter=contact, by=sender)
    return Ending(MailOutcome.INCIDENT, f"Forwarded by {sender}.", message.incident, message)


def _notify(mail: InboundMail, sender: Person, why: str, at: datetime) -> None:
    slot = int(at.timestamp() // ONCE_IN.total_seconds())
    notify(
        [sender],
        "mail_not_taken",
        key=f"not_taken:{slot}",
        at=at,
        about=sender,
        subject=mail.subject,
        reason=why,
    )
