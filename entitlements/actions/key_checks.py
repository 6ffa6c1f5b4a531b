"""Whether a licence key is genuine: what a check is, and the two that come along (K1).

A check is a class with `check(asked)`, named by the setting `LICENCE_CHECK`. One that
`asks_others` is asked by a sweep, outside of any transaction, so that nobody waits for it; it
answers within `LICENCE_CHECK_SECONDS`, whatever the other side does, and a failure is `SILENT`:
the registration stays unconfirmed, and is asked about again.
"""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from threading import Timer
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from entitlements.models import Licence
from entitlements.reads.current import current_schemes

_MOST = 10_000  # bytes of an answer; it says yes or no


class Verdict(StrEnum):
    GENUINE = "genuine"
    UNKNOWN = "unknown"  # so that people decide
    SILENT = "silent"  # no answer: asked again


@dataclass(frozen=True)
class Asked:
    """What a check is notified of a registration. `organisation` is the name of who claims it."""

    key: str
    edition: str
    product: str
    organisation: str


@dataclass(frozen=True)
class Said:
    """What a check found; `words` are for staff."""

    verdict: Verdict
    words: str


class KeyCheck(Protocol):
    asks_others: bool

    def check(self, asked: Asked) -> Said: ...


class SchemeCheck:
    """By the check digit of the edition's keys, as managers set it; at once."""

    asks_others = False

    def check(self, asked: Asked) -> Said:
        scheme = current_schemes().get(asked.edition)
        if scheme is not None and scheme.fits(asked.key) and scheme.proves(asked.key):
            return Said(Verdict.GENUINE, "The key's check digit is right.")
        if scheme is not None and scheme.check:
            return Said(Verdict.UNKNOWN, "The key's check digit is wrong.")
        return Said(Verdict.UNKNOWN, "The key has the right form, which anybody can type.")


class ServiceCheck:
    """By a web service of the vendor: posts the question as JSON to `LICENCE_CHECK_URL`.

    With `Authorization: Bearer` where `LICENCE_CHECK_TOKEN` is set. 200 with `{"genuine": true}`
    confirms, with `false` leaves it to people; anything else is no answer. Redirections are not
    followed, since the token would travel along.
    """

    asks_others = True

    def check(self, asked: Asked) -> Said:
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if settings.LICENCE_CHECK_TOKEN:
            headers["Authorization"] = f"Bearer {settings.LICENCE_CHECK_TOKEN}"
        try:
            status, body = _post(
                settings.LICENCE_CHECK_URL,
                json.dumps(asdict(asked)).encode(),
                headers,
                seconds=settings.LICENCE_CHECK_SECONDS,
            )
            found = json.loads(body) if status == 200 else None
        except (OSError, ValueError, http.client.HTTPException) as error:
            return Said(Verdict.SILENT, f"The vendor's service did not answer: {error}"[:200])
        genuine = found.get("genuine") if isinstance(found, dict) else None
        if genuine is True:
            return Said(Verdict.GENUINE, "The vendor's service knows the key.")
        if genuine is False:
            return Said(Verdict.UNKNOWN, "The vendor's service does not know the key.")
        return Said(
            Verdict.SILENT, f"The vendor's service answered {status}, and neither yes nor no."
        )


def key_check() -> KeyCheck:
    """The check that the settings name."""
    found: KeyCheck = import_string(settings.LICENCE_CHECK)()
    return found


def asked_of(licence: Licence) -> Asked:
    """The question about a claim, whose organisation is loaded."""
    return Asked(licence.key, licence.edition, licence.product, licence.organisation.name)


def _post(url: str, body: bytes, headers: dict[str, str], *, seconds: float) -> tuple[int, bytes]:
    """Status and the first bytes of the answer. The connection is cut `seconds` after it was made.

    A time-out of the socket alone would begin again with each byte that drips in.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("LICENCE_CHECK_URL is no address of a web service.")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=seconds)
    try:
        connection.connect()
        cut = Timer(seconds, _cut, [connection.sock])
        cut.daemon = True
        cut.start()
        try:
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST)
        finally:
            cut.cancel()
    finally:
        connection.close()


def _cut(connected: Any) -> None:
    with suppress(OSError):  # it is closed already, which is what is wanted
        connected.shutdown(socket.SHUT_RDWR)
