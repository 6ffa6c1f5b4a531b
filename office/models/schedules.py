"""What goes out by itself: pictures of the figures to the team, monthly reports of customers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from office.querysets.schedules import (
    TO_SEND,
    WAITS,
    PictureScheduleQuerySet,
    ReportScheduleQuerySet,
)
from office.rules.schedules import LAST_DAY, MONTH, WEEK, WINDOWS, Rhythm

_PERSON = settings.AUTH_USER_MODEL
_DAY_FITS = Q(every=WEEK, day__range=(1, 7)) | Q(every=MONTH, day__range=(1, LAST_DAY))


class Schedule(models.Model):
    """A rhythm by the clock of who set it, and the people who read it, by id.

    `next_at` moves on in the transaction in which it goes out, past all that an outage missed; so
    it is sent late once, and never twice. Who may not read it any more is taken out then.
    """

    every = models.CharField(max_length=5)
    day = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    timezone = models.CharField(max_length=64)
    readers = ArrayField(models.BigIntegerField())
    attaches = models.BooleanField(help_text="The PDF goes with the mail; else a link to it")
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True, help_text="When it went out last")
    by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+", help_text="Its owner")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.every, self.day, self.hour, self.timezone)


class PictureSchedule(Schedule):
    """`show` is a picture, `query` what narrows it (`reads.figures.asked`) without its days."""

    show = models.CharField(max_length=20)
    query = models.CharField(max_length=400, blank=True)
    window = models.CharField(max_length=10)

    objects = PictureScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["next_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_DAY_FITS, name="picture_schedule_day_fits"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="picture_schedule_hour"),
            models.CheckConstraint(
                condition=Q(window__in=list(WINDOWS)), name="picture_schedule_known_window"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=TO_SEND, name="picture_schedule_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.show}, {self.rhythm}"


class ReportSchedule(Schedule):
    """The report of the month before; `waits_for` is the first month that nobody issued yet.

    It goes out when a human issues it, never before; the months after it, too.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    waits_for = models.DateField(null=True, blank=True, help_text="The month's first day")

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["next_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_DAY_FITS, name="report_schedule_day_fits"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="report_schedule_hour"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=TO_SEND, name="report_schedule_to_send"),
            models.Index(fields=["waits_for"], condition=WAITS, name="report_schedule_waits"),
        ]

    def __str__(self) -> str:
        return f"report of {self.organisation_id}, {self.rhythm}"
