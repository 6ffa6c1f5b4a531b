"""Deployment of a GoLive project: run book, cut-over with a way back, go / no-go (rule 13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.enums import Book, Criterium, CutOverState, Decision, StepResult
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet

PERSON = settings.AUTH_USER_MODEL


class Step(models.Model):
    """A step of the run book, of the cut-over or of the way back, with who did it when.

    `offset` (minutes from the start) and `minutes` are of the cut-over; the way back has
    `minutes` alone. Nothing is done after the step that is the point of no return but forwards.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="steps")
    book = models.CharField(max_length=8, choices=Book.choices)
    place = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    for_customer = models.BooleanField(default=False)
    expectation = models.CharField(max_length=300, blank=True)
    offset = models.IntegerField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    is_no_return = models.BooleanField(default=False)
    result = models.CharField(max_length=8, choices=StepResult.choices, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HangingQuerySet["Step"].as_manager()

    class Meta:
        ordering = ["engagement", "book", F("offset").asc(nulls_first=True), "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", done_at=None, done_by=None)
                | Q(result__in=StepResult.values, done_at__isnull=False, done_by__isnull=False),
                name="step_result_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", StepResult.DONE]) | ~Q(remark=""),
                name="step_not_done_says_why",
            ),
            models.CheckConstraint(
                condition=Q(book=Book.RUN_BOOK, offset=None, minutes=None, is_no_return=False)
                | Q(book=Book.CUT_OVER, offset__isnull=False, minutes__gt=0)
                | Q(book=Book.WAY_BACK, offset=None, minutes__gt=0, is_no_return=False),
                name="step_has_the_times_of_its_book",
            ),
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(is_no_return=True), name="one_point_of_no_return"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_passed(self) -> bool:
        """The point of no return is done: nothing undoes it."""
        return self.is_no_return and self.result == StepResult.DONE


class CutOver(models.Model):
    """When the platform is taken over. Without a moment the date is open, as after a no-go."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="cut_over")
    state = models.CharField(
        max_length=11, choices=CutOverState.choices, default=CutOverState.PLANNED
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    stop_contact = models.CharField(max_length=200)
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=1000, blank=True)

    objects = HangingQuerySet["CutOver"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, until=None, state=CutOverState.PLANNED)
                | Q(starts_at__isnull=False, until__gt=F("starts_at")),
                name="cut_over_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state=CutOverState.PLANNED, began_at=None, ended_at=None)
                | Q(state=CutOverState.RUNNING, began_at__isnull=False, ended_at=None)
                | Q(
                    state__in=[CutOverState.DONE, CutOverState.TURNED_BACK],
                    began_at__isnull=False,
                    ended_at__isnull=False,
                ),
                name="cut_over_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=~Q(state=CutOverState.TURNED_BACK) | ~Q(end_reason=""),
                name="cut_over_turned_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"cut-over of {self.engagement_id}"


class GoNoGo(models.Model):
    """A round of the decision. `for_starts_at` is the moment for which it was decided."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    meets_at = models.DateTimeField()
    called_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    for_starts_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = HangingQuerySet["GoNoGo"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="go_no_go_once"),
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(decision=""), name="one_open_go_no_go"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | Q(
                    decision__in=Decision.values,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="go_no_go_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.GO) | Q(for_starts_at__isnull=False),
                name="a_go_is_for_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Go / no-go {self.number}"


class Criterion(models.Model):
    """What has to be so; looked at by name."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    round = models.ForeignKey(GoNoGo, models.PROTECT, related_name="criteria")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    result = models.CharField(max_length=8, choices=Criterium.choices, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = HangingQuerySet["Criterion"].as_manager()

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["round", "place"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", checked_by=None, checked_at=None)
                | Q(
                    result__in=Criterium.values,
                    checked_by__isnull=False,
                    checked_at__isnull=False,
                ),
                name="criterion_result_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", Criterium.MET]) | ~Q(remark=""),
                name="criterion_not_met_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """Whose word is asked, in which role; given by this person alone, with their name."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    round = models.ForeignKey(GoNoGo, models.PROTECT, related_name="votes")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    role = models.CharField(max_length=120)
    vote = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    voted_at = models.DateTimeField(null=True, blank=True)

    objects = HangingQuerySet["Vote"].as_manager()

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="vote_once"),
            models.CheckConstraint(
                condition=Q(vote="", voted_at=None, signed_name="")
                | (Q(vote__in=Decision.values, voted_at__isnull=False) & ~Q(signed_name="")),
                name="vote_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(vote=Decision.NO_GO) | ~Q(reason=""), name="a_no_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.person}"
