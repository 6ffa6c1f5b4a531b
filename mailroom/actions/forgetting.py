"""Mails that go (F2): originals of those that were taken, and all of what opened nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core import keeper
from mailroom.models import InboundMail
from mailroom.querysets import OPENED_NOTHING, RAW_KEPT
from tickets.models import Message

RAW, SUPPRESSED = "mail.raw", "mail.suppressed"


def empty(keys: Collection[int], *, at: datetime) -> int:
    """Take the originals of these mails away; what they became stays. How many had one."""
    rows = InboundMail.objects.filter(pk__in=keys, raw_gone_at=None)
    done = rows.update(raw=b"", raw_gone_at=at)
    if done:  # nothing is left that could be shown as it was laid out
        Message.objects.filter(mails__in=keys, has_layout=True).update(has_layout=False)
    return done


def forget_originals(keys: Collection[int], *, at: datetime) -> int:
    """The same after their time, with a tombstone. Safe to repeat. Error: `NoKeeper`."""
    mails = InboundMail.objects.select_for_update(skip_locked=True, of=("self",))
    found = dict(mails.filter(RAW_KEPT, pk__in=keys).values_list("pk", "received_at"))
    days = [moment.date() for moment in found.values()]
    if not found:
        return 0
    keeper.leave_tombstone(RAW, at=at, count=len(found), days=days, rows=found)
    return empty(list(found), at=at)


def forget_suppressed(keys: Collection[int], *, at: datetime) -> int:
    """Remove mails that opened nothing, with a tombstone. Safe to repeat. Error: `NoKeeper`."""
    mails = InboundMail.objects.select_for_update(skip_locked=True, of=("self",))
    found = dict(mails.filter(OPENED_NOTHING, pk__in=keys).values_list("pk", "received_at"))
    days = [moment.date() for moment in found.values()]
    if not found:
        return 0
    keeper.leave_tombstone(SUPPRESSED, at=at, count=len(found), days=days, rows=found)
    return InboundMail.objects.filter(pk__in=found).delete()[0]
