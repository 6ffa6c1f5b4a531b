"""The known defects of `/api/v1/`: for the vendor's people, and for their tracker."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from core.errors import NotAllowed
from resources import policies
from resources.actions.defects import Known, describe, known_or_recorded
from resources.errors import DefectRecorded
from resources.models import Defect
from tickets.actions.defects import fix_defect, reopen_defect
from tickets.filters import DefectFilter
from tickets.models import Incident
from tickets.serializers.defects import (
    FixedSerializer,
    KnownDefectSerializer,
    KnownSerializer,
    NewKnownDefectSerializer,
    OpenAgainSerializer,
)


class DefectViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Defect]
):
    """The list of known defects, the newest first; others than the vendor's people see none."""

    queryset = Defect.objects.none()
    serializer_class: type[BaseSerializer[Any]] = KnownDefectSerializer
    filterset_class = DefectFilter
    lookup_field = "number"
    lookup_value_regex = r"[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Defect]:
        if not policies.may_see_defects(self._person):
            return Defect.objects.none()
        seen = Incident.objects.visible_to(self._person).unfinished().order_by()
        counted = seen.filter(defect=OuterRef("pk")).values("defect").annotate(many=Count("pk"))
        many = Subquery(counted.values("many"), output_field=IntegerField())
        found = Defect.objects.select_related("recorded_by").annotate(unfinished=Coalesce(many, 0))
        return found.order_by("-recorded_at", "-pk")

    @extend_schema(request=NewKnownDefectSerializer, responses={201: KnownDefectSerializer})
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Record one; 409 `defect_recorded` where its number is on the list."""
        if not policies.may_keep_defects(self._person):
            raise NotAllowed()
        asked, at = _checked(NewKnownDefectSerializer, request), timezone.now()
        number = asked.pop("number").strip().upper()
        if Defect.objects.filter(number=number).exists():
            raise DefectRecorded(number=number)
        made = known_or_recorded(number, asked["title"], by=self._person, at=at)
        describe(made, Known(**asked), by=self._person, at=at)
        return self._shown(number, status.HTTP_201_CREATED)

    @extend_schema(request=KnownSerializer, responses=KnownDefectSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        """Keep what is known of it; `state` is any but fixed."""
        found = self._kept()
        asked = _checked(KnownSerializer, request, partial=True)
        names = tuple(asdict(Known(title="")))
        known = {name: getattr(found, name) for name in names} | asked
        describe(found, Known(**known), by=self._person, at=timezone.now())
        return self._shown(found.number)

    @extend_schema(request=FixedSerializer, responses=KnownDefectSerializer)
    @action(detail=True, methods=["post"])
    def fix(self, request: Request, number: str) -> Response:
        """It is fixed from a build on; the owners of its unfinished incidents are told."""
        found, asked = self._kept(), _checked(FixedSerializer, request)
        fix_defect(found, by=self._person, at=timezone.now(), **asked)
        return self._shown(found.number)

    @extend_schema(request=OpenAgainSerializer, responses=KnownDefectSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str) -> Response:
        """The fix does not hold; the same are told."""
        found, asked = self._kept(), _checked(OpenAgainSerializer, request)
        reopen_defect(found, by=self._person, at=timezone.now(), **asked)
        return self._shown(found.number)

    def _kept(self) -> Defect:
        """404 to who sees none, 403 to who sees it and does not keep the list."""
        found = self.get_object()
        if not policies.may_keep_defects(self._person):
            raise NotAllowed()
        return found

    def _shown(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        found = self.get_queryset().get(number=number)
        return Response(KnownDefectSerializer(found).data, status=code)

    @property
    def _person(self) -> Person:
        return cast(Person, self.request.user)


def _checked(
    kind: type[BaseSerializer[Any]], request: Request, *, partial: bool = False
) -> dict[str, Any]:
    asked = kind(data=request.data, partial=partial)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
