"""Visits on site (rule 10): what is asked for, dates with people, the diary."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from engagements.enums import VisitState
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet
from engagements.querysets.visits import HOLDS


class VisitRequest(models.Model):
    """What was asked for: where, why help from afar does not do, which dates suit."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="visit_request")
    place = models.CharField(max_length=300)
    why_on_site = models.CharField(max_length=1000)
    wishes = models.CharField(max_length=500, blank=True)

    objects = HangingQuerySet["VisitRequest"].as_manager()

    def __str__(self) -> str:
        return self.place


class Visit(models.Model):
    """Dates that were proposed, and what became of them; moments are aware.

    `days` are the calendar days on the customer's clock, which the contract is charged with once
    the customer agreed. `summary` and `advice` are written when it was made.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="visits")
    state = models.CharField(max_length=10, choices=VisitState.choices, default=VisitState.PROPOSED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.CharField(max_length=500, blank=True, help_text="Why not, or why cancelled")
    made_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)
    advice = models.TextField(blank=True)

    objects = HangingQuerySet["Visit"].as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), days__gte=1),
                name="visit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.MADE) | Q(made_at__isnull=False),
                name="visit_made_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(state__in=[VisitState.AGREED, VisitState.MADE]),
                name="visit_one_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%F %H:%M} to {self.ends_at:%F %H:%M}"

    @property
    def state_of(self) -> VisitState:
        return VisitState(self.state)


class Visitor(models.Model):
    """One of us who goes. While it `is_held` nobody else may book them for those hours.

    The database refuses two at once (an exclusion constraint), whoever books at the same moment.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="visitors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_held = models.BooleanField(default=True)

    objects = HangingQuerySet["Visitor"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            ExclusionConstraint(
                name="visitor_once_at_a_time",
                condition=HOLDS,
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.UniqueConstraint(fields=["visit", "person"], name="visitor_once_a_visit"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class DiaryEntry(models.Model):
    """What was done on site, from when to when."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="diary")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    what = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = HangingQuerySet["DiaryEntry"].as_manager()

    class Meta:
        ordering = ["began_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="diary_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.what
