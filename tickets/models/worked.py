"""Minutes that the staff worked on an incident, noted by themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.incidents import Incident
from tickets.querysets import WorkedQuerySet

A_DAY = 24 * 60


class Worked(models.Model):
    """So many minutes of one person; below nothing where they take back what was too much."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="worked")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    minutes = models.SmallIntegerField()
    at = models.DateTimeField(help_text="When it was noted")

    objects = WorkedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "minutes worked"
        verbose_name_plural = "minutes worked"
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(-A_DAY, A_DAY)) & ~Q(minutes=0),
                name="worked_up_to_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min of {self.person_id} on {self.incident_id}"
