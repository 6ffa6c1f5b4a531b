"""What is done at warnings and breaches, by level, versioned."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from entitlements.enums import Level
from entitlements.levels import level_choices
from tickets.rules.promises.alarm_steps import Step


class AlarmPolicy(models.Model):
    """The steps at warnings and the breach of one level (X3). An edit makes a new version.

    `level` is empty for the default, which counts for each level without a policy of its own.
    `steps` are those of `tickets.rules.promises.alarm_steps.Step`; the highest version of a level
    counts, and one that `follows_default` says that the level has no policy of its own any more.
    """

    level = models.CharField(max_length=10, choices=level_choices, blank=True)
    version = models.PositiveIntegerField()
    steps = models.JSONField(default=list)
    follows_default = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "alarm policies"
        ordering = ["level", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["level", "version"], name="alarm_policy_version_once"),
            models.CheckConstraint(
                condition=Q(level="") | Q(level__in=Level.values), name="alarm_policy_known_level"
            ),
            models.CheckConstraint(
                condition=Q(follows_default=True, steps=[])
                | (Q(follows_default=False) & ~Q(steps=[])),
                name="alarm_policy_steps_or_default",
            ),
            models.CheckConstraint(
                condition=Q(follows_default=False) | ~Q(level=""),
                name="alarm_policy_default_follows_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display() or 'Default'} (version {self.version})"

    @property
    def read(self) -> tuple[Step, ...]:
        return tuple(Step.read(one) for one in self.steps)
