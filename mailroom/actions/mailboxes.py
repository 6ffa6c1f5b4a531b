"""Fetching from mailboxes: each mail kept once, and how the fetching stands (freescout#3479)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from mailroom.actions.intake import store
from mailroom.models import InboundMail, Mailbox, UnfetchedMail
from notices.outbox import notify

SILENT_AFTER = timedelta(minutes=10)  # then the managers are notified
GIVE_UP_AFTER = 5  # attempts to fetch a mail; afterwards once a day
AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def mailbox_of(name: str, *, at: datetime) -> Mailbox:
    """The row of a configured folder, made when it is new. Safe to repeat and at once."""
    mailbox, _ = Mailbox.objects.get_or_create(name=name[:300], defaults={"made_at": at})
    return mailbox


@transaction.atomic
def keep_fetched(mailbox: Mailbox, raw: bytes, *, at: datetime) -> InboundMail | None:
    """Store a fetched mail; None when these very bytes are stored already.

    So it is when the connection broke between storing and marking, when the server numbered its
    mails anew, and when two fetch at once: the row's lock lets one of them come after the other.
    """
    Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    digest = hashlib.sha256(raw).hexdigest()
    if InboundMail.objects.filter(sha256=digest, size=len(raw)).exists():
        return None
    return store(raw, at=at)


@transaction.atomic
def note_fetched(mailbox: Mailbox, *, at: datetime) -> None:
    """Everything that was there is stored. Ends an outage, which the journal keeps."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if row.failing_since is not None:
        record("mailbox.works", row, at=at, by=None, failing_since=row.failing_since)
    row.last_ok_at, row.failing_since, row.last_error, row.told_at = at, None, "", None
    row.save()


@transaction.atomic
def note_failing(mailbox: Mailbox, error: str, *, at: datetime) -> None:
    """Fetching failed; since when is kept from the first time."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if row.failing_since is None:
        row.failing_since = at
        record("mailbox.fails", row, at=at, by=None, error=error[:500])
    row.last_error = error[:500].replace("\0", "")
    row.save()


@transaction.atomic
def note_unfetched(
    mailbox: Mailbox, *, uid_validity: int, uid: int, error: str, at: datetime
) -> int:
    """This mail could not be fetched; how often that was. The fifth time the leads are notified."""
    row, _ = UnfetchedMail.objects.select_for_update().get_or_create(
        mailbox=mailbox, uid_validity=uid_validity, uid=uid, defaults={"tried_at": at}
    )
    row.attempts, row.tried_at = min(row.attempts + 1, 30_000), at
    row.last_error = error[:500].replace("\0", "")
    row.save()
    if row.attempts == GIVE_UP_AFTER:
        record("mailbox.unfetched", mailbox, at=at, by=None, uid=uid, error=row.last_error)
        notify(
            Person.objects.leads(),
            "mail_unfetched",
            key=f"unfetched:{row.pk}",
            at=at,
            mailbox=mailbox.name,
            uid=uid,
            error=row.last_error,
        )
    return row.attempts


def note_fetched_after_all(mailbox: Mailbox, *, uid_validity: int, uid: int) -> None:
    """What the server did not give before, it gave now. Safe to repeat."""
    mailbox.unfetched.filter(uid_validity=uid_validity, uid=uid).delete()


@transaction.atomic
def note_numbering(mailbox: Mailbox, uid_validity: int, *, at: datetime) -> None:
    """The server's numbering: a new one makes all old numbers meaningless (RFC 3501, 2.3.1.1)."""
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if row.uid_validity == uid_validity:
        return
    if row.uid_validity is not None:
        record("mailbox.renumbered", row, at=at, by=None, before=row.uid_validity)
    row.unfetched.exclude(uid_validity=uid_validity).delete()
    row.uid_validity = uid_validity
    row.save()


@transaction.atomic
def notify_of_silence(mailbox_id: int, *, at: datetime) -> bool:
    """Tell the managers, once an outage, that nothing was fetched for ten minutes.

    Also when nobody tries, since the process that should is not running.
    """
    silent = Mailbox.objects.silent(at - SILENT_AFTER).select_for_update(skip_locked=True)
    row = silent.filter(pk=mailbox_id).first()
    if row is None:
        return False
    since = row.failing_since or row.last_ok_at or row.made_at
    notify(
        Person.objects.active().filter(role=Role.MANAGER),
        "mailbox_silent",
        key=f"mailbox:{row.pk}:{since:%FT%T}",
        at=at,
        mailbox=row.name,
        since_at=since.isoformat(),
        error=row.last_error,
        url=f"{settings.SITE_URL}/admin/watchdog/",
    )
    row.told_at = at
    row.save(update_fields=["told_at"])
    return True


def waiting_uids(
    mailbox: Mailbox, uids: list[int], *, uid_validity: int, at: datetime
) -> list[int]:
    """In which order to fetch: fresh ones first, then those that failed, the rarest failing first.

    What failed five times is tried once a day.
    """
    failed = {
        row.uid: row
        for row in mailbox.unfetched.filter(uid_validity=uid_validity).order_by(F("attempts"))
    }
    due = [
        uid
        for uid in uids
        if uid not in failed
        or failed[uid].attempts < GIVE_UP_AFTER
        or failed[uid].tried_at <= at - AGAIN_AFTER
    ]
    return sorted(due, key=lambda uid: (failed[uid].attempts if uid in failed else 0, uid))
