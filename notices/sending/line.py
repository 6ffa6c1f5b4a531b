"""One connection to the mail server for many mails: a handshake costs more than a mail.

A run of the outbox keeps its line open from mail to mail. What fails closes it, so that the next
mail begins with a fresh one; after some mails it is renewed, since servers take so many at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from notices.sending.signing import SignedMail

MOST = 50  # mails on one connection
BY_SMTP = (
    "django.core.mail.backends.smtp.EmailBackend"  # others have no line, or keep it themselves
)


class _Line:
    def __init__(self) -> None:
        self._open: Any = None
        self._sent = 0

    def send(self, mail: SignedMail) -> None:
        if self._sent >= MOST:
            self.close()
        if self._open is None:
            self._open, self._sent = get_connection(), 0
        try:
            self._open.open()  # ours: the back-end leaves it open behind the mail
            mail.connection = self._open
            mail.send()
        except BaseException:
            self.close()
            raise
        self._sent += 1

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open, self._sent = None, 0


_line: ContextVar[_Line | None] = ContextVar("line to the mail server", default=None)


@contextmanager
def kept_open() -> Iterator[None]:
    """Mails that are sent inside go over one connection, closed at the end."""
    line = _Line() if settings.EMAIL_BACKEND == BY_SMTP else None
    before = _line.set(line)
    try:
        yield
    finally:
        _line.reset(before)
        if line is not None:
            line.close()


def send(mail: SignedMail) -> None:
    """Over the line that is kept open, or one of its own."""
    line = _line.get()
    if line is None:
        mail.send()
    else:
        line.send(mail)
