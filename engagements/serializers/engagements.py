"""Engagements as the API shows them. Moments are ISO 8601 in UTC, days ISO dates."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from engagements.models import DocumentVersion, Engagement, Phase


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    """The plan as it is now, what was planned first, and what really was. Days are inclusive."""

    class Meta:
        model = Phase
        fields = (
            "name",
            "starts_on",
            "ends_on",
            "baseline_starts_on",
            "baseline_ends_on",
            "began_on",
            "finished_on",
        )


class EngagementDocumentSerializer(serializers.ModelSerializer[DocumentVersion]):
    """A version of a document; `verdict` is "" until the customer gave one."""

    title = serializers.CharField(source="document.title")
    version = serializers.IntegerField(source="number")

    class Meta:
        model = DocumentVersion
        fields = (
            "title",
            "version",
            "name",
            "sha256",
            "sent_at",
            "verdict",
            "verdict_at",
            "signed_name",
        )


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """`basis` says which contract allows it, with the reason against every other."""

    organisation = serializers.CharField(source="organisation.slug")
    owner = serializers.CharField(source="owner.email", allow_null=True, default=None)
    requested_by = serializers.CharField(source="requested_by.email")

    class Meta:
        model = Engagement
        fields: Any = (
            "number",
            "organisation",
            "kind",
            "title",
            "state",
            "owner",
            "requested_by",
            "requested_at",
            "starts_on",
            "golive_on",
            "ended_at",
        )


class EngagementDetailSerializer(EngagementSerializer):
    phases = PhaseSerializer(many=True)
    documents = serializers.SerializerMethodField()
    basis: Any = serializers.JSONField()

    class Meta(EngagementSerializer.Meta):
        fields: Any = (*EngagementSerializer.Meta.fields, "summary", "basis", "phases", "documents")

    def get_documents(self, engagement: Engagement) -> list[dict[str, Any]]:
        versions = DocumentVersion.objects.filter(engagement=engagement)
        rows = versions.select_related("document").order_by("document", "-number")
        return list(EngagementDocumentSerializer(rows, many=True).data)
