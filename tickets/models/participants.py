"""Colleagues of the reporter who are told what is said on an incident."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.incidents import Incident
from tickets.querysets import ParticipantQuerySet

ORGANISATION = "accounts.Organisation"


class Participant(models.Model):
    """Somebody of the customer who is mailed every answer, as the reporter is.

    Who leaves stays here with `left_at`, so that the next mail with them in copy does not bring
    them back against their will. The reporter is none: they are notified anyway.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="participant_once"),
            models.CheckConstraint(
                condition=models.Q(left_at__gte=models.F("joined_at")),
                name="participant_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.incident_id}"
