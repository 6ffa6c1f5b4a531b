"""Faults of the product that incidents come from (rule 7, TS3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Defect(models.Model):
    """A fault as the developers' tracker numbers it; `Incident.defect` names it.

    It belongs to no organisation, so its title names none: engineers of every partner read it.
    Customers read the number, and from which build on it is fixed.
    """

    number = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    fixed_in = models.CharField(max_length=60, blank=True, help_text="The build, such as 10.6.2")
    fixed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    journal_name = "tickets.defect"

    class Meta:
        db_table = "tickets_defect"  # from when incidents, calls and mail were one app
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fixed_at=None, fixed_in="")
                | (Q(fixed_at__isnull=False) & ~Q(fixed_in="")),
                name="defect_fixed_in_a_build",
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(title=""), name="defect_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
