"""Mails that arrive, and are handled."""

from tests.factories import NINE
from tickets.actions.mail_intake import handle, store
from tickets.models import InboundMail

ANA = "ana@northwind.example"


def arrived(raw: bytes, *, at=NINE, handled_at=None) -> InboundMail:
    return handle(store(raw, at=at).pk, at=handled_at or at)


def kept_with_a_reason(stored: InboundMail, raw: bytes) -> bool:
    stored.refresh_from_db()
    return bytes(stored.raw) == raw and bool(stored.reason)
