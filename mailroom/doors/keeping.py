"""What every door does with a mail that somebody hands in."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from core import rls
from mailroom.actions.intake import store
from mailroom.text.envelope import is_ours, with_envelope


def for_us(address: str) -> bool:
    """Whether the desk takes mail for `address`."""
    return is_ours(
        address,
        own_addresses=settings.SUPPORT_ADDRESSES,
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=settings.SUPPORT_ADDRESSES[0].partition("@")[0],
    )


def keep(raw: bytes, *, sender: str, recipients: Sequence[str]) -> int:
    """Store and commit a mail that came with its envelope; the id under which it is kept.

    Errors: `MailTooLarge`; `django.db.Error` when the database is away: then nothing is kept, and
    whoever hands in must try again. Called from threads of long-lived processes.
    """
    close_old_connections()
    try:
        with rls.everything():
            mail = store(
                with_envelope(raw, sender=sender, recipients=recipients), at=timezone.now()
            )
        return mail.pk
    finally:
        close_old_connections()
