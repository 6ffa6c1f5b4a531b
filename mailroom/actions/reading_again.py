"""Reading stored mails again, after a fix of how they are read. Nothing comes twice of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.journal import record
from core.text import clean_block
from mailroom.actions.intake import handle, why_hidden
from mailroom.actions.taking import said_in
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.reading import ReadMail, read_mail
from tickets.actions.files import attach, safe_name
from tickets.models import Message

MADE_NOTHING = (MailOutcome.RECEIVED, MailOutcome.HELD, MailOutcome.UNREADABLE)
SHOWN = (MailOutcome.INCIDENT, MailOutcome.MESSAGE)


@dataclass(frozen=True)
class Again:
    """`did` is "handled", "refreshed", "unchanged", or "left": then `why` says what forbids it."""

    mail: InboundMail
    before: str
    did: str
    why: str = ""


def read_again(mail_id: int, *, at: datetime) -> Again:
    """Handle a mail that made nothing anew; mend what one that was taken shows.

    Left alone: what a person dismissed, copies, mails of which only the beginning is kept or
    nothing any more, and what would open nothing again (M2). Safe to repeat.
    """
    with transaction.atomic():
        mail = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        before = mail.outcome
        if mail.raw_gone_at is not None:
            return Again(mail, before, "left", "Its original is kept no longer.")
        if mail.size != len(mail.raw):
            return Again(mail, before, "left", "Only its beginning is kept.")
        read = read_mail(bytes(mail.raw), own_addresses=settings.SUPPORT_ADDRESSES)
        if before in SHOWN:
            return _refreshed(mail, read, at)
        if before == MailOutcome.AUTOMATIC and (why := why_hidden(read)):
            return Again(mail, before, "left", why)
        if before not in (*MADE_NOTHING, MailOutcome.AUTOMATIC):
            return Again(mail, before, "left", mail.get_outcome_display())
        mail.handled_at, mail.attempts, mail.outcome = None, 0, MailOutcome.RECEIVED
        mail.save(update_fields=["handled_at", "attempts", "outcome"])
        record("mail.again", mail, at=at, by=None, before=before)
        return Again(handle(mail_id, at=at), before, "handled")


def _refreshed(mail: InboundMail, read: ReadMail, at: datetime) -> Again:
    """Text, folded text and files as they are read now. Nobody is notified, no clock moves."""
    message = mail.became
    if message is None:
        return Again(mail, mail.outcome, "left", "Its message is not known.")
    said = said_in(read, is_first=mail.outcome == MailOutcome.INCIDENT)
    body, quoted = clean_block(said.body), clean_block(said.quoted)
    missed = _missed(message, said.files)
    changed = [
        name
        for name, old, new in (("body", message.body, body), ("quoted", message.quoted, quoted))
        if old != new
    ]
    if read.automatic or not body:
        return Again(mail, mail.outcome, "left", "It would make nothing now.")
    if not changed and not missed:
        return Again(mail, mail.outcome, "unchanged")
    before = {name: getattr(message, name) for name in changed}
    message.body, message.quoted = body, quoted
    message.save(update_fields=["body", "quoted"])
    attach(message, missed)
    names = [file.name for file in missed]
    record("mail.refreshed", message.incident, at=at, by=None, before=before, files=names)
    return Again(mail, mail.outcome, "refreshed")


def _missed(message: Message, files: list[UploadedFile[bytes]]) -> list[UploadedFile[bytes]]:
    """Those of the files that the message lacks, by name and size, as often as they come."""
    there = [(one.name, one.size) for one in message.attachments.all()]
    missed = []
    for file in files:
        key = (safe_name(file.name or ""), file.size)
        if key in there:
            there.remove(key)
        else:
            missed.append(file)
    return missed
