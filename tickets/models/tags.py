"""Free words on an incident, by which its engineers find those of a kind again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.incidents import ORGANISATION, Incident
from tickets.querysets import TagQuerySet
from tickets.rules.tags import LONGEST


class Tag(models.Model):
    """One word on one incident, as `rules.tags.tag_of` writes it. Customers never see it."""

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "name"], name="tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_says_something"),
        ]
        indexes = [models.Index(fields=["name"], name="tag_by_name")]

    def __str__(self) -> str:
        return self.name
