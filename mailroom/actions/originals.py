"""Originals of mails that somebody of the staff takes: they may hold anything, so it is noted."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Person
from core import rls
from core.journal import record
from mailroom.errors import OriginalGone
from mailroom.models import InboundMail


def take_original(mail: InboundMail, *, by: Person, at: datetime) -> bytes:
    """The mail byte for byte, noted as a security event. The caller checked who may see it.

    Error: `OriginalGone`.
    """
    if mail.raw_gone_at is not None:
        raise OriginalGone(day=f"{mail.raw_gone_at:%-d %B %Y}")
    with rls.everything():  # a mail that was kept aside may be of no organisation
        record("mail.read_raw", mail, at=at, by=by, sender=mail.sender)
    return bytes(mail.raw)
