"""Sending what is owed, after the commit: claimed once, tried again, given up, reported back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

import structlog
from anymail.exceptions import AnymailError
from django.conf import settings
from django.db import transaction

from core.journal import record
from notices.bounces.codes import code_in, why_of
from notices.bounces.marking import mark_address
from notices.digests.choices import set_aside
from notices.digests.quiet_hours import waits_until
from notices.enums import Way
from notices.errors import NothingToRetry
from notices.models import Notice
from notices.outbox import wake_worker
from notices.readers import is_elsewhere
from notices.sending import line
from notices.sending.ahead import Ready, read_ahead
from notices.sending.calling import Call, CallFailed, place
from notices.sending.rendering import call_of, mail_of
from notices.sending.signing import SignedMail
from notices.sending.threads import return_path_of

if TYPE_CHECKING:
    from accounts.models import Person

logger = structlog.get_logger(__name__)

ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)

# What a mail server or a telephone does to us. Anything else is a bug of ours and goes up.
UNSENT = (SMTPException, OSError, AnymailError, CallFailed)


def send_one(notice_id: int, *, at: datetime, ready: Ready | None = None) -> bool:
    """Send a notice that is owed at `at`; True if this call sent it. Call it in a transaction.

    False when it is not owed, when another worker has it right now, when its address takes no mail,
    when its person wants it not at all or in the mail of the day (`digests`), when it waits for the
    end of its person's quiet hours, or when sending failed: then the next attempt is due after 1,
    2, 4 ... minutes, 6 hours at most, and after the tenth failure it is given up. Safe to repeat
    and to run twice at once: the row is locked while the mail server answers. A process that dies
    after the server took the mail and before the commit will send it a second time, with the same
    Message-ID; no order of the two steps avoids that without losing mails instead. `ready` is what
    the caller has read ahead.
    """
    ready = ready or read_ahead([notice_id], at=at).get(notice_id)
    if ready is None or not _claimed(notice_id, at):
        return False
    notice = ready.notice
    gone = _is_gone(ready)
    if gone:
        _give_up(notice, gone, at)
        return False
    if _is_held(ready, at) or set_aside(notice, at):
        return False
    until = waits_until(notice, at)
    if until > at:  # owed with a later moment: nothing is lost, and no attempt was made
        notice.put_off_at, notice.next_at = at, until
        notice.save(update_fields=["put_off_at", "next_at"])
        return False
    deliver = _delivery(ready)
    try:
        notice.provider_id = deliver()
    except SMTPRecipientsRefused as error:
        _note_refusal(notice, error, at)
        return False
    except UNSENT as error:
        _note_failure(notice, error, at)
        return False
    sent: dict[str, Any] = {"sent_at": at, "provider_id": notice.provider_id}
    if notice.is_secret:
        sent["context"] = {}
    Notice.objects.filter(pk=notice_id).update(**sent)
    return True


def _claimed(notice_id: int, at: datetime) -> bool:
    """Whether it is owed still, by itself, and ours until the transaction ends."""
    alone = Notice.objects.owed(at).filter(pk=notice_id, is_collected=False).order_by()
    claim = alone.select_for_update(skip_locked=True, of=("self",))
    return bool(claim.values_list("pk"))


def _is_gone(ready: Ready) -> str:
    """Why its person reads it no more; "" when they do."""
    notice = ready.notice
    person = notice.to
    if person is None:
        return ""
    if not person.is_active:
        return "This person's account is closed."
    if is_elsewhere(person, notice.subject, notice.organisation_id):
        return "This person is of another organisation now."
    if not ready.is_read:
        return "This person may not read it any more."
    return ""


def _is_held(ready: Ready, at: datetime) -> bool:
    """Whether its address takes no mail: then it is given up, and owed again when that changes."""
    notice, period = ready.notice, ready.period
    if period is None:
        return False
    since = f"{period.since_at:%-d %B %Y}"
    notice.last_error = f"Not sent: this address takes no mail since {since}, {period.why}."
    notice.held_for, notice.given_up_at = period, at
    notice.save(update_fields=["held_for", "given_up_at", "last_error"])
    return True


def _note_refusal(notice: Notice, error: SMTPRecipientsRefused, at: datetime) -> None:
    """A server that knows at once that there is no such mailbox need not be asked ten times."""
    answers = [said.decode(errors="replace") for _, said in error.recipients.values()]
    code = code_in(" ".join(answers))
    if not code.startswith("5.1.") and code != "5.2.1":
        _note_failure(notice, error, at)
        return
    notice.attempts += 1
    _give_up(notice, f"Refused: {why_of(code)}. The server said: {' '.join(answers)}", at)
    mark_address(notice, code, at)


def _delivery(ready: Ready) -> Callable[[], str]:
    """The mail or call, ready to go; a bug in its words shows before anything went.

    What is called gives the provider's id of it, "" where there is none.
    """
    notice = ready.notice
    if notice.way == Way.CALL:
        return partial(_place, call_of(notice, ready.around))
    return partial(_send, _returning(mail_of(notice, ready.around), return_path_of(notice)))


def _place(call: Call) -> str:
    place(call)
    return ""


def _returning(mail: SignedMail, to: str) -> SignedMail:
    """`mail` with an envelope sender of its own (VERP), so that a bounce proves whose it is.

    Django's back-ends take `from_email` for the envelope, and the header where there is one.
    Providers' back-ends report what came back themselves.
    """
    if to and not settings.EMAIL_BACKEND.startswith("anymail."):
        mail.extra_headers = {"From": mail.from_email} | mail.extra_headers
        mail.from_email = to
    return mail


def _send(mail: SignedMail) -> str:
    line.send(mail)
    status = getattr(mail, "anymail_status", None)  # of django-anymail's back-ends alone
    found = status.message_id if status is not None else None  # one: each mail has one recipient
    return "" if found is None else bare_id(str(found))


@transaction.atomic
def postpone(notice_id: int, *, error: Exception, at: datetime) -> None:
    """Treat an unexpected `error` like a failed attempt, so that one bad row can not block all."""
    notice = Notice.objects.owed(at).select_for_update(skip_locked=True).filter(pk=notice_id)
    for one in notice:
        _note_failure(one, error, at)


@transaction.atomic
def retry(notice: Notice, *, by: Person, at: datetime) -> None:
    """Owe a given-up notice again, with ten new attempts. Raises NothingToRetry otherwise."""
    given_up = Notice.objects.filter(pk=notice.pk, given_up_at__isnull=False, is_unwanted=False)
    if not given_up.update(given_up_at=None, attempts=0, next_at=at, held_for=None):
        raise NothingToRetry()
    record("notice.retried", notice, at=at, by=by)
    wake_worker()


def bare_id(message_id: str) -> str:
    """Without the brackets, which some providers leave out when they report."""
    return message_id.strip().strip("<>")[:255]


def mark_delivered(notice: Notice, *, at: datetime) -> None:
    """A provider says that the mailbox took it. The first report counts."""
    unknown = Notice.objects.filter(pk=notice.pk, delivered_at=None, sent_at__isnull=False)
    unknown.update(delivered_at=at)


def _note_failure(notice: Notice, error: Exception, at: datetime) -> None:
    notice.attempts += 1
    text = f"{type(error).__name__}: {error}"
    if notice.attempts >= ATTEMPTS:
        _give_up(notice, text, at)
        return
    notice.last_error = text[:500]
    notice.next_at = at + min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
    notice.save(update_fields=["attempts", "last_error", "next_at"])
    logger.warning("notice not sent", notice=notice.pk, attempts=notice.attempts, error=text)


def _give_up(notice: Notice, why: str, at: datetime) -> None:
    notice.given_up_at, notice.last_error = at, why[:500]
    notice.save(update_fields=["attempts", "last_error", "given_up_at"])
    logger.error("notice given up", notice=notice.pk, attempts=notice.attempts, error=why)
