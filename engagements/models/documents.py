"""What is handed over: documents with versions that the customer accepts or sends back by name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from engagements.enums import Paper, Verdict
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet
from tickets.models.conversation import storage_path


class Document(models.Model):
    """One thing that is handed over, whatever became of its versions."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="documents")
    paper = models.CharField(max_length=12, choices=Paper.choices, default=Paper.DOCUMENT)
    title = models.CharField(max_length=200)
    needs_acceptance = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects = HangingQuerySet["Document"].as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """A file and what the customer said of exactly these bytes (`sha256`).

    A verdict is given once, by name, and stays; a newer version asks again (N5). The file of a
    version never changes. `content` are the facts that a generated document was made of.
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=storage_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True, help_text="What changed")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_name = models.CharField(max_length=200, blank=True)
    remarks = models.TextField(blank=True)

    objects = HangingQuerySet["DocumentVersion"].as_manager()

    class Meta:
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(
                condition=Q(verdict="", verdict_at=None, verdict_by=None, signed_name="")
                | (
                    Q(
                        verdict__in=Verdict.values,
                        verdict_at__isnull=False,
                        verdict_by__isnull=False,
                    )
                    & ~Q(signed_name="")
                ),
                name="document_verdict_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.SENT_BACK) | ~Q(remarks=""),
                name="document_sent_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("engagements:document", args=[self.pk])
