"""TS1, TS2, TS3 and back (X1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tickets.enums import Tier
from tickets.models.incidents import Incident

ORGANISATION = "accounts.Organisation"


class HandoverChecklist(models.Model):
    """What TS2 wants to find before it takes an incident of the service; an edit is a version."""

    service = models.ForeignKey("entitlements.Service", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    items = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["service", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="checklist_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.service} version {self.version}"


class Handover(models.Model):
    """A step between TS1, TS2 and TS3 with what the next team needs to start (X1)."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    from_tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    to_tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    reason = models.TextField()
    tried = models.TextField(blank=True)
    reproduction = models.TextField(blank=True)
    environment = models.TextField(blank=True)
    logs = models.TextField(blank=True)
    checklist = models.ForeignKey(
        HandoverChecklist, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ticked = models.JSONField(default=list, help_text="Those of the checklist's items")
    unticked_because = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    worker = models.ForeignKey(  # who had worked on it at `from_tier`, which ended with this
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # nobody asks for it by the person
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_tier=F("from_tier") + 1) | Q(to_tier__lt=F("from_tier")),
                name="handover_one_step_up_or_back",
            ),
            models.CheckConstraint(
                condition=Q(to_tier__lt=F("from_tier"))
                | ~(Q(tried="") | Q(reproduction="") | Q(environment="")),
                name="handover_up_says_what_was_tried",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} from TS{self.from_tier} to TS{self.to_tier}"

    @property
    def checked(self) -> list[tuple[str, bool]]:
        """The items of its checklist, and whether each was ticked."""
        items = self.checklist.items if self.checklist else []
        return [(one, one in self.ticked) for one in items]


class EscalationRequest(models.Model):
    """A customer asks for the next technical level; a lead decides.

    Open until it is answered: `is_accepted` by the escalation itself, or declined with `answer`,
    which the customer reads. While the incident is finished nobody has to decide.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="escalation_requests")
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(answered_at=None),
                name="escalation_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_accepted=None, answered_by=None)
                | Q(answered_at__isnull=False, is_accepted__isnull=False),
                name="escalation_request_answered_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.reason[:40]}"
