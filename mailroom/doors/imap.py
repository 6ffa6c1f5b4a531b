"""Fetching from a mailbox by IMAP (RFC 3501), at once where the server offers IDLE (RFC 2177).

A mail is marked or moved only after it is stored and committed; what is stored already is only
marked. Which mails are left to fetch is always asked of the server, never remembered.
"""

from __future__ import annotations

import imaplib
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from core import rls
from mailroom.actions import mailboxes
from mailroom.actions.limits import KEPT_OF_A_LARGE_ONE, keep_beginning
from mailroom.models import Mailbox
from mailroom.text.accounts import ImapAccount

logger = structlog.get_logger(__name__)

TIMEOUT = 60.0  # seconds of silence of the server
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds after a failure, doubled each time
STORED = "$AxSupportStored"
_OPENS: dict[str, Callable[..., BaseMailBox]] = {
    "imaps": MailBox,
    "imap": MailBoxUnencrypted,
    "imap+starttls": MailBoxStartTls,
}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
# What a server, or the network before it, does to us. Anything else is a bug of ours.
TROUBLE = (imaplib.IMAP4.error, ImapToolsError, OSError)


class Fetcher:
    """One mailbox. `stop` ends `run` within a second or two."""

    def __init__(self, account: ImapAccount, stop: threading.Event) -> None:
        self.account = account
        self._stop = stop
        self._line: BaseMailBox | None = None
        self._mark = ""  # how mails are told apart here: moved, by a keyword, or as seen

    def run(self) -> None:
        """Fetch until `stop`: a lost connection or database is tried again, ever later."""
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            began = time.monotonic()
            if self.once(stay=True):
                return
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE  # it worked for a while
            self._stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def once(self, *, stay: bool = False) -> bool:
        """Fetch all there is, with `stay` until stopped; False after trouble, which is noted."""
        try:
            self._connect()
            while True:
                self.fetch()
                if not stay or self._stop.is_set():
                    return True
                self._wait()
        except TROUBLE as error:
            self._failed(error)
        except Error as error:  # the database: nothing can be noted there either
            logger.warning("mails wait in the mailbox", mailbox=self.account.name, error=str(error))
        finally:
            self._hang_up()
            close_old_connections()
        return False

    def fetch(self) -> int:
        """Store and mark whatever is there; the number of mails stored."""
        close_old_connections()
        with rls.everything():
            mailbox = mailboxes.mailbox_of(self.account.name, at=timezone.now())
            validity = self._validity()
            mailboxes.note_numbering(mailbox, validity, at=timezone.now())
            uids = [int(uid) for uid in self._imap.uids(self._left(), charset=None)]
            order = mailboxes.waiting_uids(mailbox, uids, uid_validity=validity, at=timezone.now())
        stored = 0
        for uid in order:
            if self._stop.is_set():
                return stored
            stored += self._take(mailbox, validity, uid)
        with rls.everything():
            mailboxes.note_fetched(mailbox, at=timezone.now())
        return stored

    def _take(self, mailbox: Mailbox, validity: int, uid: int) -> int:
        """One mail: read, store, commit, mark. What the server does not give is left for later."""
        try:
            raw = self._read(uid)
        except TROUBLE as error:
            with rls.everything():
                mailboxes.note_unfetched(
                    mailbox, uid_validity=validity, uid=uid, error=str(error), at=timezone.now()
                )
            if isinstance(error, imaplib.IMAP4.abort | OSError):
                raise  # the connection is gone with it
            return 0
        if raw is None:
            return 0  # somebody else took it meanwhile
        with rls.everything():
            kept = self._keep(mailbox, raw, uid)
            mailboxes.note_fetched_after_all(mailbox, uid_validity=validity, uid=uid)
        self._mark_stored(uid)
        return int(kept)

    def _keep(self, mailbox: Mailbox, raw: bytes | int, uid: int) -> bool:
        if isinstance(raw, bytes):
            return mailboxes.keep_fetched(mailbox, raw, at=timezone.now()) is not None
        where = f"in the mailbox {self.account.name}"
        head = self._bytes(uid, f"(BODY.PEEK[]<0.{KEPT_OF_A_LARGE_ONE}>)") or b""
        keep_beginning(head, size=raw, at=timezone.now(), where=where)
        return True

    def _read(self, uid: int) -> bytes | int | None:
        """The raw mail; its size where that is above the limit; None when it is gone."""
        answer = self._ask("FETCH", str(uid), "(RFC822.SIZE)")
        found = _SIZE.search(b" ".join(_flat(answer)))
        if found is None:
            return None
        if int(found[1]) > settings.MAIL_MAX_BYTES:
            return int(found[1])
        return self._bytes(uid, "(BODY.PEEK[])")

    def _bytes(self, uid: int, part: str) -> bytes | None:
        for one in self._ask("FETCH", str(uid), part):
            if isinstance(one, tuple):
                return bytes(one[1])
        return None

    def _ask(self, command: str, *words: str) -> list[Any]:
        status, answer = self._imap.client.uid(command, *words)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{command}: {status} {answer!r}"[:300])
        return list(answer)

    @property
    def _imap(self) -> BaseMailBox:
        assert self._line is not None
        return self._line

    def _connect(self) -> None:
        account = self.account
        self._line = _OPENS[account.scheme](account.host, account.port, timeout=TIMEOUT)
        self._line.login(account.user, account.password, account.folder)
        if account.move_to and not self._line.folder.exists(account.move_to):
            self._line.folder.create(account.move_to)
        permitted = b" ".join(_flat(self._line.client.response("PERMANENTFLAGS")[1]))
        by_keyword = rb"\*" in permitted or STORED.encode() in permitted
        self._mark = "" if account.move_to else STORED if by_keyword else r"\Seen"

    def _validity(self) -> int:
        return int(self._imap.folder.status(self.account.folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    def _left(self) -> str:
        """What is not stored yet, in the words of SEARCH."""
        marks = {"": "UNDELETED", STORED: f"UNDELETED UNKEYWORD {STORED}"}
        return marks.get(self._mark, "UNDELETED UNSEEN")

    def _mark_stored(self, uid: int) -> None:
        if self._mark:
            self._ask("STORE", str(uid), "+FLAGS", f"({self._mark})")
        else:
            self._imap.move([str(uid)], self.account.move_to)

    def _wait(self) -> None:
        """Until something comes, at the longest the time between two looks."""
        until = time.monotonic() + settings.IMAP_SECONDS
        if "IDLE" not in self._imap.client.capabilities:
            self._stop.wait(settings.IMAP_SECONDS)
            return
        self._imap.idle.start()  # type: ignore[no-untyped-call]
        while time.monotonic() < until and not self._stop.is_set():
            began = time.monotonic()
            if self._imap.idle.poll(timeout=1) or time.monotonic() - began < 0.5:
                break  # a quick look without news is a connection that ended: `stop` will say so
        self._imap.idle.stop()  # type: ignore[no-untyped-call]

    def _failed(self, error: Exception) -> None:
        logger.warning("mailbox not fetched", mailbox=self.account.name, error=str(error))
        try:
            close_old_connections()
            with rls.everything():
                mailbox = mailboxes.mailbox_of(self.account.name, at=timezone.now())
                words = f"{type(error).__name__}: {error}"
                mailboxes.note_failing(mailbox, words, at=timezone.now())
        except Error as away:
            logger.warning("that is not noted either", error=str(away))

    def _hang_up(self) -> None:
        if self._line is not None:
            try:
                self._line.logout()
            except TROUBLE:
                self._line.client.shutdown()
        self._line = None


def _flat(answer: Any) -> list[bytes]:
    flat: list[bytes] = []
    for one in answer or ():
        flat += [bytes(part) for part in (one if isinstance(one, tuple) else (one,)) if part]
    return flat
