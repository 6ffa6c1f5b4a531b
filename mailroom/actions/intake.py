"""Mail in: stored before anything reads it, handled afterwards, never lost.

A mail of a known sender goes to its incident or becomes one; an automatic mail is kept and opens
nothing; an unknown sender's is kept for a human. Every ending leaves the raw mail and a reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import Organisation, Person
from core.journal import record
from mailroom.actions.bounces import note_bounce, note_notice_bounce
from mailroom.actions.limits import (
    LOOP,
    TOO_MANY,
    is_looping,
    is_too_many,
    notify_leads,
    notify_of_too_many,
)
from mailroom.actions.taking import become_incident, become_message
from mailroom.enums import MailOutcome
from mailroom.errors import MailTooLarge
from mailroom.models import InboundMail
from mailroom.text.bounces import BounceKind
from mailroom.text.reading import ReadMail, read_mail
from mailroom.text.threading import ThreadHints, thread_hints
from notices.bounces.addresses import clear
from notices.enums import Cleared
from tickets.actions.promises.upgrades import catch_up
from tickets.models import Incident, Message

logger = structlog.get_logger(__name__)

MB = 1024 * 1024
GIVE_UP_AFTER = 5  # attempts to handle a mail before a human gets it
# What handling writes: never the raw mail, which may have 60 MB.
WRITTEN = (
    *("organisation", "message_id", "sender", "subject"),
    *("outcome", "reason", "incident", "became", "handled_at"),
)


@dataclass(frozen=True)
class Ending:
    """What becomes of a mail, and why, in words for the engineer who looks at it."""

    outcome: MailOutcome
    reason: str = ""
    incident: Incident | None = None
    message: Message | None = None
    is_told: bool = False


@transaction.atomic
def store(raw: bytes, *, at: datetime) -> InboundMail:
    """Keep the raw mail; `at` is when the server received it (R1). Reads nothing of it.

    Errors: `MailTooLarge`, for the mail server to give back to the sender.
    """
    if len(raw) > settings.MAIL_MAX_BYTES:
        raise MailTooLarge(size=len(raw) // MB, limit=settings.MAIL_MAX_BYTES // MB)
    return InboundMail.objects.create(
        raw=raw, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), received_at=at
    )


def handle(mail_id: int, *, at: datetime) -> InboundMail:
    """Decide what a stored mail is, and do it, in one transaction. Safe to repeat and at once.

    What fails is tried again by the next sweep; after some attempts a human gets the mail.
    """
    try:
        with transaction.atomic():
            return _handle(mail_id, at=at)
    except Exception as error:  # whatever is in a mail must not stop the mails behind it
        logger.exception("mail failed", mail=mail_id)
        return _failed(mail_id, error, at=at)


def _handle(mail_id: int, *, at: datetime) -> InboundMail:
    mail = InboundMail.objects.select_for_update().get(pk=mail_id)
    if mail.handled_at is not None:
        return mail
    read = read_mail(bytes(mail.raw), own_addresses=settings.SUPPORT_ADDRESSES)
    mail.message_id = read.dedup_id[:250]
    mail.sender = read.from_address[:254]
    mail.subject = read.subject[:300]
    ending = _ending(mail, read, at)
    if ending.outcome == MailOutcome.INCIDENT and ending.incident is not None:
        catch_up(ending.incident, at=at)
    mail.outcome, mail.reason = ending.outcome, ending.reason[:500]
    mail.incident, mail.became = ending.incident, ending.message
    mail.handled_at = at
    mail.save(update_fields=WRITTEN)
    record("mail.handled", mail, at=at, by=None, outcome=mail.outcome, reason=mail.reason)
    if mail.outcome in (MailOutcome.HELD, MailOutcome.UNREADABLE) and not ending.is_told:
        notify_leads(mail, at=at)
    return mail


def _ending(mail: InboundMail, read: ReadMail, at: datetime) -> Ending:
    if read.automatic:
        return _of_machine(mail, read)
    if not read.from_address:
        return Ending(MailOutcome.UNREADABLE, "No sender can be read from it.")
    sender = _sender(read.from_address)
    organisation = sender.organisation if sender else None
    hinted = _hinted_incident(read, organisation)
    if sender is None:
        known = f" It names {hinted.number}." if hinted else ""
        return _held(mail, f"{read.from_address} is not known to us.{known}")
    if organisation is None:
        return _held(mail, "It comes from our own staff, who answer in the desk.")
    mail.organisation = organisation
    return _of_a_customer(mail, read, sender, hinted, at)


def _of_a_customer(
    mail: InboundMail, read: ReadMail, sender: Person, hinted: Incident | None, at: datetime
) -> Ending:
    before = _taken_before(mail)
    if before is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.", before.incident)
    if is_too_many(mail):
        notify_of_too_many(mail, sender, read, at=at)
        return Ending(MailOutcome.HELD, TOO_MANY, is_told=True)
    if is_looping(mail, hinted):
        return _held(mail, LOOP)
    try:
        with transaction.atomic():
            ending = _take(mail, read, sender, hinted)
        clear(sender.email, how=Cleared.WROTE, at=mail.received_at)
        return ending
    except IntegrityError as error:
        if "mail_taken_once" not in str(error):
            raise
        before = _taken_before(mail)
        incident = before.incident if before else None
        return Ending(MailOutcome.DUPLICATE, "The same mail came at the same moment.", incident)


def _of_machine(mail: InboundMail, read: ReadMail) -> Ending:
    """It opens nothing and answers nothing; a bounce tells that a mail of ours came back."""
    if read.bounce is None:
        return Ending(MailOutcome.AUTOMATIC, f"An automatic mail ({read.automatic}) opens nothing.")
    message_ids, at = _hints(read).message_ids, mail.received_at
    codes = dict(zip(read.bounced, read.bounce_codes, strict=True))
    is_permanent = read.bounce == BounceKind.PERMANENT
    came_back = note_bounce(
        message_ids, codes, is_permanent=is_permanent, mail=mail.message_id, at=at
    )
    if came_back is None:
        fresh = note_notice_bounce(message_ids, codes, at=at) if is_permanent else []
        names = ", ".join(one.recipient for one in fresh)
        about = f"A notice to {names} came back." if names else "A bounce opens nothing."
        return Ending(MailOutcome.AUTOMATIC, about)
    incident = came_back.message.incident
    mail.organisation_id = incident.organisation_id
    names = ", ".join(came_back.addresses) or "somebody"
    fate = "It came back, and is taken back." if came_back.taken_back else "It is a bounce."
    return Ending(MailOutcome.AUTOMATIC, f"About an answer to {names}. {fate}", incident)


def _held(mail: InboundMail, why: str) -> Ending:
    """For a human, who gets a mail that is delivered again only once."""
    same = InboundMail.objects.kept_for_a_human().filter(
        organisation=None, sender=mail.sender, message_id=mail.message_id
    )
    if same.exclude(pk=mail.pk).exists():
        return Ending(MailOutcome.DUPLICATE, "The same mail came before, and is kept for a human.")
    return Ending(MailOutcome.HELD, why)


def _take(mail: InboundMail, read: ReadMail, sender: Person, hinted: Incident | None) -> Ending:
    """The sender's mail goes to their organisation's incident that it answers, or becomes one."""
    if hinted is not None:
        message = become_message(mail, read, author=sender, incident=hinted)
        return Ending(MailOutcome.MESSAGE, "", message.incident, message)
    message = become_incident(mail, read, reporter=sender)
    return Ending(MailOutcome.INCIDENT, "", message.incident, message)


def _taken_before(mail: InboundMail) -> InboundMail | None:
    taken = (MailOutcome.INCIDENT, MailOutcome.MESSAGE)
    same = InboundMail.objects.filter(organisation=mail.organisation, message_id=mail.message_id)
    return same.filter(outcome__in=taken).exclude(pk=mail.pk).first()


def _sender(address: str) -> Person | None:
    people: QuerySet[Person] = Person.objects.active().select_related("organisation")
    return people.filter(email__iexact=address).first()


def _hinted_incident(read: ReadMail, organisation: Organisation | None) -> Incident | None:
    """The incident that the mail answers, by the most trusted hint that leads to one.

    Only of the sender's own `organisation`: therefore even a number alone is trusted, and a
    thread between two customers is an incident of each. For a sender without one, who can not
    write on it, whichever it names.
    """
    hints = _hints(read)
    incidents = Incident.objects.select_related("organisation")
    messages = Message.objects.select_related("incident__organisation").order_by("-sent_at")
    if organisation is not None:
        incidents = incidents.filter(organisation=organisation)
        messages = messages.filter(organisation=organisation)
    if hints.message_ids:
        message = messages.filter(message_id__in=hints.message_ids).first()
        if message is not None:
            return message.incident
    for number in (hints.verified_number, hints.subject_number):
        if number:
            found = incidents.filter(number=number).first()
            if found is not None:
                return found
    return None


def _hints(read: ReadMail) -> ThreadHints:
    return thread_hints(
        read, secret=settings.SECRET_KEY, domain=settings.MAIL_DOMAIN, local_part=_local_part()
    )


def _failed(mail_id: int, error: Exception, *, at: datetime) -> InboundMail:
    with transaction.atomic():
        mail = InboundMail.objects.select_for_update().defer("raw").get(pk=mail_id)
        mail.attempts += 1
        mail.reason = f"Handling failed: {type(error).__name__}: {error}"[:500].replace("\0", "")
        if mail.attempts >= GIVE_UP_AFTER:
            mail.outcome, mail.handled_at = MailOutcome.UNREADABLE, at
            notify_leads(mail, at=at)
        mail.save()
        return mail


def _local_part() -> str:
    return str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0]
