"""What hangs on engagements, below `/api/v1/`: audits, visits, feature requests, documents, the
register. Read only, what the token's person may see; `?engagement=` gives those of one.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from engagements.enums import Kind
from engagements.filters import OfOne
from engagements.models import (
    AuditFinding,
    DocumentVersion,
    Engagement,
    FeatureRequest,
    SettingChange,
    Visit,
)
from engagements.serializers.delivered import (
    AuditDetailSerializer,
    AuditSerializer,
    DocumentVersionSerializer,
    FeatureRequestSerializer,
    FindingSerializer,
    SettingChangeSerializer,
    VisitSerializer,
)

M = TypeVar("M", bound=models.Model)


class _OnEngagements(mixins.ListModelMixin, viewsets.GenericViewSet[M]):
    """A list of what hangs on the engagements that the person sees."""

    filterset_class = OfOne
    order: ClassVar[tuple[str, ...]] = ("pk",)
    shows: ClassVar[tuple[str, ...]] = ("engagement",)

    def get_queryset(self) -> QuerySet[M]:
        person = self.request.user
        assert isinstance(person, Person)
        rows: Any = super().get_queryset()
        found = rows.model.objects.visible_to(person).select_related(*self.shows)
        ordered: QuerySet[M] = found.order_by(*self.order)
        return ordered

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}


class AuditViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Engagement]
):
    """Operations audits, the newest first."""

    queryset = Engagement.objects.none()
    serializer_class = AuditSerializer
    lookup_field = "number"
    lookup_value_regex = r"[A-Za-z0-9-]{1,20}"

    def get_queryset(self) -> QuerySet[Engagement]:
        person = self.request.user
        assert isinstance(person, Person)
        found = Engagement.objects.visible_to(person).filter(kind=Kind.AUDIT)
        shown = found.select_related("organisation", "audit").prefetch_related("findings")
        return shown.order_by("-requested_at", "-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    def get_serializer_class(self) -> type[BaseSerializer[Engagement]]:
        return AuditDetailSerializer if self.action == "retrieve" else AuditSerializer

    @extend_schema(responses=AuditDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One with its cases and its score by area."""
        return super().retrieve(request, *args, **kwargs)


class FindingViewSet(_OnEngagements[AuditFinding]):
    """Findings of operations audits, the newest first."""

    queryset = AuditFinding.objects.none()
    serializer_class = FindingSerializer
    order = ("-found_at", "-pk")
    shows = ("engagement__organisation", "case", "incident")


class VisitViewSet(_OnEngagements[Visit]):
    """Visits on site: dates that were proposed, and what became of them; the latest first."""

    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    order = ("-starts_at", "-pk")

    def get_queryset(self) -> QuerySet[Visit]:
        return super().get_queryset().prefetch_related("visitors__person")


class FeatureRequestViewSet(_OnEngagements[FeatureRequest]):
    """Requests of features with their answers, the newest first."""

    queryset = FeatureRequest.objects.none()
    serializer_class = FeatureRequestSerializer
    order = ("-pk",)

    def get_queryset(self) -> QuerySet[FeatureRequest]:
        return super().get_queryset().prefetch_related("engagement__promises")


class DocumentVersionViewSet(_OnEngagements[DocumentVersion]):
    """All versions of documents that were handed over, the newest first."""

    queryset = DocumentVersion.objects.none()
    serializer_class = DocumentVersionSerializer
    order = ("-sent_at", "-pk")
    shows = ("engagement", "document")


class SettingChangeViewSet(_OnEngagements[SettingChange]):
    """The register of GoLive projects: each setting that was changed, the newest first."""

    queryset = SettingChange.objects.none()
    serializer_class = SettingChangeSerializer
    order = ("-set_at", "-pk")
    shows = ("engagement", "by")


ROUTES = [
    ("audits", AuditViewSet, "engagement-audit"),
    ("audit-findings", FindingViewSet, "engagement-finding"),
    ("visits", VisitViewSet, "engagement-visit"),
    ("feature-requests", FeatureRequestViewSet, "engagement-feature"),
    ("engagement-documents", DocumentVersionViewSet, "engagement-document"),
    ("golive-settings", SettingChangeViewSet, "engagement-setting"),
]
