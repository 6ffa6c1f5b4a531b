"""The call-backs of `/api/v1/`: asked for, listed, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from core.errors import NotAllowed
from core.text import clean
from telephone.actions import call_backs
from telephone.enums import AskedThrough
from telephone.models import CallBack
from telephone.serializers import CallBackSerializer, NewCallBackSerializer
from tickets.actions.repeats import made_once

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat a request under its key: the call is asked for once.",
)


class CallBackViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CallBack]
):
    """Calls that the organisation asked for. Asking spends no Gold incident."""

    queryset = CallBack.objects.none()
    serializer_class = CallBackSerializer
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[CallBack]:
        found = CallBack.objects.visible_to(self._person()).for_list()
        return found.order_by("-asked_at", "-pk")

    @extend_schema(
        request=NewCallBackSerializer,
        parameters=[IDEMPOTENCY],
        responses={201: CallBackSerializer, 200: CallBackSerializer},
    )
    def create(self, request: Request) -> Response:
        """Ask to be called, at once or in a slot: 201, or 200 when the key was used before.

        409 `hotline_off` says why the hotline is off; 400 `bad_number` why a number is not called.
        """
        person = self._person()
        if not person.is_customer:
            raise NotAllowed()
        asked = self._checked(request)
        key, at = clean(request.headers.get("Idempotency-Key", ""))[:200], timezone.now()

        def ask() -> CallBack:
            return call_backs.ask(person, by=person, at=at, through=AskedThrough.API, **asked)

        if not key:
            return self._shown(ask(), status.HTTP_201_CREATED)
        plain = {**asked, "incident": asked["incident"] and asked["incident"].pk, "call": True}
        made, fresh = made_once(CallBack, person, key=key, asked=plain, at=at, make=ask)
        return self._shown(made, status.HTTP_201_CREATED if fresh else status.HTTP_200_OK)

    @extend_schema(request=None, responses=CallBackSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Nobody calls any more; 409 when it is over already."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        return self._shown(call_backs.withdraw(found, by=self._person(), at=timezone.now()))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    def _person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person

    def _checked(self, request: Request) -> dict[str, Any]:
        serializer = NewCallBackSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _shown(self, made: CallBack, code: int = status.HTTP_200_OK) -> Response:
        fresh = get_object_or_404(self.get_queryset(), pk=made.pk)
        body = CallBackSerializer(fresh, context=self.get_serializer_context()).data
        return Response(body, status=code)


ROUTES = [("call-backs", CallBackViewSet, "call-back")]
