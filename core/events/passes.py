"""Passes: signed, short-lived links that say whose page it is, and what it may hear.

A view signs one for channels that its person may see now; the events' process checks the signature
and reads no database. So a pass is good for `LIFETIME` at most, and an account that was closed
hears nothing once its page asks for the next one.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from django.core.signing import BadSignature, TimestampSigner

LIFETIME = 600  # seconds
PREFIX = "/events/"  # of the addresses that the events' process answers


class BadPass(Exception):
    """Forged, cut off, or too old."""


@dataclass(frozen=True)
class Pass:
    """What one open page may hear (`hears`: names of channels), and what its person looks at.

    `side` is whose staff the person is of ("vendor", "partner:3"), empty for customers, who are
    never shown as looking and never hear who does. `house` names the side to people of another
    one, who do not hear the person's `name`. `shown_in` are the channels, beside the one of
    `looks_at`, in which it is shown that somebody looks.
    """

    person: int
    name: str = ""
    side: str = ""
    house: str = ""
    hears: tuple[str, ...] = ()
    looks_at: str = ""
    shown_in: tuple[str, ...] = ()


class Passes:
    """Signs and reads passes with the desk's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._signer = TimestampSigner(key=secret_key, salt="axsupport.events", fallback_keys=[])

    def sign(self, granted: Pass) -> str:
        """Text for an address."""
        plain = {name: value for name, value in asdict(granted).items() if value}
        return self._signer.sign_object(plain, compress=True)

    def read(self, text: str) -> Pass:
        """Raises `BadPass`."""
        try:
            found = self._signer.unsign_object(text, max_age=LIFETIME)
            for name in ("hears", "shown_in"):
                found[name] = tuple(found.get(name, ()))
            return Pass(**found)
        except (BadSignature, ValueError, TypeError, AttributeError) as error:
            raise BadPass from error


def line_of(secret_key: str) -> str:
    """The name under which this desk publishes: two desks may share one Redis."""
    return f"axsupport.events.{hashlib.sha256(secret_key.encode()).hexdigest()[:16]}"
