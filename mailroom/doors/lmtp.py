"""A server that a mail server delivers to, by LMTP (RFC 2033) or plain SMTP.

aiosmtpd speaks the protocol. The end of a mail is ours: a reply for each recipient, only after the
raw mail is committed; lines of any length; memory bounded by the size limit.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.db import Error

from core.errors import Refusal
from mailroom.doors.keeping import for_us, keep
from mailroom.doors.listening import Listen
from mailroom.errors import MailTooLarge

logger = structlog.get_logger(__name__)

MB = 1024 * 1024
MAX_SESSIONS = 20  # each may hold a mail of the largest size in memory
MAX_RECIPIENTS = 100
SILENCE = 300  # seconds that a client may say nothing (RFC 5321, 4.5.3.2)
STOPS_WITHIN = 15.0  # seconds for the mails in hand; `make up` waits 20

_SIZE = re.compile(r"\bSIZE=(\d{1,20})\b", re.IGNORECASE)
_AWAY = "451 4.3.0 The desk can not store mail just now; try again later"
_STOPPING = "421 4.3.2 The desk is stopping; try again in a minute"
_FULL = "421 4.7.0 Too many connections; try again in a minute"


class _Session:
    """What our sessions do differently from aiosmtpd's; mixed into one of its protocols.

    `busy` while a mail is in hand: a stop waits for it.
    """

    line_length_limit = 64 * 1024  # of the reader's buffer; longer lines come in pieces
    busy = False

    def __init__(self: Any, server: MailServer, **options: Any) -> None:
        self._server = server
        super().__init__(server, **options)  # type: ignore[call-arg]

    def connection_made(self: Any, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[misc]  # aiosmtpd's
        self._server.sessions.add(self)
        if len(self._server.sessions) > MAX_SESSIONS:
            self.dismiss(_FULL)

    def connection_lost(self: Any, error: Exception | None) -> None:
        self._server.sessions.discard(self)
        super().connection_lost(error)  # type: ignore[misc]

    def dismiss(self: Any, words: str = _STOPPING) -> None:
        """Say goodbye and hang up; what was written before still goes out."""
        if self.transport is not None:
            self._writer.write(f"{words}\r\n".encode())
            self.transport.close()

    async def smtp_MAIL(self: Any, arg: str | None) -> None:  # noqa: N802 -- aiosmtpd's name
        announced = _SIZE.search(arg or "")
        if announced and int(announced[1]) > settings.MAIL_MAX_BYTES:
            await self.push(_too_large(int(announced[1])))
            return
        await super().smtp_MAIL(arg)  # type: ignore[misc]

    async def smtp_DATA(self: Any, arg: str | None) -> None:  # noqa: N802
        if await self.check_helo_needed():
            return
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        self.busy = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            content, size = await self._content()
            answer = await self._server.taken(self.envelope, content, size)
            replies = len(self.envelope.rcpt_tos) if self.answers_each else 1
            self._set_post_data_state()
            for _ in range(replies):
                await self.push(answer)
        finally:
            self.busy = False
        if self._server.stopping:
            self.dismiss()

    async def _content(self: Any) -> tuple[bytes, int]:
        """The mail without the dots of the protocol, and its size; empty when it is too large."""
        content, size, fresh, begins = bytearray(), 0, 0, True
        while True:
            try:
                line, ends = await self._reader.readuntil(b"\r\n"), True
            except asyncio.LimitOverrunError as error:
                line, ends = await self._reader.read(error.consumed), False
            if begins and line == b".\r\n":
                return bytes(content), size
            if begins and line.startswith(b"."):
                line = line[1:]
            size += len(line)
            if size <= settings.MAIL_MAX_BYTES:
                content += line
            else:
                content.clear()
            begins, fresh = ends, fresh + len(line)
            if fresh > MB:  # a large mail over a slow line is no silence
                self._reset_timeout()
                fresh = 0


class LmtpSession(_Session, LMTP):
    answers_each = True


class SmtpSession(_Session, SMTP):
    answers_each = False


class MailServer:
    """The server, and what it answers (aiosmtpd's hooks)."""

    def __init__(self, *, smtp: bool) -> None:
        self.sessions: set[Any] = set()
        self.stopping = False
        self._protocol: Callable[..., Any] = SmtpSession if smtp else LmtpSession
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="mail")

    async def run(self, listen: Listen, *, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Serve until `stop`; then take the mails in hand to their end, and nothing new.

        Errors: `OSError` where it can not listen.
        """
        server = await listen.serve(self._session)
        ready()
        try:
            await stop.wait()
        finally:
            self.stopping = True
            server.close()
            await self._see_off()
            listen.clear()
            self._threads.shutdown()

    def _session(self) -> Any:
        return self._protocol(
            self,
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=settings.MAIL_DOMAIN,
            ident=settings.VENDOR["desk"],
            timeout=SILENCE,
            loop=asyncio.get_running_loop(),
        )

    async def _see_off(self) -> None:
        for session in [one for one in self.sessions if not one.busy]:
            session.dismiss()
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                while self.sessions:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            logger.warning("mails cut off by the stop", sessions=len(self.sessions))
            for session in list(self.sessions):
                session.dismiss()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients; send the rest in another mail"
        if not for_us(address):
            return f"550 5.1.1 <{address}> is no address of this desk"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def taken(self, envelope: Any, content: bytes, size: int) -> str:
        """What each recipient of a whole mail is answered."""
        if size > settings.MAIL_MAX_BYTES:
            return _too_large(size)
        sender, recipients = envelope.mail_from, tuple(envelope.rcpt_tos)
        try:
            mail = await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: keep(content, sender=sender, recipients=recipients)
            )
        except Refusal as refusal:
            return f"552 5.3.4 {refusal}"
        except Error as error:
            logger.warning("mail not stored, the sender tries again", error=str(error))
            return _AWAY
        return f"250 2.0.0 Stored as {mail}"

    async def handle_exception(self, error: Exception) -> str:
        """A bug of ours: logged, and the mail server keeps the mail."""
        logger.exception("mail session failed", error=repr(error))
        return _AWAY


def _too_large(size: int) -> str:
    limit = settings.MAIL_MAX_BYTES
    return f"552 5.3.4 {MailTooLarge(size=-(-size // MB), limit=limit // MB)}"
