"""What managers keep for GoLive projects, in versions; the planning of one (rule 13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from engagements.enums import Subject
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet


class CatalogueVersion(models.Model):
    """A list as a manager wrote it, read by the rules of its subject; each edit is a version."""

    subject = models.CharField(max_length=10, choices=Subject.choices)
    version = models.PositiveIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["subject", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="catalogue_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, version {self.version}"


class Sizing(models.Model):
    """A version of the system planning: what the sheet said then, and what was assumed (N8).

    The figures are computed of these alone, so that a version always says the same; the database
    refuses to change them. `ours` are the keys of what was set for this project. `paper` is the
    report that it was handed over as.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="sizings")
    number = models.PositiveSmallIntegerField()
    needs = models.JSONField()
    assumptions = models.JSONField()
    ours = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    golive_on = models.DateField(null=True, blank=True)
    advice = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    paper = models.OneToOneField(
        "engagements.DocumentVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sizing",
    )

    objects = HangingQuerySet["Sizing"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="sizing_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="sizing_says_why"),
        ]

    def __str__(self) -> str:
        return f"Planning, version {self.number}"
