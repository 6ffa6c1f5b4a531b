"""Courses as managers keep them, and their material, version after version."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from engagements import policies
from engagements.errors import CourseUnusable, MaterialUnusable
from engagements.models import CourseMaterial, TrainingCourse
from engagements.rules import agenda
from resources.rules.addresses import slug_of
from resources.rules.files import file_name, kind_of

MB = 2**20
MOST_MONTHS = 120


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a course is to be; `agenda` as it is typed (`rules.agenda`)."""

    name: str
    summary: str
    covers: Sequence[str]
    audience: str
    agenda: str
    attendance_percent: int
    has_exam: bool
    valid_months: int
    is_offered: bool = True


@transaction.atomic
def save_course(
    outline: Outline, *, by: Person, at: datetime, course: TrainingCourse | None = None
) -> TrainingCourse:
    """A new course, or `course` changed; what was certified stays. Errors: `NotAllowed`,
    `CourseUnusable`.
    """
    if not policies.may_keep_courses(by):
        raise NotAllowed()
    name, summary = one_line(outline.name)[:120], one_line(outline.summary)[:300]
    if not name or not summary or not outline.covers:
        raise CourseUnusable(problem="A course has a name, a summary and what it covers.")
    if not 1 <= outline.attendance_percent <= 100:
        raise CourseUnusable(problem="The attendance that is needed is 1 to 100 %.")
    if not 0 <= outline.valid_months <= MOST_MONTHS:
        raise CourseUnusable(problem=f"A certificate counts for {MOST_MONTHS} months at most.")
    try:
        days = agenda.read(outline.agenda)
    except agenda.AgendaUnusable as error:
        raise CourseUnusable(problem=str(error)) from error
    one = course or TrainingCourse(key=_free_key(name), position=_last_position())
    one.name, one.summary, one.covers = name, summary, list(outline.covers)
    one.audience = one_line(outline.audience)[:300]
    one.agenda = [day.as_json() for day in days]
    one.attendance_percent, one.has_exam = outline.attendance_percent, outline.has_exam
    one.valid_months, one.is_offered = outline.valid_months, outline.is_offered
    one.save()
    record("course.kept", one, at=at, by=by, name=name)
    return one


@transaction.atomic
def add_material(
    course: TrainingCourse,
    upload: UploadedFile[Any],
    *,
    change: str = "",
    by: Person,
    at: datetime,
) -> CourseMaterial:
    """The next version of a file of that name. Errors: `NotAllowed`, `MaterialUnusable`."""
    if not policies.may_keep_sessions(by):
        raise NotAllowed()
    course = TrainingCourse.objects.select_for_update().get(pk=course.pk)
    name, size = file_name(upload.name or ""), upload.size or 0
    if not size:
        raise MaterialUnusable(name=upload.name, why="it is empty.")
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // MB
        raise MaterialUnusable(name=upload.name, why=f"{limit} MB are the most.")
    if len(name) > 120:
        raise MaterialUnusable(name=upload.name, why="its name is too long.")
    upload.seek(0)
    kind, digest = kind_of(upload.read(16)), hashlib.sha256()
    upload.seek(0)
    for part in upload.chunks():
        digest.update(part)
    before = course.material.filter(name=name).aggregate(last=Max("version"))["last"] or 0
    made = CourseMaterial(
        course=course,
        name=name,
        version=before + 1,
        token=secrets.token_hex(16),
        content_type=kind,
        size=size,
        sha256=digest.hexdigest(),
        change=one_line(change)[:200],
        added_by=by,
        added_at=at,
    )
    made.file = File(upload, name=name)
    made.save()
    record("course.material_added", course, at=at, by=by, file=name, version=made.version)
    return made


def _free_key(name: str) -> str:
    key, number = slug_of(name)[:36], 1
    free = key
    while TrainingCourse.objects.filter(key=free).exists():
        number += 1
        free = f"{key}-{number}"
    return free


def _last_position() -> int:
    last = TrainingCourse.objects.aggregate(last=Max("position"))["last"]
    return (last or 0) + 10
