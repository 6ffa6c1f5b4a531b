"""Audits, visits, feature requests, documents and the register as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from engagements.enums import Owed
from engagements.models import (
    AuditFinding,
    DocumentVersion,
    Engagement,
    FeatureRequest,
    SettingChange,
    Visit,
)
from engagements.reads.audits import standing_of
from engagements.reads.bases import local_day
from engagements.rules.audits import Standing


class FindingSerializer(serializers.ModelSerializer[AuditFinding]):
    """`standing` is open, late, accepted or fixed on the customer's day; `incident` its number."""

    engagement = serializers.CharField(source="engagement.number")
    case = serializers.CharField(source="case.title")
    incident = serializers.CharField(source="incident.number", allow_null=True, default=None)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = AuditFinding
        fields = (
            "id",
            "engagement",
            "case",
            "severity",
            "title",
            "recommendation",
            "owner",
            "due_on",
            "found_at",
            "fixed_at",
            "accepted_until",
            "accepted_by",
            "standing",
            "incident",
        )

    @extend_schema_field(serializers.ChoiceField(choices=[one.value for one in Standing]))
    def get_standing(self, finding: AuditFinding) -> str:
        today = local_day(finding.engagement.organisation, self.context["at"])
        return finding.standing_on(today).value


class AuditCaseSerializer(serializers.Serializer[Any]):
    """A case; `result` is ok, partial, failed, unverifiable, or "" for what was not run."""

    number = serializers.IntegerField()
    area = serializers.CharField()
    severity = serializers.CharField()
    title = serializers.CharField()
    result = serializers.CharField(allow_blank=True)
    observed = serializers.CharField(allow_blank=True)
    run_at = serializers.DateTimeField(allow_null=True)


class AuditScoreSerializer(serializers.Serializer[Any]):
    """Of an area; `percent` is null where no case was chosen."""

    area = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()


class AuditSerializer(serializers.ModelSerializer[Engagement]):
    """`findings` counts them by where they stand; the window is null until it is agreed."""

    organisation = serializers.CharField(source="organisation.slug")
    permitted_by = serializers.CharField(source="audit.permitted_by", default="")
    window_from = serializers.DateTimeField(source="audit.window_from", default=None)
    window_until = serializers.DateTimeField(source="audit.window_until", default=None)
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Engagement
        fields: Any = (
            "number",
            "organisation",
            "title",
            "state",
            "permitted_by",
            "window_from",
            "window_until",
            "findings",
        )

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_findings(self, engagement: Engagement) -> Mapping[str, int]:
        today = local_day(engagement.organisation, self.context["at"])
        standings = [one.standing_on(today) for one in engagement.findings.all()]
        return {one.value: standings.count(one) for one in Standing}


class AuditDetailSerializer(AuditSerializer):
    """One with its cases, its score by area, and what its end is."""

    cases = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField()

    class Meta(AuditSerializer.Meta):
        fields: Any = (*AuditSerializer.Meta.fields, "cases", "scores")

    @extend_schema_field(AuditCaseSerializer(many=True))
    def get_cases(self, engagement: Engagement) -> list[dict[str, Any]]:
        cases, _ = standing_of(engagement)
        return [
            {
                "number": row.case.number,
                "area": row.case.area,
                "severity": row.case.severity,
                "title": row.case.title,
                "result": row.last.result if row.last else "",
                "observed": row.last.observed if row.last else "",
                "run_at": row.last.run_at if row.last else None,
            }
            for row in cases
        ]

    @extend_schema_field(AuditScoreSerializer(many=True))
    def get_scores(self, engagement: Engagement) -> list[dict[str, Any]]:
        _, scores = standing_of(engagement)
        return [{"area": one.area, "percent": one.percent, "reason": one.reason} for one in scores]


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """Dates of a visit on site with who comes; `days` are charged once it is agreed."""

    engagement = serializers.CharField(source="engagement.number")
    people = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = (
            "id",
            "engagement",
            "state",
            "starts_at",
            "ends_at",
            "days",
            "people",
            "proposed_at",
            "answered_at",
            "made_at",
            "words",
            "summary",
            "advice",
        )

    def get_people(self, visit: Visit) -> list[str]:
        return [str(one.person) for one in visit.visitors.all()]


class FeatureRequestSerializer(serializers.ModelSerializer[FeatureRequest]):
    """`is_yes` is null until it was answered; `answer_by` is when the answer was promised."""

    engagement = serializers.CharField(source="engagement.number")
    title = serializers.CharField(source="engagement.title")
    answer_by = serializers.SerializerMethodField()

    class Meta:
        model = FeatureRequest
        fields = (
            "engagement",
            "title",
            "goal",
            "today",
            "users",
            "without",
            "answer_by",
            "is_yes",
            "explanation",
            "release",
            "advice",
            "judged_at",
        )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_answer_by(self, asked: FeatureRequest) -> str | None:
        owed = [one for one in asked.engagement.promises.all() if one.what == Owed.ANSWER]
        newest = max(owed, key=lambda one: one.due_at, default=None)
        return newest.due_at.isoformat() if newest else None


class DocumentVersionSerializer(serializers.ModelSerializer[DocumentVersion]):
    """A version of a document, with where its file is."""

    engagement = serializers.CharField(source="engagement.number")
    title = serializers.CharField(source="document.title")
    paper = serializers.CharField(source="document.paper")
    needs_acceptance = serializers.BooleanField(source="document.needs_acceptance")
    version = serializers.IntegerField(source="number")
    url = serializers.SerializerMethodField()

    class Meta:
        model = DocumentVersion
        fields = (
            "id",
            "engagement",
            "paper",
            "title",
            "version",
            "name",
            "size",
            "sha256",
            "note",
            "sent_at",
            "needs_acceptance",
            "verdict",
            "verdict_at",
            "signed_name",
            "remarks",
            "url",
        )

    def get_url(self, version: DocumentVersion) -> str:
        return f"{settings.SITE_URL}{version.get_absolute_url()}"


class SettingChangeSerializer(serializers.ModelSerializer[SettingChange]):
    """One line of a GoLive project's register: what was set, from what, to what, and why."""

    engagement = serializers.CharField(source="engagement.number")
    by = serializers.CharField(source="by.name")

    class Meta:
        model = SettingChange
        fields = (
            "id",
            "engagement",
            "host",
            "module",
            "setting",
            "before",
            "after",
            "reason",
            "by",
            "set_at",
        )
