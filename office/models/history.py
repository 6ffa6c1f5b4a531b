"""Incidents of the desk that was there before: closed history, in tables of its own.

So they are in no figure, no sweep and no queue by construction: what counts, promises, dispatches
or notifies reads `tickets.Incident`, and never these.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from office.models.imports import DataImport
from office.querysets.history import OldFileQuerySet, OldIncidentQuerySet
from office.rules.history.systems import SYSTEMS

ORGANISATION = "accounts.Organisation"


class OldIncident(models.Model):
    """One of another desk, by its number there. `reporter` is who of ours that address is now.

    State, queue and priority are the words of that desk. `closed_at` is empty where it was open
    there when it was exported.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="old_incidents")
    of = models.ForeignKey(DataImport, models.PROTECT, related_name="old_incidents")
    system = models.CharField(max_length=20)
    source_id = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=60, blank=True)
    queue = models.CharField(max_length=120, blank=True)
    priority = models.CharField(max_length=60, blank=True)
    tags = models.JSONField(default=list)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reporter_name = models.CharField(max_length=200, blank=True)
    reporter_address = models.CharField(max_length=254, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OldIncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["system", "source_id"], name="old_incident_once")
        ]
        indexes = [
            models.Index(fields=["organisation", "-opened_at"], name="old_incident_of_tenant"),
            models.Index(fields=["number"], name="old_incident_number"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("office:old_incident", args=[self.pk])

    @property
    def reference(self) -> str:
        """ "Zammad 20145": no number of ours looks like it."""
        return f"{SYSTEMS[self.system].label} {self.number}"


class OldMessage(models.Model):
    """What somebody said there. `author` is who of ours that address is now, staff or customer."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    incident = models.ForeignKey(OldIncident, models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)
    author_address = models.CharField(max_length=254, blank=True)
    is_internal = models.BooleanField(default=False)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"message of {self.incident_id}"

    @property
    def author_words(self) -> str:
        return self.author_name or self.author_address or "Nobody"


class OldFile(models.Model):
    """A file of such a message; `file` is empty where the archive lacked it."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    message = models.ForeignKey(OldMessage, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    file = models.FileField(upload_to="history/%Y/%m/", blank=True)

    objects = OldFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("office:old_file", args=[self.pk])
