"""Call-backs as the API shows and takes them. Moments are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.countries import country_name
from entitlements.forms.what_if import MomentField
from telephone.enums import CallBackState
from telephone.models import CallBack
from tickets.models import Incident


class CallBackSerializer(serializers.ModelSerializer[CallBack]):
    """`due_at` is when the first attempt is promised by; `called_at` when it was made."""

    organisation = serializers.CharField(source="organisation.slug")
    contact = serializers.CharField(source="contact.email")
    incident = serializers.CharField(source="incident.number", allow_null=True, default=None)
    state = serializers.SerializerMethodField()
    country = serializers.SerializerMethodField()

    class Meta:
        model = CallBack
        fields = (
            "id",
            "organisation",
            "contact",
            "through",
            "number",
            "extension",
            "country",
            "topic",
            "incident",
            "state",
            "asked_at",
            "slot_at",
            "due_at",
            "called_at",
            "ended_at",
        )

    @extend_schema_field(serializers.ChoiceField(choices=CallBackState.choices))
    def get_state(self, call_back: CallBack) -> str:
        return call_back.state(self.context["at"]).value

    def get_country(self, call_back: CallBack) -> str:
        return country_name(call_back.region)


class NewCallBackSerializer(serializers.Serializer[Any]):
    """A call that is wanted. Without a `slot_at` we call at once."""

    number = serializers.CharField(max_length=60, help_text="Best with the country's prefix")
    slot_at = serializers.CharField(
        max_length=40,
        required=False,
        allow_null=True,
        default=None,
        help_text="ISO 8601; without an offset it is on the clock of the token's person",
    )
    topic = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    incident = serializers.CharField(
        max_length=20, required=False, allow_null=True, default=None, help_text="Its number"
    )

    def validate_slot_at(self, given: str | None) -> datetime | None:
        if not given:
            return None
        field = MomentField()
        field.timezone = self.context["request"].user.timezone
        try:
            moment = field.clean(given)
        except forms.ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return moment.at if moment else None

    def validate_incident(self, given: str | None) -> Incident | None:
        if not given:
            return None
        ours = Incident.objects.visible_to(self.context["request"].user)
        found: Incident | None = ours.filter(number=given).first()
        if found is None:
            raise serializers.ValidationError("Your organisation has no such incident.")
        return found
