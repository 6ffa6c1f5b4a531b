"""flufl.bounce, asked about bounces in forms of their own; bounded, and never raising."""

from __future__ import annotations

import email
import logging
import re
from dataclasses import dataclass

from flufl.bounce import all_failures

# Its detectors go over every line once a form, some dozens of times.
MAX_BYTES = 60_000
MAX_LINES = 1_500
MAX_LINE = 500
MAX_ADDRESSES = 100

# It tells each detector that it tries.
logging.getLogger("flufl.bounce").setLevel(logging.ERROR)

_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


@dataclass(frozen=True)
class Failures:
    """Addresses in lower case, sorted: those that failed for good, and those that may work yet."""

    permanent: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()


def failures_in(raw: bytes) -> Failures:
    """The addresses that flufl.bounce finds in the beginning of a raw mail."""
    lines = raw[:MAX_BYTES].splitlines()[:MAX_LINES]
    message = email.message_from_bytes(b"\n".join(line[:MAX_LINE] for line in lines))
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # its detectors raise on odd mails, and a bug there must not lose a mail
        return Failures()
    return Failures(_addresses(permanent), _addresses(temporary))


def _addresses(found: frozenset[bytes]) -> tuple[str, ...]:
    texts = sorted(one.decode("ascii", "replace").strip().lower() for one in found)
    return tuple(one for one in texts if _ADDRESS.fullmatch(one))[:MAX_ADDRESSES]
