"""The managers' figures, added up by day, so that a picture of a year is read in a moment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from office.querysets.figures import DayFigureQuerySet


class DayFigure(models.Model):
    """How often something happened on a day, by what it is told apart by.

    `figure` is one of `reads.figures.facts.FACTS`, which says what is counted; `day` and `hour`
    are of the desk's own zone (`DESK_TIMEZONE`). What does not apply is "" or 0, the hour -1.
    `amount` is what is added up besides: seconds at a tier, points of ratings. Written from the
    facts by a sweep and compared with them each night; nobody else writes it (O4).
    """

    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    figure = models.CharField(max_length=12)
    day = models.DateField()
    hour = models.SmallIntegerField(default=-1)
    level = models.CharField(max_length=10, blank=True)
    tier = models.PositiveSmallIntegerField(default=0)
    service = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=40, blank=True)
    person = models.BigIntegerField(default=0, help_text="Of the team; 0: nobody")
    number = models.PositiveIntegerField()
    amount = models.BigIntegerField(default=0)

    objects = DayFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="day_figure_counts_something"),
        ]
        indexes = [
            models.Index(fields=["figure", "day"], name="day_figure_of_days"),
            models.Index(fields=["organisation", "figure", "day"], name="day_figure_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.figure} on {self.day}"


class FiguresRun(models.Model):
    """A night in which all figures were compared with the facts: how many days were wrong."""

    at = models.DateTimeField()
    days = models.PositiveIntegerField(help_text="That differed, and were put right")
    rows = models.PositiveIntegerField(help_text="That were compared")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.days} days put right on {self.at:%F}"


class PaceVersion(models.Model):
    """How many answers somebody on duty gives in an hour, as managers reckon; an edit is a row."""

    answers_an_hour = models.DecimalField(max_digits=5, decimal_places=2)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(answers_an_hour__gt=0), name="pace_is_some")
        ]

    def __str__(self) -> str:
        return f"{self.answers_an_hour} answers an hour"
