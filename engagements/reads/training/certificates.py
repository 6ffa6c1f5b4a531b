"""A certificate as its PDF and the public page say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from core.pdf.paper import Letterhead
from engagements.enums import Covers
from engagements.models import Certificate
from engagements.pdf.certificate import CertificateText, render


def pdf_of(certificate: Certificate) -> bytes:
    """The same certificate, the same bytes, but for the word that it was revoked."""
    text = CertificateText(
        number=certificate.number,
        holder=certificate.holder,
        organisation=certificate.organisation.name,
        course=certificate.course_name,
        covers=tuple(str(Covers(one).label) for one in certificate.covers),
        trainer=certificate.trainer_name,
        first_on=certificate.first_on,
        last_on=certificate.last_on,
        hours=_hours(certificate.minutes),
        percent=certificate.percent,
        passed_exam=certificate.passed_exam,
        issued_at=certificate.issued_at,
        issued_on=certificate.issued_on,
        expires_on=last_day(certificate),
        verify_url=f"{settings.SITE_URL}{certificate.get_absolute_url()}",
        is_revoked=certificate.revoked_at is not None,
    )
    return render(text, Letterhead.of(settings.VENDOR))


@dataclass(frozen=True)
class Shown:
    """All that the public page says of a certificate: no organisation, no address, no reason."""

    number: str
    holder: str
    course: str
    issued_on: date
    until_on: date | None
    state: str  # "valid", "expired" or "revoked"


def shown(certificate: Certificate, *, at: datetime) -> Shown:
    """Expiry is told by the day in UTC."""
    today = at.date()
    state = "valid"
    if certificate.expires_on is not None and certificate.expires_on <= today:
        state = "expired"
    if certificate.revoked_at is not None:
        state = "revoked"
    return Shown(
        certificate.number,
        certificate.holder,
        certificate.course_name,
        certificate.issued_on,
        last_day(certificate),
        state,
    )


def last_day(certificate: Certificate) -> date | None:
    expires = certificate.expires_on
    return None if expires is None else expires - timedelta(days=1)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    word = "hour" if hours == 1 else "hours"
    return f"{hours} {word} {rest} minutes" if rest else f"{hours} {word}"
