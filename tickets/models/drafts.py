"""What somebody is writing and has not sent: theirs alone, across tabs and days."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.enums import DraftKind
from tickets.models.incidents import Incident
from tickets.querysets import SENDING, DraftFileQuerySet, DraftQuerySet


class Draft(models.Model):
    """One text of one person: an answer or a note on an incident, a message, a new report.

    One that is `sending` was sent: it goes out at `send_at`, and counts as of `pressed_at`.

    `version` grows with each saving; a tab that knows an older one is told, and overwrites
    nothing. `fields` are the other fields of its form as they were filled in.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    body = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_index=True)
    pressed_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "incident", "kind"],
                nulls_distinct=False,
                name="draft_one_each",
            ),
            models.CheckConstraint(condition=Q(kind__in=DraftKind.values), name="draft_known_kind"),
            models.CheckConstraint(
                condition=Q(incident=None, kind=DraftKind.REPORT)
                | (Q(incident__isnull=False) & ~Q(kind=DraftKind.REPORT)),
                name="draft_only_a_report_has_no_incident",
            ),
            models.CheckConstraint(
                condition=Q(kind=DraftKind.SENDING, pressed_at__isnull=False, send_at__isnull=False)
                | Q(~Q(kind=DraftKind.SENDING), pressed_at=None, send_at=None),
                name="draft_sending_has_its_moments",
            ),
        ]
        indexes = [
            # Of the sweep that sends them, and of the alarms that wait for them.
            models.Index(fields=["send_at"], condition=SENDING, name="draft_sending"),
            models.Index(fields=["incident"], condition=SENDING, name="draft_sending_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}, version {self.version}"


def draft_path(file: DraftFile, name: str) -> str:
    """A path nobody can guess, which says nothing of the name that came from outside."""
    return f"drafts/{file.added_at:%Y/%m}/{secrets.token_hex(16)}"


class DraftFile(models.Model):
    """A file that was chosen for a draft, uploaded at once; the sending makes it an attachment."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=draft_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()

    objects = DraftFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
