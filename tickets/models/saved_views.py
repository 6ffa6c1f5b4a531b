"""Views of the queue that people kept: words, columns and an order under a name."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tickets.enums import ListOrder, MeantFor, Tier
from tickets.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """`words` as they are typed into the field of the queue (`tickets.rules.search.fields`).

    It is `owner`'s own, a `tier`'s, or everybody's. It shows each reader what they may see, and
    "me" in it is whoever reads. `place` orders those that are meant for the same people.
    """

    name = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    columns = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    order = models.CharField(max_length=10, choices=ListOrder.choices, default=ListOrder.DUE)
    meant_for = models.CharField(max_length=10, choices=MeantFor.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, null=True, blank=True)
    place = models.PositiveIntegerField(default=0)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.CheckConstraint(
                condition=Q(meant_for=MeantFor.ME, owner__isnull=False, tier=None)
                | Q(meant_for=MeantFor.TEAM, owner=None, tier__isnull=False)
                | Q(meant_for=MeantFor.ALL, owner=None, tier=None),
                name="saved_view_is_of_one_a_team_or_all",
            ),
            models.CheckConstraint(
                condition=Q(order__in=ListOrder.values), name="saved_view_known_order"
            ),
            models.UniqueConstraint(
                Lower("name"),
                "meant_for",
                "owner",
                "tier",
                nulls_distinct=False,
                name="saved_view_one_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What an address calls it."""
        return f"s{self.pk}"
