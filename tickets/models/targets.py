"""What is owed on an incident by when (C1 to C8)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tickets.models.incidents import Incident
from tickets.querysets import PENDING, WATCHED, ResponseTargetQuerySet, TargetWarningQuerySet

ORGANISATION = "accounts.Organisation"


class ResponseTarget(models.Model):
    """A human answer owed on one incident by `due_at` (C1 to C8).

    Opened with the report and with a customer's message while no answer is owed; met by the
    first public human answer. It is breached at `due_at` itself; `breach_noted_at` only says
    when a sweep noticed. `abandoned_at` ends one that no answer is owed for any more, because
    the customer closed the incident first. A target that is met or abandoned never changes (C7),
    unless the answer that met it came back from everybody: then none was given (C8).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="targets")
    cycle = models.PositiveSmallIntegerField()
    level = models.ForeignKey("entitlements.LevelVersion", models.PROTECT, related_name="+")
    calendar = models.ForeignKey("entitlements.CalendarVersion", models.PROTECT, related_name="+")
    target = models.DurationField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    abandoned_at = models.DateTimeField(null=True, blank=True)
    # It ended since its incident was merged, whose answer is owed there (G1).
    is_merged = models.BooleanField(default=False, db_default=False)
    breach_noted_at = models.DateTimeField(null=True, blank=True)
    # A target that an upgrade moved: from when it counts now, and when it was due before (R6). One
    # that was carried here by a merge, or owed again after one: the same, from its beginning (G1).
    counted_from_at = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseTargetQuerySet.as_manager()

    class Meta:
        ordering = ["cycle"]
        constraints = [  # a NULL passes a CHECK, so each reads as "when set, …"
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(met_at=None, abandoned_at=None),
                name="response_target_one_open",
            ),
            models.UniqueConstraint(
                fields=["incident", "cycle"], name="response_target_one_a_cycle"
            ),
            models.CheckConstraint(
                condition=Q(target__gt=timedelta(0)), name="response_target_positive"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at")) | Q(due_at__gt=F("counted_from_at")),
                name="response_target_due_after_begun",
            ),
            models.CheckConstraint(
                condition=Q(met_at__gte=F("opened_at")), name="response_target_met_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(abandoned_at=None), name="response_target_one_end"
            ),
            models.CheckConstraint(
                condition=Q(counted_from_at=None, first_due_at=None)
                | Q(counted_from_at__isnull=False, first_due_at__isnull=False),
                name="response_target_moved_whole",
            ),
            models.CheckConstraint(
                condition=Q(breach_noted_at__gt=F("due_at")), name="response_target_no_early_breach"
            ),
        ]
        indexes = [
            # Of the breach sweep: what it still has to look at, in the order of its reading.
            models.Index(fields=["due_at"], condition=WATCHED, name="response_target_watched"),
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, abandoned_at=None),
                name="response_target_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} due {self.due_at:%F %T}"


class TargetWarning(models.Model):
    """One warning before a target is breached, computed forward through the calendar (X3).

    Told once, or skipped: because the answer came first, or because the breach did (T3).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    target = models.ForeignKey(ResponseTarget, models.CASCADE, related_name="warnings")
    percent = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    skipped_at = models.DateTimeField(null=True, blank=True)

    objects = TargetWarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "percent"], name="target_warning_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lt=100), name="target_warning_before_breach"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=PENDING, name="target_warning_due")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.target_id}"
