"""By what an answer finds back: our Message-IDs, signed addresses, the tag of a subject. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

NUMBER = r"AX-\d{4}-\d{6,9}"  # of an incident
_SIGNATURE_LENGTH = 16


def new_message_id(number: str, *, token: str, domain: str) -> str:
    """The Message-ID of a mail about incident `number`; `token` must not be guessable."""
    return f"<axs.{number}.{token}@{domain}>"


def subject_tag(number: str) -> str:
    """What the subject of each mail about incident `number` carries."""
    return f"[{number}]"


def reply_address(number: str, *, secret: str, domain: str, local_part: str = "support") -> str:
    """The signed address that answers about incident `number` come to, in lower case."""
    return f"{local_part}+{number}.{_sign(number, secret)}@{domain}".lower()


def verify_address(address: str, *, secret: str, domain: str, local_part: str) -> str | None:
    """The incident number in a reply address of ours, or None if we did not sign it."""
    local, _, host = address.strip().lower().rpartition("@")
    prefix = f"{local_part.lower()}+"
    if host != domain.lower() or not local.startswith(prefix):
        return None
    number, _, signature = local[len(prefix) :].rpartition(".")
    if not re.fullmatch(NUMBER, number, re.IGNORECASE) or not signature.isascii():
        return None
    number = number.upper()
    return number if hmac.compare_digest(signature, _sign(number, secret)) else None


def _sign(number: str, secret: str) -> str:
    # Base 32: mail programs change the case of local parts.
    mac = hmac.new(secret.encode(), f"reply:{number.upper()}".encode(), hashlib.sha256)
    return base64.b32encode(mac.digest()).decode()[:_SIGNATURE_LENGTH].lower()
