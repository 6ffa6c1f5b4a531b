"""What one sender may cost the desk: nothing is dropped, a human gets what is too much.

Each sentence about it goes out once a sender and day, and never to an automatic sender.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Person
from core.journal import record
from mailroom.enums import MailOutcome, UnprovenMails
from mailroom.models import InboundMail
from mailroom.text.reading import ReadMail, read_mail
from mailroom.text.threading import number_in
from notices.outbox import notify
from tickets.enums import Proof
from tickets.models import Incident

MB = 1024 * 1024
HOUR = timedelta(hours=1)
ROUNDS = 2  # that two desks may answer each other before a human looks
TOO_MANY = "More mails came from this sender within an hour than are taken without a human."
UNPROVEN_WAITS = "Nothing proves its sender, and such mail waits for a human here."
LOOP = "Another desk seems to answer our mails, and we theirs: nothing more is answered."
MOST_TOLD = 1_000  # mails that one notice tells of
KEPT_OF_A_LARGE_ONE = 256 * 1024  # bytes from its beginning: headers, and often the text


def is_too_many(mail: InboundMail) -> bool:
    """Whether this sender's mails of the hour before it reached `MAILS_AN_HOUR`.

    Those that prove their sender and those that do not count apart (M1), so that a forger cannot
    use up what the real sender may send.
    """
    taken = (MailOutcome.INCIDENT, MailOutcome.MESSAGE)
    before = InboundMail.objects.filter(
        sender=mail.sender,
        proof=mail.proof,
        outcome__in=taken,
        received_at__gt=mail.received_at - HOUR,
        received_at__lte=mail.received_at,
    )
    is_proven = mail.proof == Proof.PROVEN
    limit: int = settings.MAILS_AN_HOUR if is_proven else settings.UNPROVEN_MAILS_AN_HOUR
    return before.exclude(pk=mail.pk)[:limit].count() >= limit


def may_come_in(mail: InboundMail, *, answers: bool) -> bool:
    """Whether a mail whose sender nothing proves is taken by itself (M1, `UNPROVEN_MAILS`)."""
    allowed = UnprovenMails(settings.UNPROVEN_MAILS)
    if mail.proof != Proof.UNPROVEN or allowed == UnprovenMails.TAKE:
        return True
    return allowed == UnprovenMails.ANSWER and answers


def is_looping(mail: InboundMail, hinted: Incident | None) -> bool:
    """Whether another desk seems to answer our acknowledgements with mails that look human.

    Those carry a number of the form of ours, lead to no incident of the sender's, and open one
    after the other; the third within an hour is kept. Marked ones (RFC 3834) never come so far.
    """
    if hinted is not None or not number_in(mail.subject):
        return False
    before = InboundMail.objects.filter(
        sender=mail.sender,
        outcome=MailOutcome.INCIDENT,
        subject__icontains="[AX-",
        received_at__gt=mail.received_at - HOUR,
        received_at__lte=mail.received_at,
    )
    return before.exclude(pk=mail.pk)[:ROUNDS].count() >= ROUNDS


def notify_of_kept(*, at: datetime) -> int:
    """Tell the leads of the mails kept aside that they know nothing of; the number told of.

    One notice an hour at most, however many mails come; of spam none. Safe to repeat and at once:
    whoever is second waits, and finds them told.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('mails kept aside'))")
        told = InboundMail.objects.filter(told_at__gt=at - HOUR).exists()
        untold = InboundMail.objects.kept_untold().defer("raw").order_by("received_at", "pk")
        mails = [] if told else list(untold[:MOST_TOLD])
        if not mails:
            return 0
        InboundMail.objects.filter(pk__in=[one.pk for one in mails]).update(told_at=at)
        first, more = mails[0], len(mails) if len(mails) > 1 else 0
        notify(
            Person.objects.leads(),
            "mail_held",
            key=f"mails:{first.pk}",
            at=at,
            about=first,
            sender=first.sender,
            subject=first.subject,
            reason=first.reason,
            more=more,
            url=f"{settings.SITE_URL}/admin/mail/" + ("" if more else f"{first.pk}/"),
        )
        return len(mails)


def notify_leads(mail: InboundMail, *, at: datetime, key: str, reason: str = "") -> None:
    """Something is wrong with one sender's mails: told once a `key`, and not again with others."""
    mail.told_at = at
    notify(
        Person.objects.leads(),
        "mail_held",
        key=key,
        at=at,
        about=mail,
        sender=mail.sender,
        subject=mail.subject,
        reason=reason or mail.reason,
        url=f"{settings.SITE_URL}/admin/mail/{mail.pk}/",
    )


def notify_of_too_many(mail: InboundMail, sender: Person, read: ReadMail, *, at: datetime) -> None:
    """The leads and the sender hear once a day that the sender's mails wait for a human."""
    day = f"{mail.sender}:{at:%F}"
    notify_leads(mail, at=at, key=f"mail_too_many:{day}", reason=TOO_MANY)
    if read.may_be_answered:
        notify([sender], "mail_waits", key=f"mail_waits:{day}", at=at, about=mail)


@transaction.atomic
def keep_beginning(head: bytes, *, size: int, at: datetime, where: str) -> InboundMail:
    """Keep the beginning of a mail of `size` bytes that is above the limit, for a human.

    For doors whose other side gives nothing back to the sender, whom we answer therefore: once a
    day, a known one, and nobody automatic. `where` says where the whole mail is.
    """
    head = head[:KEPT_OF_A_LARGE_ONE]
    digest = hashlib.sha256(head).hexdigest()
    before = InboundMail.objects.filter(sha256=digest, size=size).first()
    if before is not None:
        return before
    read = read_mail(head, own_addresses=settings.SUPPORT_ADDRESSES)
    limit = settings.MAIL_MAX_BYTES // MB
    mail = InboundMail.objects.create(
        raw=head,
        sha256=digest,
        size=size,
        message_id=read.dedup_id[:250],
        sender=read.from_address[:254],
        subject=read.subject[:300],
        received_at=at,
        handled_at=at,
        told_at=at,
        outcome=MailOutcome.HELD,
        reason=f"It has {-(-size // MB)} MB; up to {limit} MB are taken. Here is its beginning;"
        f" the whole is {where}."[:500],
    )
    record("mail.handled", mail, at=at, by=None, outcome=mail.outcome, reason=mail.reason)
    day = f"{mail.sender}:{at:%F}"
    notify_leads(mail, at=at, key=f"mail_too_large:{day}")
    people = Person.objects.active().select_related("organisation")
    sender = people.filter(email__iexact=mail.sender, organisation__isnull=False).first()
    if sender is not None and read.may_be_answered:
        notify(
            [sender],
            "mail_too_large",
            key=f"mail_too_large:{day}",
            at=at,
            about=sender,
            subject=mail.subject,
            size=-(-size // MB),
            limit=limit,
            new_incident_url=f"{settings.SITE_URL}/incidents/new/",
        )
    return mail
