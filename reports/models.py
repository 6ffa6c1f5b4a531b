from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.enums import ReportState
from reports.querysets import ServiceReportQuerySet


class ServiceReport(models.Model):
    """What was delivered to one organisation in one month (rule 11).

    A draft is computed afresh whenever it is shown; `content` is frozen when it is issued,
    together with its number, its checksum and its PDF, and never changes afterwards. What proves
    to be wrong is put right in a revision: a report of its own for the same month, numbered from
    1 on, which names the first one (`revises`) and says why it was made (F1).
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="service_reports"
    )
    month = models.DateField(help_text="The month's first day")
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    revises = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    revision_reason = models.CharField(max_length=500, blank=True, db_default="")
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    considerations = models.TextField(blank=True)
    recommendations = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    number = models.CharField(max_length=30, null=True, blank=True, unique=True)
    content = models.JSONField(null=True, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ServiceReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "revision"],
                name="report_revision_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, revises=None, revision_reason="")
                | Q(revision__gt=0, revises__isnull=False) & ~Q(revision_reason=""),
                name="report_revision_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, number=None, content=None, issued_at=None)
                | (
                    Q(state=ReportState.ISSUED, number__isnull=False, content__isnull=False)
                    & Q(issued_at__isnull=False, issued_by__isnull=False)
                    & ~Q(checksum="")
                ),
                name="report_issued_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.month:%Y-%m}"

    @property
    def is_issued(self) -> bool:
        return self.state == ReportState.ISSUED


class ReportDocument(models.Model):
    """The PDF of an issued report, byte for byte as the customer got it."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    report = models.OneToOneField(ServiceReport, models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"PDF of {self.report_id}"
