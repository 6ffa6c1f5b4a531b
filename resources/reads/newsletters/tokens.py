"""The keys of links in mails: to leave a newsletter (NL2), to confirm that one wants it (NL3).

A key to leave never ends, names no address and stands in no row. Each is signed for its purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

from resources.models import Newsletter

CONFIRM_WITHIN = timedelta(days=7)
_LEAVE = Signer(salt="newsletter.leave", sep="~")
_CONFIRM = TimestampSigner(salt="newsletter.confirm", sep="~")
_LEAVER = re.compile(r"([pot])(\d{1,18})-(\d{1,18})")


@dataclass(frozen=True)
class Leaver:
    """Who leaves what: `kind` "p" a person, "o" a stranger's address, "t" nobody (a test)."""

    kind: str
    reader: int
    newsletter: int


def leave_url(kind: str, reader: int, newsletter: int) -> str:
    """The address that mail programs post to, and people open."""
    token = _LEAVE.sign(f"{kind}{reader}-{newsletter}")
    return f"{settings.SITE_URL}{reverse('resources:newsletter_leave', args=[token])}"


def leaver_of(token: str) -> Leaver | None:
    """None for a key that we did not sign."""
    try:
        found = _LEAVER.fullmatch(_LEAVE.unsign(token))
    except BadSignature:
        return None
    return Leaver(found[1], int(found[2]), int(found[3])) if found else None


def confirm_url(address: str, newsletters: list[Newsletter]) -> str:
    said = f"{','.join(str(one.pk) for one in newsletters)}:{address.lower()}"
    token = _CONFIRM.sign_object(said)
    return f"{settings.SITE_URL}{reverse('resources:newsletter_confirm', args=[token])}"


def confirmed_by(token: str) -> tuple[str, list[int]] | None:
    """The address, and the keys of the newsletters; None for a key that is not ours, or too old."""
    try:
        said = _CONFIRM.unsign_object(token, max_age=CONFIRM_WITHIN)
    except BadSignature:
        return None
    keys, _, address = str(said).partition(":")
    return address, [int(one) for one in keys.split(",") if one.isdigit()]
