"""Trainings as the API shows them."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers

from engagements.models import Certificate, TrainingSession


class TrainingSessionSerializer(serializers.ModelSerializer[TrainingSession]):
    """`left` are the free seats; moments are in UTC, `timezone` is the session's own."""

    course = serializers.CharField(source="course.key")
    title = serializers.CharField(source="course.name")
    left = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = TrainingSession
        fields = (
            "id",
            "course",
            "title",
            "state",
            "place",
            "timezone",
            "language",
            "seats",
            "left",
            "starts_at",
            "ends_at",
            "url",
        )

    def get_url(self, session: TrainingSession) -> str:
        return f"{settings.SITE_URL}{session.get_absolute_url()}"


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """`expires_on` is the first day on which it counts no more."""

    verify_url = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = (
            "id",
            "number",
            "holder",
            "course_name",
            "issued_on",
            "expires_on",
            "revoked_at",
            "verify_url",
        )

    def get_verify_url(self, certificate: Certificate) -> str:
        return f"{settings.SITE_URL}{certificate.get_absolute_url()}"
