"""The plan of an engagement: phases from a versioned template, tasks, risks, what is owed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.enums import Kind, Owed
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import (
    ALARM_OWED,
    PhaseQuerySet,
    PromiseQuerySet,
    RiskQuerySet,
    TaskQuerySet,
)


class PlanVersion(models.Model):
    """How engagements of a kind are planned, as a manager wrote it; each edit is a version.

    `phases` are `rules.plan.PhaseTemplate`s. A plan keeps the version that it was laid out from.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField()
    phases = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="plan_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class Phase(models.Model):
    """A part of the plan. Days are inclusive.

    The baseline is what was planned first, and never changes; `starts_on` and `ends_on` are the
    plan as it is now, `began_on` and `finished_on` what really was.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="phases")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    baseline_starts_on = models.DateField()
    baseline_ends_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    began_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ends_on__gte=F("starts_on"), baseline_ends_on__gte=F("baseline_starts_on")
                ),
                name="phase_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(finished_on=None)
                | Q(began_on__isnull=False, finished_on__gte=F("began_on")),
                name="phase_finished_after_it_began",
            ),
            models.UniqueConstraint(fields=["engagement", "place"], name="phase_place_once"),
        ]
        indexes = [models.Index(fields=["starts_on"], name="phase_by_start")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """Something to do in a phase, by the team or by the customer (`for_customer`).

    `days` is how many days of work it is; `is_internal` hides it from the customer.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="tasks")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_customer = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)
    days = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(for_customer=False),
                name="task_of_the_customer_is_seen",
            ),
            models.CheckConstraint(condition=Q(days=None) | Q(days__gt=0), name="task_has_days"),
        ]

    def __str__(self) -> str:
        return self.title


class Risk(models.Model):
    """What may go wrong; likelihood and impact from 1 to 5. The team's own unless `is_shown`."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="risks")
    what = models.CharField(max_length=300)
    answer = models.CharField(max_length=300, blank=True, help_text="What is done about it")
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    is_shown = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
                name="risk_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def score(self) -> int:
        return self.likelihood * self.impact


class Promise(models.Model):
    """What is owed by a moment, and how much of the alarm was told (N4).

    `next_at` is when somebody has to hear next; NULL once it is kept, withdrawn, or all was told.
    `told` is the last percent of its time that was told (`rules.alarms`). `noted_at` is when it
    was written down, and `moves` what it was due by before each later day was set: pairs of when
    that was done and the old moment, oldest first, so that it can be told what stood at a cut-off
    (F1).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="promises")
    what = models.CharField(max_length=8, choices=Owed.choices)
    phase = models.OneToOneField(
        Phase, models.PROTECT, null=True, blank=True, related_name="promise"
    )
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="promise")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    moves = models.JSONField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("made_at")), name="promise_due_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(next_at=None) | Q(kept_at=None, withdrawn_at=None),
                name="promise_over_is_not_told",
            ),
            models.UniqueConstraint(
                fields=["engagement", "what"],
                condition=Q(phase=None, task=None, kept_at=None, withdrawn_at=None),
                name="promise_one_open_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=ALARM_OWED, name="promise_alarm_owed"),
            models.Index(fields=["engagement"], name="promise_of_engagement"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.engagement_id} by {self.due_at:%F %H:%M}"
