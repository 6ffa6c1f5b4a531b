"""Mails that carry a DKIM signature (RFC 6376), where the desk hands them to a mail server itself.

Providers behind django-anymail sign what they send by themselves: they never ask for `message()`.
"""

from __future__ import annotations

from email.message import Message
from typing import Any

import dkim
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

# What must not be changed under way. Received and the like are added by others.
SIGNED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding", "auto-submitted"),
    *("list-unsubscribe", "list-unsubscribe-post", "list-id"),  # RFC 8058 asks for the first two
)


class SignedMail(EmailMultiAlternatives):
    """Signed by `DKIM_PRIVATE_KEY` for the domain of its From; unsigned where there is no key."""

    def message(self, **options: Any) -> Any:
        mail = super().message(**options)
        if settings.DKIM_PRIVATE_KEY:
            mail["DKIM-Signature"] = _signature(mail)
        return mail


def _signature(mail: Message) -> str:
    """The header's value in one line: folded it would be refused as a header that was smuggled in.

    "relaxed" takes it the same when a server folds it.
    """
    raw = mail.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # as Django's SMTP sends it
    domain = str(mail["From"]).rpartition("@")[2].strip(" >")
    there = [name.encode() for name in SIGNED if mail[name] is not None]
    header = dkim.sign(
        raw,
        selector=settings.DKIM_SELECTOR.encode(),
        domain=domain.encode(),
        privkey=settings.DKIM_PRIVATE_KEY.encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=there,
    )
    value = header.decode().partition(":")[2]
    return " ".join(value.split())
