"""The service reports of `/api/v1/`: read only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from reports.models import ServiceReport
from reports.serializers import ReportDetailSerializer, ReportSerializer


class ReportViewSet(viewsets.ReadOnlyModelViewSet[ServiceReport]):
    """Customers see what was issued to them; TAM and manager drafts too."""

    queryset = ServiceReport.objects.none()

    def get_queryset(self) -> QuerySet[ServiceReport]:
        person = self.request.user
        assert isinstance(person, Person)
        found = ServiceReport.objects.visible_to(person).select_related("organisation", "revises")
        return found.order_by("-month", "organisation__name", "-revision")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return ReportSerializer if self.action == "list" else ReportDetailSerializer


ROUTES = [("reports", ReportViewSet, "report")]
