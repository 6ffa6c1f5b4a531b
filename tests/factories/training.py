"""Technical training: courses, sessions and who takes part."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Organisation
from engagements.actions.training.sessions import REMINDED_BEFORE
from engagements.enums import PlaceState
from engagements.models import (
    Attendance,
    Certificate,
    CourseMaterial,
    Registration,
    SessionPart,
    TrainingCourse,
    TrainingFeedback,
    TrainingSession,
)
from engagements.rules.certificates import number_of
from tests.factories.base import NINE, days, hours
from tests.factories.people import make_manager, make_organisation

numbers = count(1)


def make_course(**fields: Any) -> TrainingCourse:
    number = next(numbers)
    defaults = {
        "key": f"course-{number}",
        "name": f"Course {number}",
        "summary": "What it teaches.",
        "covers": ["operation"],
        "agenda": [{"title": "Day 1", "points": ["The queue"], "assumed": False}],
    }
    return TrainingCourse.objects.create(**defaults | fields)


def make_material(course: TrainingCourse, **fields: Any) -> CourseMaterial:
    number = next(numbers)
    defaults = {
        "name": f"slides-{number}.pdf",
        "version": 1,
        "token": f"{number:032x}",
        "content_type": "application/pdf",
        "size": 4,
        "sha256": "0" * 64,
        "added_by": fields.pop("added_by", None) or make_manager(),
        "added_at": NINE,
    }
    made = CourseMaterial(course=course, **defaults | fields)
    made.file.save(made.name, ContentFile(b"%PDF"), save=False)
    made.save()
    return made


def make_training(**fields: Any) -> TrainingSession:
    """Two parts of eight hours, a week after NINE and on the day after, unless `starts_at` says."""
    starts_at = fields.pop("starts_at", NINE + days(7))
    count_of_parts = fields.pop("parts", 2)
    trainer = fields.pop("trainer", None) or make_manager()
    times = [(starts_at + days(n), starts_at + days(n) + hours(8)) for n in range(count_of_parts)]
    defaults = {
        "course": fields.pop("course", None) or make_course(),
        "place": "Bucharest",
        "timezone": "Europe/Bucharest",
        "seats": 12,
        "trainer": trainer,
        "starts_at": times[0][0],
        "ends_at": times[-1][1],
        "remind_at": times[0][0] - REMINDED_BEFORE,
        "made_by": trainer,
        "made_at": NINE,
    }
    session = TrainingSession.objects.create(**defaults | fields)
    for number, (starts, ends) in enumerate(times, start=1):
        SessionPart.objects.create(
            organisation=session.organisation,
            session=session,
            number=number,
            starts_at=starts,
            ends_at=ends,
        )
    return session


def make_registration(organisation: Organisation | None = None, **fields: Any) -> Registration:
    """With a seat that the session counts, unless `state` says otherwise."""
    number = next(numbers)
    session = fields.pop("session", None) or make_training()
    state = fields.setdefault("state", PlaceState.SEATED)
    defaults = {
        "name": f"Pupil {number}",
        "email": f"pupil{number}@people.example",
        "basis": "GoLive project “Move”",
        "registered_by": fields.pop("registered_by", None) or session.trainer,
        "registered_at": NINE,
        "seated_at": NINE if state == PlaceState.SEATED else None,
        "withdrawn_at": NINE if state == PlaceState.WITHDRAWN else None,
    }
    if state == PlaceState.SEATED:
        session.taken += 1
        session.save(update_fields=["taken"])
    return Registration.objects.create(
        organisation=organisation or make_organisation(), session=session, **defaults | fields
    )


def make_attendance(registration: Registration, **fields: Any) -> Attendance:
    """Of the first part, unless `part` says otherwise."""
    part = fields.pop("part", None) or registration.session.parts.order_by("number")[0]
    defaults = {"was_there": True, "noted_by": registration.session.trainer, "noted_at": NINE}
    return Attendance.objects.create(
        organisation=registration.organisation,
        registration=registration,
        part=part,
        **defaults | fields,
    )


def make_feedback(registration: Registration, **fields: Any) -> TrainingFeedback:
    return TrainingFeedback.objects.create(
        organisation=registration.organisation,
        registration=registration,
        **{"score": 5, "at": NINE} | fields,
    )


def make_certificate(registration: Registration, **fields: Any) -> Certificate:
    session, number = registration.session, next(numbers)
    defaults = {
        "number": number_of([0] * 8 + [number >> 10 & 31, number >> 5 & 31, number & 31]),
        "holder": registration.name,
        "course_name": session.course.name,
        "covers": session.course.covers,
        "trainer_name": session.trainer.name,
        "first_on": session.starts_at.date(),
        "last_on": session.ends_at.date(),
        "minutes": 960,
        "percent": 100,
        "passed_exam": False,
        "issued_at": session.ends_at,
        "issued_on": session.ends_at.date(),
        "issued_by": session.trainer,
    }
    return Certificate.objects.create(
        organisation=registration.organisation, registration=registration, **defaults | fields
    )
