"""Contracts as the API shows them. Moments are UTC, days those of the organisation's time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from entitlements.actions.licences import PRODUCT
from entitlements.enums import Channel, ClaimState, Edition
from entitlements.models import IncidentPack, Licence, Subscription
from entitlements.rules.wall_clock import FIRST, LAST, OUT_OF_RANGE


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """`ends_on` is the first day that is no longer covered."""

    class Meta:
        model = Subscription
        fields = ("level", "starts_on", "ends_on", "price", "currency")


class LicenceSerializer(serializers.ModelSerializer[Licence]):
    """`state` is "waiting" until the registration is confirmed: nothing is promised before."""

    organisation = serializers.CharField(source="organisation.slug")
    subscriptions = SubscriptionSerializer(many=True)
    state = serializers.ChoiceField(choices=ClaimState.choices)
    confirmed_at = serializers.DateTimeField(allow_null=True, default_timezone=UTC)

    class Meta:
        model = Licence
        fields = (
            "id",
            "key",
            "organisation",
            "product",
            "edition",
            "registered_on",
            "state",
            "confirmed_at",
            "price",
            "currency",
            "subscriptions",
        )


class NewLicenceSerializer(serializers.Serializer[Any]):
    """A licence as it stands on the invoice; Basic counts from `invoiced_on`, today unless given,
    once the registration is confirmed."""

    key = serializers.CharField(max_length=60)
    product = serializers.CharField(max_length=120, default=PRODUCT)
    edition = serializers.ChoiceField(choices=Edition.choices)
    invoiced_on = serializers.DateField(required=False)


class IncidentPackSerializer(serializers.ModelSerializer[IncidentPack]):
    """`available` is what is left in the pack; it can be spent while Premium runs."""

    organisation = serializers.CharField(source="organisation.slug")
    licence = serializers.CharField(source="licence.key")
    purchased_at = serializers.DateTimeField(default_timezone=UTC)

    class Meta:
        model = IncidentPack
        fields = (
            "id",
            "organisation",
            "licence",
            "quantity",
            "available",
            "purchased_at",
            "price",
            "currency",
        )


class CoverageQuestionSerializer(serializers.Serializer[Any]):
    """The query of `GET /api/v1/coverage/`."""

    licence = serializers.CharField(
        max_length=60, help_text="Its key or id.", error_messages={"required": "Name the licence."}
    )
    service = serializers.SlugField(max_length=40, help_text="The service's key.")
    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.PORTAL)
    at = serializers.DateTimeField(
        required=False, help_text="ISO 8601 with an offset; now when it is left out."
    )
    use_gold = serializers.BooleanField(default=False, help_text="Whether Gold may be spent.")
    project = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="A GoLive project's id."
    )

    def validate_at(self, at: datetime) -> datetime:
        if not FIRST <= at < LAST:
            raise serializers.ValidationError(OUT_OF_RANGE)
        return at


class ConsideredSerializer(serializers.Serializer[Any]):
    """One entitlement that was weighed: `code` for programs, `sentence` for people."""

    id = serializers.CharField()
    level = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides DRF's attribute of the name
    code = serializers.CharField()
    sentence = serializers.CharField()


class WaySerializer(serializers.Serializer[Any]):
    """One way to reach the vendor at that moment: whether it is on, and until when or why not."""

    on = serializers.BooleanField()
    reason = serializers.CharField()
    until_on = serializers.DateField(allow_null=True)
    number = serializers.CharField(allow_null=True)


class AvailabilitySerializer(serializers.Serializer[Any]):
    """For the licence, and the project that was named (L7, rule 10)."""

    telephone = WaySerializer()
    callback = WaySerializer()
    onsite = WaySerializer()


class CoverageSerializer(serializers.Serializer[Any]):
    """What a report would be promised. Without coverage `level` and what follows it are null."""

    licence = serializers.CharField()
    project = serializers.IntegerField(allow_null=True)
    service = serializers.CharField()
    channel = serializers.CharField()
    at = serializers.DateTimeField(default_timezone=UTC)
    covered = serializers.BooleanField()
    level = serializers.CharField(allow_null=True)
    level_version = serializers.IntegerField(allow_null=True)
    promise = serializers.CharField(allow_null=True)
    response_seconds = serializers.IntegerField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, default_timezone=UTC)
    due_lines = serializers.ListField(child=serializers.CharField())
    covered_until_at = serializers.DateTimeField(allow_null=True, default_timezone=UTC)
    pack = serializers.IntegerField(allow_null=True)
    reasons = ConsideredSerializer(many=True)
    remedies = serializers.ListField(child=serializers.CharField())
    availability = AvailabilitySerializer()
