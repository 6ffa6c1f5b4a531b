"""The health score of customers: what it is made with, and what it was each night."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from office.querysets.accounts import OwnedQuerySet
from office.rules.health import Rules, Scale


class HealthRulesVersion(models.Model):
    """What scores are made with from some moment on; an edit makes a new version.

    `scales` maps the key of a measure (`rules.health.MEASURES`) to weight, worst and best.
    """

    version = models.PositiveIntegerField(unique=True)
    scales = models.JSONField()
    good_from = models.PositiveSmallIntegerField()
    watch_from = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(watch_from__gt=0, watch_from__lt=F("good_from"), good_from__lte=100),
                name="health_rules_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def rules(self) -> Rules:
        scales = {key: Scale(**facts) for key, facts in self.scales.items()}
        return Rules(scales, self.good_from, self.watch_from)


class HealthScore(models.Model):
    """How a customer fared on a day, as the nightly sweep found it; never changed.

    `parts` has key, value, points and weight of each; `rules` 0 are those that we deliver.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    on = models.DateField(help_text="Of the desk's zone")
    score = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=list)
    rules = models.PositiveIntegerField(default=0)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "on"], name="health_score_once_a_day"),
            models.CheckConstraint(condition=Q(score__lte=100), name="health_score_of_100"),
        ]

    def __str__(self) -> str:
        return f"{self.score} on {self.on}"
