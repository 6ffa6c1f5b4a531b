"""Tokens by which an answer finds its incident (design.md "Mail": the order of trust)."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from tickets.rules.mail.reading import ReadMail

_NUMBER = r"AX-\d{4}-\d{6,9}"
_SIGNATURE_LENGTH = 16
_SUBJECT = re.compile(rf"\[({_NUMBER})\]", re.IGNORECASE)
_OWN_ID = re.compile(rf"<axs\.({_NUMBER})\.[\w-]{{6,80}}@([^<>@\s]{{1,255}})>", re.IGNORECASE)


@dataclass(frozen=True)
class ThreadHints:
    """Where a mail may belong, most trusted first.

    `message_ids`: what it answers; proof if one of them is the id of a mail that we sent,
    which only the database knows. `claimed_numbers`: the numbers that ids of our form carry,
    of no weight by themselves. `verified_number`: from a reply address whose signature is ours:
    whoever wrote had a mail of that incident. `subject_number`: anybody may write it, so it
    counts only for somebody who takes part in the incident.
    """

    message_ids: tuple[str, ...]
    claimed_numbers: tuple[str, ...]
    verified_number: str | None
    subject_number: str | None


def new_message_id(number: str, *, token: str, domain: str) -> str:
    """The Message-ID of a mail about incident `number`; `token` must not be guessable."""
    return f"<axs.{number}.{token}@{domain}>"


def subject_tag(number: str) -> str:
    """What the subject of each mail about incident `number` carries."""
    return f"[{number}]"


def number_in(subject: str) -> str:
    """The incident number that a subject carries, or nothing; anybody may write one."""
    found = _SUBJECT.search(subject)
    return found[1].upper() if found else ""


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
    if not re.fullmatch(_NUMBER, number, re.IGNORECASE) or not signature.isascii():
        return None
    number = number.upper()
    return number if hmac.compare_digest(signature, _sign(number, secret)) else None


def thread_hints(read: ReadMail, *, secret: str, domain: str, local_part: str) -> ThreadHints:
    """What `read` says about where it belongs. Checks signatures, asks no database."""
    answered = (
        *read.in_reply_to,
        *reversed(read.references),
        *((read.returned_message_id,) if read.returned_message_id else ()),
    )
    ids = tuple(dict.fromkeys(answered))
    claimed = [m[1].upper() for i in ids if (m := _OWN_ID.fullmatch(i)) and _same(m[2], domain)]
    tokens = (
        verify_address(address, secret=secret, domain=domain, local_part=local_part)
        for address in (*read.to, *read.cc, *read.delivered_to)
    )
    subject = _SUBJECT.search(read.subject)
    return ThreadHints(
        message_ids=ids,
        claimed_numbers=tuple(dict.fromkeys(claimed)),
        verified_number=next((number for number in tokens if number), None),
        subject_number=subject[1].upper() if subject else None,
    )


def _same(host: str, domain: str) -> bool:
    return host.lower() == domain.lower()


def _sign(number: str, secret: str) -> str:
    # Base 32: mail programs change the case of local parts.
    mac = hmac.new(secret.encode(), f"reply:{number.upper()}".encode(), hashlib.sha256)
    return base64.b32encode(mac.digest()).decode()[:_SIGNATURE_LENGTH].lower()
