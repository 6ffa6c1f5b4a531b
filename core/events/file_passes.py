"""Links to large files: signed, good for a minute to begin with, served by the events' process.

A view signs one after it has asked whether its person may have the file; the events' process checks
the signature and reads no database. Who began in time may go on later, where a broken line left
off (`axsupport/events/files.py`).
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from urllib.parse import quote

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from core.events.passes import PREFIX

BEGIN_WITHIN = 60  # seconds
GO_ON_WITHIN = 12 * 3600  # seconds after it was signed
FILES = f"{PREFIX}files/"


class BadLink(Exception):
    """Forged, or cut off."""


class OldLink(BadLink):
    """It was good, and is too old."""


@dataclass(frozen=True)
class FilePass:
    """One file for one person: `path` inside of the store, `name` as it is saved.

    `sha256` of the whole file in hexadecimal; `once` tells this link from every other.
    """

    path: str
    name: str
    size: int
    sha256: str
    once: str = field(default_factory=lambda: secrets.token_urlsafe(9))


class FilePasses:
    """Signs and reads links with the desk's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._signer = TimestampSigner(key=secret_key, salt="axsupport.files", fallback_keys=[])

    def link(self, granted: FilePass) -> str:
        """The address, on our own host."""
        signed = self._signer.sign_object(asdict(granted), compress=True)
        return f"{FILES}{signed}/{quote(granted.name)}"

    def read(self, signed: str, *, within: float) -> FilePass:
        """What was signed `within` so many seconds. Raises `OldLink`, `BadLink`."""
        try:
            return FilePass(**self._signer.unsign_object(signed, max_age=within))
        except SignatureExpired as error:
            raise OldLink from error
        except (BadSignature, ValueError, TypeError, AttributeError) as error:
            raise BadLink from error
