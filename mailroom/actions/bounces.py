"""Answers that come back: marked, told, and taken back when nobody got them (C8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.journal import entries_of, record
from entitlements.enums import SPOKEN
from notices.bounces.marking import mark_bounced
from notices.models import Notice
from tickets.actions.locking import locked
from tickets.actions.promises.taking_back import mails_of, notify_author, record_bounce, take_back
from tickets.enums import MessageKind
from tickets.models import Message


@dataclass(frozen=True)
class CameBack:
    """What a bounce was about. `taken_back`: the answer is no answer any more."""

    message: Message
    addresses: Sequence[str]
    taken_back: bool


def note_bounce(
    message_ids: Collection[str],
    codes: Mapping[str, str],
    *,
    is_permanent: bool,
    mail: str,
    at: datetime,
) -> CameBack | None:
    """Note that an answer did not reach some addresses; None if it is about no answer of ours.

    The caller has proven that the mail was ours and went to these addresses: by its signed
    envelope sender, or as the report of the provider that sent it. A hard bounce to every
    recipient takes the answer back: what it met is owed again, by the due moment that it had, which
    may be past (C8). One that delays it, that leaves somebody who got it, or that is only the
    record of what was said by telephone, is only shown. `codes` gives each address's code
    (RFC 3463) or "", `mail` is the bounce's own id: safe to repeat. Call it in the transaction of
    the mail.
    """
    answers = Message.objects.filter(message_id__in=message_ids, kind=MessageKind.ANSWER)
    message = answers.select_related("incident", "author").order_by("-pk").first()
    if message is None:
        return None
    message.incident = locked(message.incident)
    sent = mails_of(message)
    if not is_permanent:
        _note_delay(message, mail, at)
        return CameBack(message, list(codes), taken_back=False)
    fresh = mark_bounced(sent, codes, at=at)
    if not fresh:
        return CameBack(message, list(codes), taken_back=message.taken_back_at is not None)
    names = [one.recipient for one in fresh]
    why = sorted({one.last_error for one in fresh})
    record_bounce(message, names, why, at)
    unread = all(one.bounced_at or one.given_up_at for one in mails_of(message))
    reached_nobody = unread and message.channel not in SPOKEN  # what was said was heard
    owed = take_back(message, at=at) if reached_nobody else None
    notify_author(message, names, owed, taken_back=reached_nobody, at=at)
    return CameBack(message, names, taken_back=reached_nobody)


def note_notice_bounce(
    notices: Collection[int], codes: Mapping[str, str], *, at: datetime
) -> list[Notice]:
    """Note that a notice which is no answer came back for good; those that were not noted before.

    The caller has proven that it did. Safe to repeat; call it in the transaction of the mail.
    """
    named = Notice.objects.filter(pk__in=notices).select_related("to")
    sent = list(named.select_for_update(of=("self",)).order_by("pk"))
    return mark_bounced(sent, codes, at=at)


def _note_delay(message: Message, mail: str, at: datetime) -> None:
    kind, incident = "incident.answer_delayed", message.incident
    if not entries_of(incident).filter(kind=kind, facts__mail=mail).exists():
        record(kind, incident, at=at, by=None, message=message.pk, mail=mail)
