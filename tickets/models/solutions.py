"""What solved an incident, in the customer's words (programme rule 15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.incidents import Incident


class Cause(models.Model):
    """Why incidents happen, in the customer's words; managers keep the list (rule 15).

    None is removed, since solutions name them: one that is not offered any more stays with those.
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=100)
    is_offered = models.BooleanField(
        default=True, help_text="Chosen when an incident is solved; old solutions keep theirs"
    )

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(key="") & ~Q(name=""), name="cause_has_words")
        ]

    def __str__(self) -> str:
        return self.name


class Solution(models.Model):
    """A solution as it was registered with the answer that solved the incident.

    Never changed: an incident that was opened again and solved anew has another one, and a report
    tells the one of its own month (F1).
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="solutions")
    text = models.CharField(max_length=500)
    # NULL in what was registered before causes were asked for, or by mail and programs without.
    cause = models.ForeignKey(
        Cause, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="solution_has_words")]

    def __str__(self) -> str:
        return self.text
