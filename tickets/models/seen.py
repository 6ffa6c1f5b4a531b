"""Up to where somebody has read an incident."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.incidents import ORGANISATION, Incident
from tickets.querysets import SeenQuerySet


class Seen(models.Model):
    """The last message of an incident that a person has had before their eyes.

    `upto` is its key: messages are given theirs in the order in which they come, so that what is
    newer has a higher one, whatever moment it says. It only ever goes up (`actions/seen.py`).
    """

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    upto = models.BigIntegerField()
    at = models.DateTimeField()

    objects = SeenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "incident"], name="seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.incident_id} up to {self.upto}"
