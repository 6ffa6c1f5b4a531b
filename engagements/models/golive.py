"""GoLive projects (rule 13): the sheet of requirements, the register of settings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet


class Requirements(models.Model):
    """What the platform has to carry; `values` by the keys of `rules.requirements`."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="requirements")
    values = models.JSONField(default=dict)
    filled_at = models.DateTimeField()
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = HangingQuerySet["Requirements"].as_manager()

    class Meta:
        verbose_name_plural = "requirements"

    def __str__(self) -> str:
        return f"requirements of {self.engagement_id}"


class SettingChange(models.Model):
    """One value that was set on a host of the platform: who, when, from, to, why (N7).

    Module and setting are kept by their names, so that it reads the same whatever becomes of the
    catalogue. Nothing of it is changed afterwards: the database refuses it.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    host = models.CharField(max_length=120)
    module = models.CharField(max_length=60)
    setting = models.CharField(max_length=60)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = HangingQuerySet["SettingChange"].as_manager()

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(after=F("before")), name="setting_changed_for_a_reason"
            )
        ]
        indexes = [models.Index(fields=["engagement", "set_at"], name="setting_of_engagement")]

    def __str__(self) -> str:
        return f"{self.host}: {self.module}, {self.setting}"
