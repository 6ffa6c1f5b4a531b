"""The engagements of `/api/v1/`: what runs, its plan and its documents. Read only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from engagements.models import Engagement
from engagements.serializers.engagements import EngagementDetailSerializer, EngagementSerializer


class EngagementViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Engagement]
):
    """GoLive projects, visits on site, assessments: what the person may see of them."""

    queryset = Engagement.objects.none()
    serializer_class = EngagementSerializer
    lookup_field = "number"
    lookup_value_regex = r"[A-Za-z0-9-]{1,20}"

    def get_queryset(self) -> QuerySet[Engagement]:
        person = self.request.user
        assert isinstance(person, Person)
        found = Engagement.objects.visible_to(person).for_list()
        return found.order_by("-requested_at", "-pk")

    def get_serializer_class(self) -> type[BaseSerializer[Engagement]]:
        return EngagementDetailSerializer if self.action == "retrieve" else EngagementSerializer

    @extend_schema(responses=EngagementDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One with its plan and its documents."""
        return super().retrieve(request, *args, **kwargs)


ROUTES = [("engagements", EngagementViewSet, "engagement")]
