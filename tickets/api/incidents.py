"""The incidents of `/api/v1/`: the same actions as the portal and the admin, one door each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import Person
from core.errors import NotAllowed
from core.in_hand import give
from core.serializing import checked, shown
from core.text import clean
from tickets.actions import conversation, lifecycle
from tickets.actions.filing import Filed, Report, file_report
from tickets.actions.ladder import escalation
from tickets.actions.ladder.escalation_requests import ask_escalation
from tickets.actions.repeats import filed_once, made_once
from tickets.enums import TextFormat
from tickets.filters import IncidentFilter
from tickets.models import Incident, Message
from tickets.reads.solutions import newest_solution
from tickets.serializers.incidents import (
    ClosingSerializer,
    EscalationSerializer,
    IncidentDetailSerializer,
    IncidentSerializer,
    MessageSerializer,
    NewIncidentSerializer,
    NewMessageSerializer,
    NextLevelSerializer,
    PostedMessageSerializer,
    ReopeningSerializer,
)

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat a request under its key: what it makes is made once.",
)


class IncidentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Incident]
):
    """Incidents that the token's person may see."""

    queryset = Incident.objects.none()
    lookup_field = "number"
    lookup_value_regex = r"[A-Za-z0-9-]+"
    filterset_class = IncidentFilter

    def get_queryset(self) -> QuerySet[Incident]:
        found = Incident.objects.visible_to(self._person()).for_list().select_related("licence")
        if self.action == "list":
            return found.newest_first()
        detailed = found.select_related("follows", "merged_into", "defect")
        return detailed.annotate(**newest_solution()).prefetch_related("targets")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return IncidentSerializer if self.action == "list" else IncidentDetailSerializer

    @extend_schema(
        request=NewIncidentSerializer,
        parameters=[IDEMPOTENCY],
        responses={201: IncidentDetailSerializer, 200: IncidentDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """File an incident: 201, or 200 with the first one when the key was used before."""
        person = self._person()
        if not person.is_customer:
            raise NotAllowed()
        asked = self._checked(NewIncidentSerializer, request)
        files = asked.pop("files")
        key, at = _key(request), timezone.now()
        fresh: list[Filed] = []

        def file() -> Incident:
            fresh.append(file_report(Report(reporter=person, files=files, **asked), at=at))
            return fresh[0].incident

        if not key:
            file()
            return self._shown_fresh(fresh[0])
        names = [file.name for file in files]
        incident, _ = filed_once(person, key=key, asked={**asked, "files": names}, at=at, file=file)
        return self._shown_fresh(fresh[0]) if fresh else self._shown(incident)

    @extend_schema(
        request=NewMessageSerializer,
        parameters=[IDEMPOTENCY],
        responses={201: PostedMessageSerializer, 200: PostedMessageSerializer},
    )
    @action(detail=True, methods=["post"], url_path="messages")
    def messages(self, request: Request, number: str) -> Response:
        """A customer writes, staff answer or note. A customer's may land on a follow-up.

        201, or 200 with the first one when the key was used before.
        """
        asked, at = self._checked(NewMessageSerializer, request), timezone.now()
        key = _key(request)
        if not key:
            return Response(PostedMessageSerializer(self._wrote(asked, at)).data, status=201)
        names = [file.name for file in asked["files"]]
        message, fresh = made_once(
            Message,
            self._person(),
            key=key,
            asked={**asked, "files": names, "incident": number},
            at=at,
            make=lambda: self._wrote(asked, at),
        )
        return Response(PostedMessageSerializer(message).data, status=201 if fresh else 200)

    def _wrote(self, asked: dict[str, Any], at: datetime) -> Message:
        incident, person = self._incident(), self._person()
        said: dict[str, Any] = {
            "author": person,
            "body": asked["body"],
            "files": asked["files"],
            "at": at,
        }
        if person.is_customer:
            return conversation.write(incident, **said)
        said["format"] = TextFormat(asked["format"])
        if asked["kind"] == "note":
            return conversation.note(incident, **said)
        leaves = {name: asked[name] for name in ("then", "solution", "cause")}
        return conversation.answer(incident, **said, **leaves)

    @extend_schema(request=EscalationSerializer, responses=IncidentDetailSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, number: str) -> Response:
        """To the next tier, with the hand-over; staff only."""
        incident = self._incident()
        asked = self._checked(EscalationSerializer, request)
        escalation.escalate(incident, by=self._person(), at=timezone.now(), **asked)
        return self._shown(incident)

    @extend_schema(request=ClosingSerializer, responses=IncidentDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, number: str) -> Response:
        incident, asked = self._incident(), self._checked(ClosingSerializer, request)
        incident = lifecycle.close(incident, by=self._person(), at=timezone.now(), **asked)
        return self._shown(incident)

    @extend_schema(request=ReopeningSerializer, responses=IncidentDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str) -> Response:
        """Within 14 days of closing."""
        asked = self._checked(ReopeningSerializer, request)
        incident = lifecycle.reopen(
            self._incident(), by=self._person(), at=timezone.now(), body=asked["body"]
        )
        return self._shown(incident)

    @extend_schema(request=NextLevelSerializer, responses=IncidentDetailSerializer)
    @action(detail=True, methods=["post"], url_path="ask-escalation")
    def ask_escalation(self, request: Request, number: str) -> Response:
        """A customer asks for the next technical level; a lead decides, and they are notified."""
        incident, asked = self._incident(), self._checked(NextLevelSerializer, request)
        ask_escalation(incident, reason=asked["reason"], by=self._person(), at=timezone.now())
        return self._shown(incident)

    def _person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person

    def _incident(self) -> Incident:
        return get_object_or_404(self.get_queryset(), number=self.kwargs["number"])

    def _checked(self, form: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
        return checked(form, request.data, self.get_serializer_context())

    def _shown(self, incident: Incident, code: int = status.HTTP_200_OK) -> Response:
        fresh = get_object_or_404(self.get_queryset(), pk=incident.pk)
        body = shown(IncidentDetailSerializer, fresh, self.get_serializer_context())
        return Response(body, status=code)

    def _shown_fresh(self, filed: Filed) -> Response:
        """As it was filed just now: what the action had in hand is not read again."""
        incident, message = filed.incident, filed.message
        give(incident, "targets", [filed.target] if filed.target else [])
        give(message, "attachments", filed.files)
        context = {**self.get_serializer_context(), "messages": []}
        context["messages"] = [shown(MessageSerializer, message, context)]
        body = shown(IncidentDetailSerializer, incident, context)
        return Response(body, status=status.HTTP_201_CREATED)


def _key(request: Request) -> str:
    return clean(request.headers.get("Idempotency-Key", ""))[:200]
