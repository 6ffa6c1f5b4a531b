"""Service reports as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from reports.models import ServiceReport


class ReportSerializer(serializers.ModelSerializer[ServiceReport]):
    """`month` is YYYY-MM; `number` is null for a draft; `pdf` is a path of this site."""

    organisation = serializers.CharField(source="organisation.slug")
    month = serializers.SerializerMethodField()
    pdf = serializers.SerializerMethodField()

    class Meta:
        model = ServiceReport
        fields = ("id", "number", "organisation", "month", "state", "checksum", "issued_at", "pdf")

    def get_month(self, report: ServiceReport) -> str:
        return f"{report.month:%Y-%m}"

    def get_pdf(self, report: ServiceReport) -> str:
        return f"/reports/{report.pk}/pdf/"


class ReportDetailSerializer(ReportSerializer):
    content = serializers.JSONField(read_only=True)

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "content")  # type: ignore[assignment]
