"""Mail in: stored before anything reads it, handled afterwards, never lost.

A mail of a known sender goes to its incident or becomes one; what answers us automatically opens
nothing; what nobody known sent, or what is not from its sender, is kept for a human. Every ending
leaves the raw mail, who it is from as far as that is proven (M1), and a reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Person
from core import rls
from core.journal import record
from core.nudges import nudge_on_commit
from mailroom.actions.ending import Ending, held, taken_before
from mailroom.actions.engagements import answer_of_engagement
from mailroom.actions.forum import answer_of_forum
from mailroom.actions.limits import (
    LOOP,
    TOO_MANY,
    UNPROVEN_WAITS,
    is_looping,
    is_too_many,
    may_come_in,
    notify_of_kept,
    notify_of_too_many,
)
from mailroom.actions.matching import hinted_incident, hints_of, sender_of
from mailroom.actions.proof import verdict_of
from mailroom.actions.suppressing import of_a_bounce, suppressed
from mailroom.actions.taking import become_incident, become_message, content_of
from mailroom.actions.team import of_the_team
from mailroom.enums import MailOutcome
from mailroom.errors import MailTooLarge
from mailroom.models import InboundMail
from mailroom.text.authentication import Verdict
from mailroom.text.automatic import Sign
from mailroom.text.fates import Circumstances, why_suppressed
from mailroom.text.reading import ReadMail, read_mail
from notices.bounces.addresses import clear
from notices.enums import Cleared
from tickets.actions.promises.upgrades import catch_up
from tickets.actions.reporting_again import report_by_mail
from tickets.enums import Proof
from tickets.models import Incident

logger = structlog.get_logger(__name__)

HANDLES = "mailroom.tasks.handle_mails"

MB = 1024 * 1024
GIVE_UP_AFTER = 5  # attempts to handle a mail before a human gets it
# What handling writes: never the raw mail, which may have 60 MB.
WRITTEN = (
    *("organisation", "message_id", "sender", "subject", "content"),
    *("proof", "proof_why", "is_spam", "told_at"),
    *("outcome", "reason", "incident", "became", "handled_at"),
)


@transaction.atomic
def store(raw: bytes, *, at: datetime, wakes: bool = True) -> InboundMail:
    """Keep the raw mail; `at` is when the server received it (R1). Reads nothing of it.

    A worker is woken after the commit, unless the caller handles the mail itself.
    Errors: `MailTooLarge`, for the mail server to give back to the sender.
    """
    if len(raw) > settings.MAIL_MAX_BYTES:
        raise MailTooLarge(size=len(raw) // MB, limit=settings.MAIL_MAX_BYTES // MB)
    if wakes:
        nudge_on_commit(HANDLES)
    return InboundMail.objects.create(
        raw=raw, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), received_at=at
    )


@dataclass(frozen=True)
class Seen:
    """What a mail says, and how far it proves its sender."""

    read: ReadMail
    verdict: Verdict


def look_at(mail_id: int) -> Seen | None:
    """Read a mail that waits, and ask whose signature it carries, outside of any transaction.

    A name server may take seconds, in which no connection of the database must be held. None for
    what is handled, or in hand by another worker.
    """
    with rls.everything():
        rows = InboundMail.objects.unhandled().select_for_update(of=("self",), skip_locked=True)
        mail = rows.filter(pk=mail_id).first()
        raw = bytes(mail.raw) if mail else b""
    return _look(raw) if mail else None


def _look(raw: bytes) -> Seen:
    read = read_mail(raw, own_addresses=settings.SUPPORT_ADDRESSES)
    return Seen(read, verdict_of(raw, read))


def handle(mail_id: int, *, at: datetime, seen: Seen | None = None) -> InboundMail:
    """Decide what a stored mail is, and do it, in one transaction. Safe to repeat and at once.

    `seen` is what `look_at` gave; without it the mail is read, and the DNS asked, here.

    One that another worker has in hand is waited for.
    What fails is tried again by the next sweep; after some attempts a human gets the mail.
    """
    done = _guarded(mail_id, at=at, waits=True, seen=seen)
    return done or InboundMail.objects.get(pk=mail_id)


def handle_if_free(mail_id: int, *, at: datetime, seen: Seen | None = None) -> bool:
    """The same; False where another worker has it in hand, or had it, so that they share them."""
    done = _guarded(mail_id, at=at, waits=False, seen=seen)
    return done is not None and done.handled_at is not None


def _guarded(mail_id: int, *, at: datetime, waits: bool, seen: Seen | None) -> InboundMail | None:
    try:
        with transaction.atomic():
            return _handle(mail_id, at=at, waits=waits, seen=seen)
    except Exception as error:  # whatever is in a mail must not stop the mails behind it
        logger.exception("mail failed", mail=mail_id)
        return _failed(mail_id, error, at=at)


def _handle(mail_id: int, *, at: datetime, waits: bool, seen: Seen | None) -> InboundMail | None:
    """None where it is handled already."""
    claim = InboundMail.objects.unhandled().select_for_update(of=("self",), skip_locked=not waits)
    mail = (claim.defer("raw") if seen else claim).filter(pk=mail_id).first()
    if mail is None:
        return None
    seen = seen or _look(bytes(mail.raw))
    read, verdict = seen.read, seen.verdict
    mail.message_id = read.dedup_id[:250]
    mail.sender, mail.subject = read.from_address[:254], read.subject[:300]
    mail.content = content_of(read)
    mail.proof, mail.proof_why = verdict.proof.value, verdict.why[:300]
    ending = _ending(mail, read, at)
    if ending.outcome == MailOutcome.INCIDENT and ending.incident is not None:
        catch_up(ending.incident, at=at)
    mail.outcome, mail.reason = ending.outcome, ending.reason[:500]
    mail.incident, mail.became = ending.incident, ending.message
    mail.handled_at = at
    mail.save(update_fields=WRITTEN)
    facts = {"outcome": mail.outcome, "reason": mail.reason, "proof": mail.proof}
    record("mail.handled", mail, at=at, by=None, **facts)
    if mail.outcome in (MailOutcome.HELD, MailOutcome.UNREADABLE):
        notify_of_kept(at=at)
    return mail


def _ending(mail: InboundMail, read: ReadMail, at: datetime) -> Ending:
    if read.sign == Sign.BOUNCE:
        return of_a_bounce(mail, read)
    sender = sender_of(read.from_address)
    mail.is_spam = read.is_spam and sender is None
    if mail.proof == Proof.REFUTED:
        return held(mail, f"Refuted: {mail.proof_why}")
    organisation = sender.organisation if sender else None
    why, hinted, trusted = _why_hidden(read, sender)
    if why:
        return suppressed(mail, read, why, trusted)
    if not read.from_address:
        return Ending(MailOutcome.UNREADABLE, "No sender can be read from it.")
    if len(read.senders) > 1:
        return held(mail, f"It names several senders: {', '.join(read.senders[:5])}.")
    if sender is None:
        known = f" It names {hinted.number}." if hinted else ""
        return held(mail, f"{read.from_address} is not known to us.{known}")
    if organisation is None:
        return of_the_team(mail, read, sender, at)
    mail.organisation = organisation
    return _of_a_customer(mail, read, sender, hinted, at)


def why_hidden(read: ReadMail) -> str:
    """Why the mail would open nothing if it came now; "" for one that a human has to see."""
    if read.sign == Sign.BOUNCE:
        return "It is a delivery report."
    sender = sender_of(read.from_address)
    return _why_hidden(read, sender)[0]


def _why_hidden(
    read: ReadMail, sender: Person | None
) -> tuple[str, Incident | None, Incident | None]:
    """(why it opens nothing, the incident that it names, and the one it may leave a line on).

    Who is not known, or whose address anybody can write, leaves no line by a number alone.
    """
    organisation = sender.organisation if sender else None
    hints = hints_of(read)
    hinted = hinted_incident(hints, organisation, sender=sender)
    trusted = hinted if organisation else hinted_incident(hints, None, trusted_only=True)
    answers_ours = trusted is not None or hints.forum is not None
    about = Circumstances(answers_ours=answers_ours, is_known=sender is not None)
    return why_suppressed(read, about), hinted, trusted


def _of_a_customer(
    mail: InboundMail, read: ReadMail, sender: Person, hinted: Incident | None, at: datetime
) -> Ending:
    before = taken_before(mail)
    if before is not None:
        return Ending(MailOutcome.DUPLICATE, "The same mail came before.", before.incident)
    if is_too_many(mail):
        notify_of_too_many(mail, sender, read, at=at)
        return Ending(MailOutcome.HELD, TOO_MANY)
    if is_looping(mail, hinted):
        return held(mail, LOOP)
    if not may_come_in(mail, answers=hinted is not None):
        return held(mail, UNPROVEN_WAITS)
    try:
        with transaction.atomic():
            ending = _take(mail, read, sender, hinted)
        if mail.proof == Proof.PROVEN:  # an unproven one changes no address (M1)
            clear(sender.email, how=Cleared.WROTE, at=mail.received_at)
        return ending
    except IntegrityError as error:
        if "mail_taken_once" not in str(error):
            raise
        before = taken_before(mail)
        incident = before.incident if before else None
        return Ending(MailOutcome.DUPLICATE, "The same mail came at the same moment.", incident)


def _take(mail: InboundMail, read: ReadMail, sender: Person, hinted: Incident | None) -> Ending:
    """The sender's mail goes to their organisation's incident that it answers, or becomes one."""
    ending = answer_of_forum(mail, read, sender)  # its title may hold an incident's number
    if ending is not None:
        return ending
    if hinted is not None:
        message = become_message(mail, read, author=sender, incident=hinted)
        if message.incident.pk == hinted.pk:
            report_by_mail(message, at=mail.received_at)
        return Ending(MailOutcome.MESSAGE, "", message.incident, message)
    ending = answer_of_engagement(mail, read, sender)
    if ending is not None:
        return ending
    message = become_incident(mail, read, reporter=sender)
    return Ending(MailOutcome.INCIDENT, "", message.incident, message)


def _failed(mail_id: int, error: Exception, *, at: datetime) -> InboundMail:
    with transaction.atomic():
        mail = InboundMail.objects.select_for_update().defer("raw").get(pk=mail_id)
        mail.attempts += 1
        mail.reason = f"Handling failed: {type(error).__name__}: {error}"[:500].replace("\0", "")
        if mail.attempts >= GIVE_UP_AFTER:
            mail.outcome, mail.handled_at = MailOutcome.UNREADABLE, at
        mail.save()
        if mail.handled_at is not None:
            notify_of_kept(at=at)
        return mail
