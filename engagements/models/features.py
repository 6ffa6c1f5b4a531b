"""Requests of features that are assessed (rule 12), and the roadmap that they are held against."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements.enums import RoadmapState
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet
from engagements.querysets.roadmap import TO_SHIP, RoadmapQuerySet


class RoadmapItem(models.Model):
    """An idea for the product, the vendor's own. `release` is where it is planned or shipped.

    `ships_in` is that release where it is one of ours: when that is published, it has shipped.
    """

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=RoadmapState.choices, default=RoadmapState.CONSIDERED
    )
    release = models.CharField(max_length=60, blank=True)
    ships_in = models.ForeignKey(
        "resources.Release",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmap",
        db_index=False,
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    shipped_at = models.DateTimeField(null=True, blank=True)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RoadmapState.SHIPPED, shipped_at__isnull=False)
                | (~Q(state=RoadmapState.SHIPPED) & Q(shipped_at=None)),
                name="roadmap_shipped_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RoadmapState.PLANNED, RoadmapState.SHIPPED])
                | ~Q(release=""),
                name="roadmap_planned_for_a_release",
            ),
        ]
        indexes = [
            models.Index(fields=["ships_in"], condition=TO_SHIP, name="roadmap_to_ship"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_of(self) -> RoadmapState:
        return RoadmapState(self.state)


class FeatureRequest(models.Model):
    """What the customer told us about the feature, what we found, and the answer.

    `is_yes` is NULL until it was judged. `item` is the idea of the roadmap that it is like: each
    organisation that asks for it is a vote; nobody of another sees whose.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="feature")
    goal = models.TextField(help_text="What they want to reach")
    today = models.TextField(help_text="How they do it now")
    users = models.PositiveIntegerField(null=True, blank=True, help_text="How many it concerns")
    without = models.TextField(blank=True, help_text="What happens without it")
    item = models.ForeignKey(
        RoadmapItem, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    necessity = models.TextField(blank=True)
    security = models.TextField(blank=True)
    redundancy = models.TextField(blank=True)
    is_yes = models.BooleanField(null=True, blank=True)
    explanation = models.TextField(blank=True)
    release = models.CharField(max_length=60, blank=True)
    advice = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HangingQuerySet["FeatureRequest"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_yes=None, judged_at=None, judged_by=None)
                | (
                    Q(is_yes__isnull=False, judged_at__isnull=False, judged_by__isnull=False)
                    & ~Q(explanation="")
                ),
                name="feature_judged_with_an_explanation",
            ),
            models.CheckConstraint(
                condition=~Q(is_yes=True) | ~Q(release=""), name="feature_yes_names_a_release"
            ),
        ]

    def __str__(self) -> str:
        return f"feature of {self.engagement_id}"
