"""Staff who follow an incident that is not theirs."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.incidents import Incident
from tickets.querysets import FollowerQuerySet

ORGANISATION = "accounts.Organisation"


class Follower(models.Model):
    """Somebody of the staff who is told what happens on an incident, by themselves or a mention.

    Its owner and who works on it are, without a row. Who leaves stays here with `left_at`: only a
    new mention brings them back. Who may not see the incident any more is told nothing.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        ordering = ["since_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="follower_once"),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("since_at")),
                name="follower_leaves_after_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.incident_id}"
