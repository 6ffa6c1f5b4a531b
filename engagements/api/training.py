"""Trainings of `/api/v1/`: read only, what the token's person may see."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import viewsets

from accounts.models import Person
from engagements.models import Certificate, TrainingSession
from engagements.serializers.training import CertificateSerializer, TrainingSessionSerializer


class TrainingSessionViewSet(viewsets.ReadOnlyModelViewSet[TrainingSession]):
    """Sessions of the technical training, the next first."""

    queryset = TrainingSession.objects.none()
    serializer_class = TrainingSessionSerializer

    def get_queryset(self) -> QuerySet[TrainingSession]:
        person = self.request.user
        assert isinstance(person, Person)
        visible = TrainingSession.objects.visible_to(person)
        return visible.select_related("course").order_by("starts_at", "pk")


class CertificateViewSet(viewsets.ReadOnlyModelViewSet[Certificate]):
    """Certificates of the technical training, the newest first."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[Certificate]:
        person = self.request.user
        assert isinstance(person, Person)
        visible = Certificate.objects.visible_to(person)
        if person.is_customer and not person.sees_all:
            visible = visible.filter(registration__person=person)
        return visible.order_by("-issued_at", "-pk")


ROUTES = [
    ("training-sessions", TrainingSessionViewSet, "training-session"),
    ("training-certificates", CertificateViewSet, "training-certificate"),
]
