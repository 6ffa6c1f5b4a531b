"""Service reports as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports.models import ServiceReport
from reports.rules import figures as counting
from reports.rules.content import ReportContent


class NamedSerializer(serializers.Serializer[Any]):
    """An incident; of the figures of answers, which one: 1 is the answer to the report."""

    number = serializers.CharField()
    answer = serializers.IntegerField()


class FigureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # a field of that name
    count = serializers.IntegerField()
    incidents = NamedSerializer(many=True)


class ReportSerializer(serializers.ModelSerializer[ServiceReport]):
    """`month` is YYYY-MM; `number` is null for a draft; `pdf` is a path of this site.

    `revision` counts from 1 on; `revises` is the number of the first report, null for that one.
    """

    organisation = serializers.CharField(source="organisation.slug")
    month = serializers.SerializerMethodField()
    pdf = serializers.SerializerMethodField()
    revises = serializers.CharField(source="revises.number", default=None, read_only=True)

    class Meta:
        model = ServiceReport
        fields = (
            "id",
            "number",
            "organisation",
            "month",
            "state",
            "revision",
            "revises",
            "revision_reason",
            "checksum",
            "issued_at",
            "pdf",
        )

    def get_month(self, report: ServiceReport) -> str:
        return f"{report.month:%Y-%m}"

    def get_pdf(self, report: ServiceReport) -> str:
        return f"/reports/{report.pk}/pdf/"


class ReportDetailSerializer(ReportSerializer):
    """`content` is what was frozen; `figures` name the incidents that each figure counts."""

    content = serializers.JSONField(read_only=True)
    figures = serializers.SerializerMethodField()

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, report: ServiceReport) -> list[dict[str, Any]]:
        if not report.content or "schema" not in report.content:
            return []
        found = counting.figures(ReportContent.from_json(report.content))
        return [
            {
                "key": one.key,
                "label": one.label,
                "count": one.count,
                "incidents": [{"number": it.incident, "answer": it.cycle} for it in one.named],
            }
            for one in found
        ]

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "content", "figures")  # type: ignore[assignment]
