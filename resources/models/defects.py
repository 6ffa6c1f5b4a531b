"""Faults of the product that incidents come from (rule 7, TS3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DefectState(models.TextChoices):
    """What becomes of it. It is fixed from a build on."""

    KNOWN = "known", "Known"
    UNDER_WAY = "under_way", "A fix is under way"
    FIXED = "fixed", "Fixed"
    STAYS = "stays", "Will not be fixed"


class Defect(models.Model):
    """A fault as the developers' tracker numbers it; `Incident.defect` names it.

    `fixed_with` is the release whose publication fixed it; None where somebody said so by hand.

    It belongs to no organisation, so its texts name none. Customers read the number, from which
    build on it is fixed, and the `workaround` where an answer says it: it is in their words. The
    rest is for the vendor's people.
    """

    number = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, help_text="What happens, when, and why")
    workaround = models.TextField(blank=True, help_text="In the customer's words, as Markdown")
    affected = models.CharField(
        max_length=200, blank=True, help_text="The versions that have it, such as 10.5.0 to 10.6.1"
    )
    state = models.CharField(
        max_length=10, choices=DefectState.choices, default=DefectState.KNOWN, db_default="known"
    )
    fixed_in = models.CharField(max_length=60, blank=True, help_text="The build, such as 10.6.2")
    fixed_at = models.DateTimeField(null=True, blank=True)
    fixed_with = models.ForeignKey(
        "resources.Release", models.PROTECT, null=True, blank=True, related_name="+"
    )
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
            models.CheckConstraint(
                condition=Q(state=DefectState.FIXED, fixed_at__isnull=False)
                | (Q(state__in=("known", "under_way", "stays")) & Q(fixed_at=None)),
                name="defect_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(title=""), name="defect_is_named"),
            models.CheckConstraint(
                condition=Q(fixed_with=None) | Q(fixed_at__isnull=False),
                name="defect_fixed_with_a_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def helps(self) -> bool:
        """Whether there is something to tell a customer that is more than that it is known."""
        return bool(self.workaround or self.fixed_in)
