"""Mails that arrive, and are handled."""

from mailroom.actions.intake import handle, store
from mailroom.models import InboundMail
from tests.factories import NINE

ANA = "ana@northwind.example"


def arrived(raw: bytes, *, at=NINE, handled_at=None) -> InboundMail:
    return handle(store(raw, at=at).pk, at=handled_at or at)


def kept_with_a_reason(stored: InboundMail, raw: bytes) -> bool:
    stored.refresh_from_db()
    return bytes(stored.raw) == raw and bool(stored.reason)
