"""Who can be given which incidents, and who was given one, and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tickets.models.incidents import Incident
from tickets.querysets import TO_BE_TAKEN, DispatchQuerySet
from tickets.rules.dispatch import CAPACITY

ORGANISATION = "accounts.Organisation"


class EngineerProfile(models.Model):
    """What dispatch knows of an engineer. Who has none is a level 1 CSE of any service."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="engineer_profile"
    )
    capacity = models.PositiveSmallIntegerField(
        default=CAPACITY, help_text="Unfinished incidents they may own before they are passed by"
    )
    is_level_2 = models.BooleanField(
        "level 2 CSE", default=False, help_text="Comes first for levels that level 2 supplies"
    )
    services = models.ManyToManyField(
        "entitlements.Service",
        blank=True,
        related_name="+",
        help_text="What they know. None in particular means all of them.",
    )
    languages = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="Further languages they work in, besides their own and English",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="profile_has_some_capacity")
        ]

    def __str__(self) -> str:
        return f"profile of {self.person_id}"


class Dispatch(models.Model):
    """One decision to whom an incident goes, with everybody who was considered.

    `considered` holds `rules.dispatch.Considered` as objects, the chosen one first. `take_by` is
    the moment by which the engineer must have taken it, else it goes to another; `settled_at`
    says that nobody needs to look any more.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="dispatches")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    considered = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    take_by = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["take_by"], condition=TO_BE_TAKEN, name="dispatch_to_be_taken")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} to {self.to_id}"
