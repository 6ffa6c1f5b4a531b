"""Choosing Gold by the link in an acknowledgement, which only the real reporter receives (M1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tickets.errors import BadLink
from tickets.models import Incident

LASTS = timedelta(days=7)

_signer = Signer(salt="gold")


def gold_url(incident: Incident, *, at: datetime) -> str:
    """The address in the mail, for a week; it needs no sign-in: its signature is the key."""
    until = int((at + LASTS).timestamp())
    return f"{settings.SITE_URL}/gold/{_signer.sign(f'{incident.pk}-{until}')}/"


def incident_of(token: str, *, at: datetime) -> Incident:
    """The incident of a link of ours, or `BadLink` for a forged one and one that is too old."""
    try:
        pk, _, until = _signer.unsign(token).partition("-")
        is_over = datetime.fromtimestamp(int(until), UTC) < at
        found = Incident.objects.select_related(
            "organisation", "reporter", "licence", "service", "decision"
        ).get(pk=int(pk))
    except (BadSignature, ValueError, OverflowError, Incident.DoesNotExist) as error:
        raise BadLink() from error
    if is_over:
        raise BadLink()
    return found
