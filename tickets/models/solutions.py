"""What solved an incident, in the customer's words (programme rule 15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.incidents import Incident


class Solution(models.Model):
    """A solution as it was registered with the answer that solved the incident.

    Never changed: an incident that was opened again and solved anew has another one, and a report
    tells the one of its own month (F1).
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="solutions")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="solution_has_words")]

    def __str__(self) -> str:
        return self.text
