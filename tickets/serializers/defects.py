"""Known defects as the API shows them, and what it takes of one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from resources.models import Defect, DefectState


class KnownDefectSerializer(serializers.ModelSerializer[Defect]):
    """`incidents` counts the unfinished ones that the token's person sees."""

    url = serializers.SerializerMethodField()
    recorded_by = serializers.CharField(source="recorded_by.name")
    incidents = serializers.IntegerField(source="unfinished")

    class Meta:
        model = Defect
        fields = (
            "number",
            "url",
            "title",
            "description",
            "workaround",
            "affected",
            "state",
            "fixed_in",
            "fixed_at",
            "recorded_by",
            "recorded_at",
            "incidents",
        )

    def get_url(self, defect: Defect) -> str:
        return f"{settings.SITE_URL}{reverse('admin:defect', args=[defect.number])}"


class KnownSerializer(serializers.Serializer[Any]):
    """What is known of it; what is left out of a change stays as it is."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    workaround = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    affected = serializers.CharField(max_length=200, required=False, allow_blank=True)
    state = serializers.ChoiceField(DefectState.choices, required=False)

    def validate_state(self, state: str) -> str:
        if state == DefectState.FIXED:
            raise serializers.ValidationError("That it is fixed is said with `fix` and its build.")
        return state


class NewKnownDefectSerializer(KnownSerializer):
    number = serializers.CharField(max_length=30, help_text="Of the developers' tracker")


class FixedSerializer(serializers.Serializer[Any]):
    build = serializers.CharField(max_length=60, help_text="From which on it is fixed")


class OpenAgainSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
