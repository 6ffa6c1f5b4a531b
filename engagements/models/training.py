"""Technical training: courses with their material, sessions, who takes part, certificates."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from engagements.enums import Covers, ExamResult, PlaceState, SessionState
from engagements.querysets.training import (
    TAKING_PART,
    TO_REMIND,
    WAITING,
    CertificateQuerySet,
    CourseMaterialQuerySet,
    RegistrationQuerySet,
    TrainingSessionQuerySet,
)
from engagements.rules.agenda import Day, days_of

PERSON = settings.AUTH_USER_MODEL


class TrainingCourse(models.Model):
    """What is taught. `agenda` is a list of days as `rules.agenda` knows them.

    `attendance_percent` of the planned time, and the exam where there is one, earn the certificate,
    which counts for `valid_months`; 0: without an end.
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    covers = ArrayField(models.CharField(max_length=15, choices=Covers.choices))
    audience = models.CharField(max_length=300, blank=True)
    agenda = models.JSONField(default=list, blank=True)
    attendance_percent = models.PositiveSmallIntegerField(default=80)
    has_exam = models.BooleanField(default=False)
    valid_months = models.PositiveSmallIntegerField(default=24)
    is_offered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attendance_percent__gte=1, attendance_percent__lte=100),
                name="course_attendance_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(covers__contained_by=Covers.values, covers__len__gt=0),
                name="course_known_subjects",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> list[Day]:
        return days_of(self.agenda)

    @property
    def covered(self) -> list[str]:
        return [str(Covers(one).label) for one in self.covers]

    @property
    def is_assumed(self) -> bool:
        return any(day.assumed for day in self.days)


def material_path(material: CourseMaterial, name: str) -> str:
    """A path that says nothing of the name that came from outside."""
    return f"training/{material.added_at:%Y/%m}/{secrets.token_hex(16)}"


class CourseMaterial(models.Model):
    """A file of a course: a version of the name, never replaced; the newest is handed out."""

    course = models.ForeignKey(TrainingCourse, models.PROTECT, related_name="material")
    name = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=32, unique=True)
    file = models.FileField(upload_to=material_path, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    change = models.CharField(max_length=200, blank=True, help_text="What is new, in a line")
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = CourseMaterialQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name", "version"], name="course_material_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    def get_absolute_url(self) -> str:
        return reverse("engagements:training_material", args=[self.token])


class TrainingSession(models.Model):
    """A course that is held: for everybody who may, or for one organisation.

    `taken` counts the seats that somebody has: only guarded updates move it, so that a session of
    twelve never has thirteen. `sequence` grows with each change of its time or place, for the
    calendars of those who come. Registration ends when the first part begins.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    course = models.ForeignKey(TrainingCourse, models.PROTECT, related_name="sessions")
    state = models.CharField(
        max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    timezone = models.CharField(max_length=40)
    language = models.CharField(max_length=30, default="English")
    seats = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    trainer = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(help_text="Of the first part")
    ends_at = models.DateTimeField(help_text="Of the last part")
    sequence = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    remind_at = models.DateTimeField(help_text="When people are reminded")
    reminded_at = models.DateTimeField(null=True, blank=True)
    cancelled_for = models.CharField(max_length=300, blank=True, help_text="The customer reads it")

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="training_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("seats"), seats__gt=0), name="training_has_the_seats"
            ),
            models.CheckConstraint(condition=~Q(place="", link=""), name="training_is_somewhere"),
            models.CheckConstraint(
                condition=Q(state=SessionState.PLANNED, cancelled_for="")
                | (Q(state=SessionState.CANCELLED) & ~Q(cancelled_for="")),
                name="training_cancelled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["remind_at"], condition=TO_REMIND, name="training_to_remind")
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.starts_at:%d %b %Y}"

    def get_absolute_url(self) -> str:
        return reverse("engagements:training_session", args=[self.pk])

    @property
    def left(self) -> int:
        return self.seats - self.taken

    @property
    def is_cancelled(self) -> bool:
        return self.state == SessionState.CANCELLED

    def is_over(self, at: datetime) -> bool:
        return self.ends_at <= at

    def has_begun(self, at: datetime) -> bool:
        return self.starts_at <= at


class SessionPart(models.Model):
    """A planned part: a day or half of one. All of them count for the attendance."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="training_part_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="training_part_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"Part {self.number}"


class Registration(models.Model):
    """Somebody of a customer who takes part, with or without an account of the portal.

    `basis` is what gives them the right, as it was when they registered; `goodwill` why staff let
    them in without one.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="registrations")
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    state = models.CharField(max_length=10, choices=PlaceState.choices)
    basis = models.CharField(max_length=200, blank=True)
    goodwill = models.CharField(max_length=300, blank=True)
    registered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    seated_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    exam = models.CharField(max_length=10, choices=ExamResult.choices, blank=True, default="")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "session",
                Lower("email"),
                condition=TAKING_PART,
                name="training_registered_once",
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.SEATED, seated_at__isnull=False, withdrawn_at=None)
                | Q(state=PlaceState.WAITING, seated_at=None, withdrawn_at=None)
                | Q(state=PlaceState.WITHDRAWN, withdrawn_at__isnull=False),
                name="training_registration_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(basis="", goodwill=""), name="training_registered_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(exam__in=ExamResult.values), name="training_known_exam_result"
            ),
        ]
        indexes = [
            models.Index(
                fields=["session", "registered_at"], condition=WAITING, name="training_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_seated(self) -> bool:
        return self.state == PlaceState.SEATED


class Attendance(models.Model):
    """Whether somebody who has a seat was there in a part. The last word counts."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="attendance")
    part = models.ForeignKey(SessionPart, models.PROTECT, related_name="+")
    was_there = models.BooleanField()
    noted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "part"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} in {self.part_id}: {self.was_there}"


class TrainingFeedback(models.Model):
    """What somebody who took part says of it, 1 to 5; the last word counts."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    registration = models.OneToOneField(Registration, models.PROTECT, related_name="feedback")
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="training_feedback_of_five"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5"


class Certificate(models.Model):
    """Issued once, and never changed but by a revocation; its PDF is drawn from this row.

    The names are those of the day on which it was issued. `minutes` is the planned time.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=20, unique=True)
    holder = models.CharField(max_length=120)
    course_name = models.CharField(max_length=120)
    covers = ArrayField(models.CharField(max_length=15, choices=Covers.choices))
    trainer_name = models.CharField(max_length=150)
    first_on = models.DateField()
    last_on = models.DateField()
    minutes = models.PositiveIntegerField()
    percent = models.PositiveSmallIntegerField()
    passed_exam = models.BooleanField()
    issued_at = models.DateTimeField()
    issued_on = models.DateField(help_text="In the session's time zone")
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True, help_text="The first day without it")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_for = models.CharField(max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(revoked_at=None),
                name="certificate_one_that_counts",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_for="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_for="")),
                name="certificate_revoked_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("engagements:training_certificate_of", args=[self.number])
