"""Operations audits (rule 13): the library of cases, what was tried, what was found."""

from __future__ import annotations

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from engagements.enums import CaseArea, CaseResult, Severity
from engagements.models.engagements import ORGANISATION, Engagement
from engagements.querysets.engagements import HangingQuerySet
from engagements.rules.audits import Standing, standing

PERSON = settings.AUTH_USER_MODEL


class LibraryCase(models.Model):
    """A case that audits choose from; what an audit chose is a copy, which stays as it was."""

    area = models.CharField(max_length=12, choices=CaseArea.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=120, unique=True)
    procedure = models.TextField()
    expectation = models.TextField()
    is_offered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__in=CaseArea.values, severity__in=Severity.values),
                name="library_case_known_kinds",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Audit(models.Model):
    """What has to be agreed before anything is run: permission, window, stop contact, way back."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="audit")
    permitted_by = models.CharField(max_length=120, help_text="Who of the customer permits it")
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    stop_contact = models.CharField(
        max_length=200, help_text="Who says stop, and how to reach them"
    )
    rollback = models.TextField()
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    objects = HangingQuerySet["Audit"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(window_until__gt=F("window_from")), name="audit_window_ends_later"
            ),
            models.CheckConstraint(
                condition=~Q(permitted_by="") & ~Q(stop_contact="") & ~Q(rollback=""),
                name="audit_agreed_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"permitted by {self.permitted_by}"


class AuditCase(models.Model):
    """A case of one audit, chosen from the library or made for this customer."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="audit_cases")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=12, choices=CaseArea.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=120)
    procedure = models.TextField()
    expectation = models.TextField()
    is_customers = models.BooleanField(default=False)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = HangingQuerySet["AuditCase"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="audit_case_number_once"),
            models.UniqueConstraint(fields=["engagement", "title"], name="audit_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class AuditRun(models.Model):
    """A case was tried: what came of it. The last one tried counts; none is ever changed.

    `run_at` is when it was tried, `noted_at` when that was written down: the team may do so the
    next day. What was not reached is unverifiable (AU1: it never passes).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    case = models.ForeignKey(AuditCase, models.PROTECT, related_name="runs")
    result = models.CharField(max_length=12, choices=CaseResult.choices)
    was_reached = models.BooleanField()
    observed = models.TextField()
    run_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    run_at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True, blank=True)

    objects = HangingQuerySet["AuditRun"].as_manager()

    class Meta:
        ordering = ["-run_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(was_reached=True) | Q(result=CaseResult.UNVERIFIABLE),
                name="audit_unreached_never_passes",
            ),
            models.CheckConstraint(
                condition=Q(result__in=CaseResult.values), name="audit_run_known_result"
            ),
            models.CheckConstraint(
                condition=Q(noted_at=None) | Q(noted_at__gte=F("run_at")),
                name="audit_run_noted_after_it_was",
            ),
        ]

    def __str__(self) -> str:
        return str(CaseResult(self.result).label)

    @property
    def tone(self) -> str:
        return CaseResult(self.result).tone


def evidence_path(evidence: AuditEvidence, name: str) -> str:
    """A path that says nothing of the name that came from outside."""
    return f"audits/{evidence.run.run_at:%Y/%m}/{secrets.token_hex(16)}"


class AuditEvidence(models.Model):
    """A file that shows what came of a run."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    run = models.ForeignKey(AuditRun, models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to=evidence_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = HangingQuerySet["AuditEvidence"].as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("engagements:evidence", args=[self.pk])


class AuditFinding(models.Model):
    """What has to be better, by whom, until when. A retest that passes ends it.

    The customer may accept the risk until a day: from the day after it is open again (AU3).
    """

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="findings")
    case = models.ForeignKey(AuditCase, models.PROTECT, related_name="findings")
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=200)
    recommendation = models.TextField()
    owner = models.CharField(max_length=120)
    due_on = models.DateField()
    found_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True, blank=True)
    accepted_until = models.DateField(null=True, blank=True, help_text="The last day")
    accepted_by = models.CharField(max_length=120, blank=True)
    accepted_for = models.CharField(max_length=300, blank=True)
    incident = models.ForeignKey(
        "tickets.Incident", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HangingQuerySet["AuditFinding"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_until=None, accepted_by="", accepted_for="")
                | (Q(accepted_until__isnull=False) & ~Q(accepted_by="") & ~Q(accepted_for="")),
                name="finding_accepted_by_name",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def standing_on(self, today: date) -> Standing:
        return standing(
            is_fixed=self.fixed_at is not None,
            accepted_until=self.accepted_until,
            due_on=self.due_on,
            today=today,
        )
