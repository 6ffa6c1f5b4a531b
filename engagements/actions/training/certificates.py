"""Certificates: issued to who earned them, revoked with a reason."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from engagements import policies
from engagements.actions.training.telling import tell
from engagements.enums import PlaceState
from engagements.errors import (
    CertificateIssued,
    CertificateNotEarned,
    CertificateRevoked,
    TrainingReasonMissing,
)
from engagements.models import Certificate, Registration, TrainingSession
from engagements.rules.attendance import Exam, Part, earned
from engagements.rules.certificates import RANDOM, number_of
from entitlements.rules.zones import zone_of


@transaction.atomic
def issue_certificate(registration: Registration, *, by: Person, at: datetime) -> Certificate:
    """To who was there for the share of the planned time that the course asks, and passed.

    They are told, with the address where it is verified. Errors: `NotAllowed`,
    `CertificateNotEarned`, `CertificateIssued`.
    """
    if not policies.may_keep_sessions(by) or not policies.may_touch_registration(by, registration):
        raise NotAllowed()
    rows = Registration.objects.select_for_update(of=("self",)).select_related(
        "session__course", "session__trainer", "organisation", "person"
    )
    held = rows.get(pk=registration.pk)
    if held.state != PlaceState.SEATED or held.session.is_cancelled:
        raise CertificateNotEarned(name=held.name, reason="They had no seat.")
    issued = held.certificates.filter(revoked_at=None).first()
    if issued is not None:
        raise CertificateIssued(name=held.name, number=issued.number)
    made = _made(held, by=by, at=at)
    record("training.certified", held, at=at, by=by, rule="rule 13", number=made.number)
    tell(
        [held],
        "training_certificate",
        key=f"training-certificate:{made.pk}",
        at=at,
        with_calendar=False,
        number=made.number,
        verify_url=f"{settings.SITE_URL}{made.get_absolute_url()}",
    )
    return made


def _made(held: Registration, *, by: Person, at: datetime) -> Certificate:
    session, course = held.session, held.session.course
    parts = [Part(one.pk, one.starts_at, one.ends_at) for one in session.parts.all()]
    noted = dict(held.attendance.values_list("part_id", "was_there"))
    verdict = earned(
        parts,
        noted,
        needs_percent=course.attendance_percent,
        has_exam=course.has_exam,
        exam=Exam(held.exam),
        at=at,
    )
    if not verdict.is_earned:
        raise CertificateNotEarned(name=held.name, reason=verdict.reason)
    zone = zone_of(session.timezone)
    day = at.astimezone(zone).date()
    return Certificate.objects.create(
        organisation=held.organisation,
        registration=held,
        number=number_of([secrets.randbelow(32) for _ in range(RANDOM)]),
        holder=held.name,
        course_name=course.name,
        covers=list(course.covers),
        trainer_name=session.trainer.name[:150],
        first_on=session.starts_at.astimezone(zone).date(),
        last_on=session.ends_at.astimezone(zone).date(),
        minutes=sum(int(one.length.total_seconds()) // 60 for one in parts),
        percent=verdict.percent,
        passed_exam=course.has_exam,
        issued_at=at,
        issued_on=day,
        issued_by=by,
        expires_on=_after_months(day, course.valid_months) if course.valid_months else None,
    )


@transaction.atomic
def issue_all(session: TrainingSession, *, by: Person, at: datetime) -> int:
    """To everybody of those whom `by` serves who earned one and never had one; how many."""
    seated = Registration.objects.visible_to(by).filter(session=session, state=PlaceState.SEATED)
    count = 0
    for one in seated.filter(certificates=None):
        try:
            issue_certificate(one, by=by, at=at)
        except (CertificateNotEarned, CertificateIssued):
            continue
        count += 1
    return count


@transaction.atomic
def revoke_certificate(
    certificate: Certificate, *, reason: str, by: Person, at: datetime
) -> Certificate:
    """Whoever verifies it reads that it counts no more; its holder reads why.

    Errors: `NotAllowed`, `TrainingReasonMissing`, `CertificateRevoked`.
    """
    registration = certificate.registration
    if not policies.may_keep_sessions(by) or not policies.may_touch_registration(by, registration):
        raise NotAllowed()
    reason = one_line(reason)[:300]
    if not reason:
        raise TrainingReasonMissing()
    counts = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not counts.update(revoked_at=at, revoked_by=by, revoked_for=reason):
        raise CertificateRevoked()
    certificate.refresh_from_db()
    record(
        "training.certificate_revoked",
        registration,
        at=at,
        by=by,
        number=certificate.number,
        reason=reason,
    )
    tell(
        [registration],
        "training_revoked",
        key=f"training-revoked:{certificate.pk}",
        at=at,
        with_calendar=False,
        number=certificate.number,
        reason=reason,
    )
    return certificate


def _after_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
