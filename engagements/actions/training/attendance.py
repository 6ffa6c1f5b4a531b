"""Who was there, how the exam went, and what people say of a training."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from engagements import policies
from engagements.enums import ExamResult, PlaceState
from engagements.errors import (
    AttendanceWithoutRegistration,
    FeedbackTooEarly,
    FeedbackUnusable,
    NoExam,
    PartNotBegun,
)
from engagements.models import (
    Attendance,
    Registration,
    SessionPart,
    TrainingFeedback,
)
from entitlements.rules.zones import zone_of


@transaction.atomic
def note_attendance(part: SessionPart, there: Collection[int], *, by: Person, at: datetime) -> int:
    """Of everybody who has a seat: whether they were in this part. `there` are registrations, ids.

    Noted anew it replaces what was noted. How many were there. Errors: `NotAllowed`,
    `PartNotBegun`, `AttendanceWithoutRegistration` (nothing is written then).
    """
    session = part.session
    if not policies.may_note_attendance(by, session):
        raise NotAllowed()
    if part.starts_at > at or session.is_cancelled:
        local = part.starts_at.astimezone(zone_of(session.timezone))
        raise PartNotBegun(number=part.number, when=f"{local:%-d %B, %H:%M}")
    with rls.everything():
        seated = {one.pk: one for one in session.registrations.filter(state=PlaceState.SEATED)}
        if not set(there) <= seated.keys():
            raise AttendanceWithoutRegistration()
        before = list(Attendance.objects.filter(part=part).order_by("registration"))
        was = [one.registration_id for one in before if one.was_there] if before else None
        Attendance.objects.bulk_create(
            [
                Attendance(
                    organisation_id=one.organisation_id,
                    registration=one,
                    part=part,
                    was_there=one.pk in there,
                    noted_by=by,
                    noted_at=at,
                )
                for one in seated.values()
            ],
            update_conflicts=True,
            unique_fields=["registration", "part"],
            update_fields=["was_there", "noted_by", "noted_at"],
        )
        record(
            "training.attendance",
            session,
            at=at,
            by=by,
            part=part.number,
            there=len(set(there)),
            seats=len(seated),
            was=was,
        )
    return len(set(there))


@transaction.atomic
def note_exam(
    registration: Registration, result: ExamResult, *, by: Person, at: datetime
) -> Registration:
    """How the exam went; the last word counts. Errors: `NotAllowed`, `NoExam`, `PartNotBegun`,
    `AttendanceWithoutRegistration`.
    """
    session = registration.session
    if not policies.may_note_attendance(by, session):
        raise NotAllowed()
    if not session.course.has_exam:
        raise NoExam()
    if not registration.is_seated:
        raise AttendanceWithoutRegistration()
    if not session.has_begun(at):
        local = session.starts_at.astimezone(zone_of(session.timezone))
        raise PartNotBegun(number=1, when=f"{local:%-d %B, %H:%M}")
    if registration.exam == result:
        return registration
    registration.exam = result
    registration.save(update_fields=["exam"])
    record("training.exam", registration, at=at, by=by, result=result.value)
    return registration


@transaction.atomic
def say_feedback(
    registration: Registration, score: int, words: str, *, by: Person, at: datetime
) -> TrainingFeedback:
    """What a participant thinks of it; the last word counts. By themselves, once it is over.

    Errors: `NotAllowed`, `FeedbackTooEarly`, `FeedbackUnusable`.
    """
    if registration.person_id != by.pk or not registration.is_seated:
        raise NotAllowed()
    if not registration.session.is_over(at):
        raise FeedbackTooEarly()
    if not 1 <= score <= 5:
        raise FeedbackUnusable()
    said = {"score": score, "words": clean(words)[:1000], "at": at}
    found, _ = TrainingFeedback.objects.update_or_create(
        registration=registration, organisation_id=registration.organisation_id, defaults=said
    )
    record("training.feedback", registration, at=at, by=by, score=score)
    return found
