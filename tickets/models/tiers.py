"""What each technical level sets itself for an incident that comes to it (X2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tickets.enums import Tier
from tickets.models.incidents import Incident
from tickets.querysets import (
    INTERNAL_OPEN,
    INTERNAL_TO_WARN,
    INTERNAL_WATCHED,
    InternalTargetQuerySet,
)


class TierTargetVersion(models.Model):
    """How long a tier gives itself from some moment on. An edit makes a new version.

    `target` is counted on the newest version of `calendar` at the moment the incident comes.
    """

    tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    version = models.PositiveIntegerField()
    target = models.DurationField(help_text="Working time on the calendar")
    calendar = models.SlugField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["tier", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "version"], name="tier_target_version_once"),
            models.CheckConstraint(
                condition=Q(target__gt=timedelta(0)), name="tier_target_version_positive"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=Tier.values), name="tier_target_version_known_tier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} (version {self.version})"


class InternalTarget(models.Model):
    """The time that one tier gives itself for an incident; customers never see it (X2).

    Opens when the incident comes to the tier, ends when it leaves the tier or is finished, and
    pauses while the customer must act: `pauses` has the pairs of ISO moments that are over,
    `paused_at` the one that runs. While it is paused, `due_at` is that of before the pause. What
    is breached stays breached, whatever pauses come later.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="internal_targets")
    tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    rule = models.ForeignKey(TierTargetVersion, models.PROTECT, related_name="+")
    calendar = models.ForeignKey("entitlements.CalendarVersion", models.PROTECT, related_name="+")
    target = models.DurationField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    breach_noted_at = models.DateTimeField(null=True, blank=True)

    objects = InternalTargetQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [  # a NULL passes a CHECK, so each reads as "when set, …"
            models.UniqueConstraint(
                fields=["incident"], condition=INTERNAL_OPEN, name="internal_target_one_open"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at")), name="internal_target_due_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("opened_at")), name="internal_target_ends_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(ended_at=None),
                name="internal_target_ended_is_not_paused",
            ),
            models.CheckConstraint(
                condition=Q(breach_noted_at__gt=F("due_at")), name="internal_target_no_early_breach"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=INTERNAL_WATCHED, name="internal_target_watched"
            ),
            models.Index(
                fields=["warn_at"], condition=INTERNAL_TO_WARN, name="internal_target_to_warn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} at TS{self.tier} due {self.due_at:%F %T}"

    def spans(self) -> list[tuple[datetime, datetime]]:
        """The pauses that are over, as aware moments."""
        moment = datetime.fromisoformat
        return [(moment(start), moment(end)) for start, end in self.pauses]
